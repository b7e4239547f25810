/** Files that a definition or a configuration names: briefs and charters. */
import { pathFault } from "./schema/paths.ts";
import { type Path, type Problem, renderPath } from "./source/diagnostic.ts";
import { asMap, asText, own, type PlainMap } from "./source/plain.ts";

/** Reads a repository-relative file; null when it is not there. */
export type ReadFile = (path: string) => string | null;

/** A file that is named at a path of the definition. */
export interface FileReference {
  readonly path: Path;
  readonly file: string;
}

/** What could be read, and what could not. */
export interface FilesRead {
  /** Text by the rendered path of the reference. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** `charter` of every role declared in a file. */
export function charterReferences(root: PlainMap): readonly FileReference[] {
  return Object.entries(asMap(own(root, "roles")) ?? {}).flatMap(([name, role]) => {
    const file = asText(own(asMap(role), "charter"));
    return file === undefined ? [] : [{ path: ["roles", name, "charter"], file }];
  });
}

/** Reads every file that is named. Paths that lead out are not touched; the schema has reported them. */
export function readFiles(references: readonly FileReference[], readFile: ReadFile | undefined): FilesRead {
  const texts = new Map<string, string>();
  const problems = references.flatMap(({ path, file }): readonly Problem[] => {
    if (pathFault(file) !== null) return [];
    const text = readFile?.(file) ?? null;
    if (text === null)
      return [
        {
          path,
          message: `the file ${file} is not there`,
          expected: "a path from the root of the repository",
        },
      ];
    if (text.trim() === "") return [{ path, message: `the file ${file} is empty` }];
    texts.set(renderPath(path), text);
    return [];
  });
  return { texts, problems };
}

/** Charter texts by the name of the role. */
export function chartersByRole(root: PlainMap, read: FilesRead): ReadonlyMap<string, string> {
  const found = charterReferences(root).map(
    ({ path }) => [String(path[1]), read.texts.get(renderPath(path))] as const,
  );
  return new Map(found.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])));
}
