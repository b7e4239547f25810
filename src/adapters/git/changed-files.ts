/** What an attempt changed against its base, with the facts that the rules about protected files need (domain §11, definition `protect`). */
import type { CommitId } from "../../core/vocabulary.ts";
import type { ChangedFile } from "../../core/workflow/outcome.ts";
import { readBlobs } from "./blobs.ts";
import type { Git } from "./git.ts";
import { hasAcceptedStatus, isAdrPath, isTestPath, scriptsDiffer, skippedTestLine } from "./suspicion.ts";

interface RawChange {
  readonly status: string;
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: string;
  readonly newId: string;
  readonly path: string;
  readonly from?: string;
}

const SUBMODULE = "160000";

/** Differences between two commits, renames found; sorted by path as git does. */
export async function changedFiles(
  git: Git,
  base: CommitId,
  commit: CommitId,
): Promise<readonly ChangedFile[]> {
  const args = [
    "diff-tree",
    "-r",
    "-M",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-ext-diff",
    "--end-of-options",
    base,
    commit,
  ];
  const changes = parseRaw((await git.run(args)).stdout);
  const blobs = await readBlobs(git, changes.filter(needsContent).flatMap(blobIds));
  return changes.map((change) => describe(change, blobs));
}

/** Parses `--raw -z`: `:<mode> <mode> <id> <id> <status>` NUL path NUL, with a second path for renames. */
function parseRaw(output: Buffer): readonly RawChange[] {
  const fields = output.toString("utf8").split("\0");
  const changes: RawChange[] = [];
  for (let at = 0; fields[at]?.startsWith(":"); ) {
    const [oldMode = "", newMode = "", oldId = "", newId = "", status = ""] = (fields[at] ?? "")
      .slice(1)
      .split(" ");
    const first = fields[at + 1] ?? "";
    const moved = status.startsWith("R") || status.startsWith("C");
    const path = moved ? (fields[at + 2] ?? "") : first;
    changes.push({ status, oldMode, newMode, oldId, newId, path, ...(moved ? { from: first } : {}) });
    at += moved ? 3 : 2;
  }
  return changes;
}

function describe(change: RawChange, blobs: ReadonlyMap<string, Buffer>): ChangedFile {
  const text = (id: string): string => blobs.get(id)?.toString("utf8") ?? "";
  const reason = protectedReason(change, text);
  const baselined = isAdrPath(change.from ?? change.path) && hasAcceptedStatus(text(change.oldId));
  return {
    path: change.path,
    change: kindOf(change),
    ...(change.from === undefined ? {} : { from: change.from }),
    ...(baselined ? { baselined } : {}),
    ...(reason === null ? {} : { protected: reason }),
  };
}

function kindOf(change: RawChange): ChangedFile["change"] {
  if (change.oldMode === SUBMODULE || change.newMode === SUBMODULE) return "submodule";
  switch (change.status[0]) {
    case "A":
    case "C":
      return "added";
    case "D":
      return "deleted";
    case "R":
      return "renamed";
    case "T":
      return "type";
    default:
      return "modified";
  }
}

/** Why a change is protected beyond the name of its file; null when it is not. */
function protectedReason(change: RawChange, text: (id: string) => string): string | null {
  const before = change.from ?? change.path;
  if (isTestPath(before)) {
    if (change.status === "D") return "deleted test";
    if (change.from !== undefined && !isTestPath(change.path)) return `test ${change.from} moved away`;
  }
  if (isTestPath(change.path) && change.status !== "D") {
    const line = skippedTestLine(text(change.oldId), text(change.newId));
    if (line !== null) return `skipped test: ${line.trim().slice(0, 80)}`;
  }
  if (isManifest(change.path) || isManifest(before)) {
    if (scriptsDiffer(text(change.oldId), text(change.newId))) return "package.json scripts changed";
  }
  return null;
}

function isManifest(path: string): boolean {
  return path === "package.json" || path.endsWith("/package.json");
}

/** Only these files are read: an attempt may change thousands of others. */
function needsContent(change: RawChange): boolean {
  const paths = [change.path, change.from ?? change.path];
  return paths.some((path) => isManifest(path) || isTestPath(path) || isAdrPath(path));
}

function blobIds(change: RawChange): readonly string[] {
  return [change.oldId, change.newId].filter((id) => !/^0+$/.test(id));
}
