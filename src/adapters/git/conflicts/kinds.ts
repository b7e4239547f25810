/** From git's stages and messages to the files of a conflict and their kinds. */
import type { ConflictFile, ConflictKind } from "../../../core/conflicts/matrix.ts";
import { groupBy } from "./group-by.ts";
import type { MergeMessage, Stage } from "./merge-trees.ts";

/** Types of messages by what they begin with; the first that fits a path counts. */
const KINDS: readonly (readonly [RegExp, ConflictKind])[] = [
  [/submodule/i, "submodule"],
  [/^CONFLICT \(file\/directory\)/, "directory-file"],
  [/^CONFLICT \((directory rename|implicit dir|dir)/, "directory-rename"],
  [/^CONFLICT \(rename/, "rename"],
  [/^CONFLICT \(modify\/delete\)/, "delete-modify"],
  [/^CONFLICT \(distinct/, "mode"],
  [/^CONFLICT \(binary\)/, "binary"],
];

const SUBMODULE = "160000";

/** Files of a merge that is not clean, sorted. Paths become text. */
export function conflictFiles(
  stages: readonly Stage[],
  messages: readonly MergeMessage[],
): readonly ConflictFile[] {
  const conflicts = messages.filter(({ type }) => type.startsWith("CONFLICT"));
  const byPath = groupBy(stages, ({ path }) => path);
  // What is told of no path with stages is told of the path itself, such as a folder that was renamed in two ways.
  const others = conflicts.flatMap(({ paths }) =>
    paths.some((path) => byPath.has(path)) ? [] : paths.slice(0, 1),
  );
  const found = new Map<string, ConflictKind>();
  for (const path of [...byPath.keys(), ...others]) {
    const types = conflicts.filter(({ paths }) => paths.includes(path)).map(({ type }) => type);
    const place = withoutLabel(path);
    if (!found.has(place)) found.set(place, kindOf(byPath.get(path) ?? [], types));
  }
  return [...found]
    .map(([path, kind]) => ({ path: Buffer.from(path, "latin1").toString("utf8"), kind }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function kindOf(stages: readonly Stage[], types: readonly string[]): ConflictKind {
  if (stages.some(({ mode }) => mode === SUBMODULE)) return "submodule";
  for (const [pattern, kind] of KINDS) if (types.some((type) => pattern.test(type))) return kind;
  const [ours, theirs] = ["2", "3"].map((number) => stages.find(({ stage }) => stage === number));
  if (ours !== undefined && ours.id === theirs?.id && ours.mode !== theirs.mode) return "mode";
  return stages.some(({ stage }) => stage === "1") ? "content" : "both-added";
}

/** Where a file cannot keep its name, git gives it that of its side: `path~<commit>`. */
export function withoutLabel(path: string): string {
  return path.replace(/~[0-9a-f]{40}([0-9a-f]{24})?(_\d+)?$/, "");
}
