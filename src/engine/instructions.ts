/**
 * The repository's own words to agents, read from the base commit so that a session cannot change them for the next one
 * (design §6, §11 no. 14): CLAUDE.md and AGENTS.md, nested ones too, with their `@path` imports.
 */
import type { Repository } from "../ports/repository.ts";

const NAMES: ReadonlySet<string> = new Set(["CLAUDE.md", "AGENTS.md"]);
const IMPORT = /^\s*@([\w./-]+)\s*$/gm;
const MAX_DEPTH = 5;

/** All instruction files as one text with a heading per file; empty when there are none. */
export async function inheritedInstructions(repository: Repository, commit: string): Promise<string> {
  const paths = (await repository.listFiles(commit, "")).filter((path) =>
    NAMES.has(path.split("/").at(-1) ?? ""),
  );
  const parts: string[] = [];
  const seen = new Set<string>();
  for (const path of paths.toSorted(
    (a, b) => a.split("/").length - b.split("/").length || a.localeCompare(b),
  )) {
    parts.push(...(await withImports(repository, commit, path, seen, 0)));
  }
  return parts.join("\n\n");
}

async function withImports(
  repository: Repository,
  commit: string,
  path: string,
  seen: Set<string>,
  depth: number,
): Promise<readonly string[]> {
  if (seen.has(path) || depth > MAX_DEPTH) return [];
  seen.add(path);
  const text = await repository.readFile(commit, path);
  if (text === null || text.trim() === "") return [];
  const parts = [`# ${path}\n\n${text.trim()}`];
  for (const match of text.matchAll(IMPORT)) {
    const imported = resolveImport(path, match[1] ?? "");
    if (imported !== null) parts.push(...(await withImports(repository, commit, imported, seen, depth + 1)));
  }
  return parts;
}

/** Repository-relative path of an import; null when it leaves the repository. */
function resolveImport(from: string, target: string): string | null {
  const folder = from.split("/").slice(0, -1);
  const path: string[] = [];
  for (const part of [...folder, ...target.split("/")]) {
    if (part === "" || part === ".") continue;
    if (part !== "..") path.push(part);
    else if (path.pop() === undefined) return null;
  }
  return path.join("/");
}
