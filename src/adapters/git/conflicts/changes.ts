/** What every line changed against its merge bases: one process for all, content not looked at. */
import { type ChangedPath, type Changes, changesOf } from "../../../core/conflicts/touching.ts";
import type { Git } from "../git.ts";

/** Path to object id; null where it is gone. */
export type AttributeFiles = ReadonlyMap<string, string | null>;

/** Paths are raw bytes as latin1. */
export interface TreeChanges {
  readonly changes: Changes;
  /** Those among them that say how files are merged. */
  readonly attributes: AttributeFiles;
}

export interface TreePair {
  readonly from: string;
  readonly to: string;
}

export function treePairKey({ from, to }: TreePair): string {
  return `${from} ${to}`;
}

/** `-t` shows folders that are gone. A submodule counts whatever `.gitmodules` wants to have ignored. */
const DIFF = [
  "diff-tree",
  "-r",
  "-t",
  "--raw",
  "-z",
  "--no-renames",
  "--no-abbrev",
  "--ignore-submodules=none",
];

/** Differences of trees by `treePairKey`. */
export async function readChanges(
  git: Git,
  pairs: readonly TreePair[],
): Promise<ReadonlyMap<string, TreeChanges>> {
  if (pairs.length === 0) return new Map();
  const { stdout } = await git.run([...DIFF, "--stdin"], { input: linesOf(pairs) });
  return new Map([...parse(stdout)].map(([key, entries]) => [key, describe(entries)]));
}

/** The attribute files of whole trees, by tree. */
export async function readAttributeFiles(
  git: Git,
  trees: readonly string[],
): Promise<ReadonlyMap<string, AttributeFiles>> {
  if (trees.length === 0) return new Map();
  const pairs = trees.map((to) => ({ from: emptyTree(to), to }));
  const { stdout } = await git.run([...DIFF, "--stdin", "--", ":(glob)**/.gitattributes"], {
    input: linesOf(pairs),
    env: { GIT_LITERAL_PATHSPECS: "0" },
  });
  const found = parse(stdout);
  return new Map(
    pairs.map((pair) => [pair.to, describe(found.get(treePairKey(pair)) ?? []).attributes] as const),
  );
}

function linesOf(pairs: readonly TreePair[]): string {
  return pairs.map((pair) => `${treePairKey(pair)}\n`).join("");
}

/** Git knows it without an object; which one depends on the hash. */
function emptyTree(tree: string): string {
  return tree.length === 40
    ? "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    : "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";
}

interface Entry {
  readonly oldMode: string;
  readonly newMode: string;
  readonly newId: string;
  readonly path: string;
}

/** For each pair its line `<tree> <tree>`, then `:<mode> <mode> <id> <id> <status>` NUL path NUL. */
function parse(output: Buffer): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  const fields = output.toString("latin1").split("\0");
  let entries: Entry[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const lines = (fields[at] ?? "").split("\n");
    const meta = lines.pop() ?? "";
    for (const key of lines) {
      entries = [];
      found.set(key, entries);
    }
    const [oldMode = "", newMode = "", , newId = ""] = meta.slice(1).split(" ");
    if (meta !== "") entries.push({ oldMode, newMode, newId, path: fields[at + 1] ?? "" });
  }
  return found;
}

const FOLDER = "040000";
const NOTHING = "000000";
const FILE = /^100/;

function describe(entries: readonly Entry[]): TreeChanges {
  const files = entries.filter(({ oldMode, newMode }) => oldMode !== FOLDER && newMode !== FOLDER);
  const gone = entries.filter(({ oldMode, newMode }) => oldMode === FOLDER && newMode !== FOLDER);
  const attributes = files.filter(
    ({ path }) => path === ".gitattributes" || path.endsWith("/.gitattributes"),
  );
  return {
    changes: changesOf(
      files.map(changeOf),
      gone.map(({ path }) => path),
    ),
    // Git does not follow a link there.
    attributes: new Map(attributes.map((one) => [one.path, FILE.test(one.newMode) ? one.newId : null])),
  };
}

function changeOf({ oldMode, newMode, path }: Entry): ChangedPath {
  return { path, change: oldMode === NOTHING ? "added" : newMode === NOTHING ? "deleted" : "changed" };
}
