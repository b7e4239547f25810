/** What an attempt changed against its base, with the facts that the rules about protected files need (domain §11, definition `protect`). */
import type { CommitId } from "../../core/vocabulary.ts";
import type { ChangedFile } from "../../core/workflow/outcome.ts";
import { readBlobs } from "./blobs.ts";
import type { Git } from "./git.ts";
import { needsContent, protectedChange } from "./protected-change.ts";
import { hasAcceptedStatus, isAdrPath } from "./suspicion.ts";

export interface RawChange {
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
  const blobs = await readBlobs(git, changes.filter(isRead).flatMap(blobIds));
  return changes.map((change) => describe(change, blobs));
}

/** Parses `--raw -z`: `:<mode> <mode> <id> <id> <status>` NUL path NUL, with a second path for renames. */
export function parseRaw(output: Buffer): readonly RawChange[] {
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
  const found = protectedChange({
    path: change.path,
    before: change.from ?? change.path,
    deleted: change.status === "D",
    oldText: text(change.oldId),
    newText: text(change.newId),
  });
  const baselined = isAdrPath(change.from ?? change.path) && hasAcceptedStatus(text(change.oldId));
  return {
    path: change.path,
    change: kindOf(change),
    ...(change.from === undefined ? {} : { from: change.from }),
    ...(baselined ? { baselined } : {}),
    ...(found === null ? {} : { protected: found.reason }),
    ...(found?.line === undefined ? {} : { protectedLine: found.line }),
  };
}

export function kindOf(change: RawChange): ChangedFile["change"] {
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

/** Only these files are read: an attempt may change thousands of others. */
function isRead(change: RawChange): boolean {
  return [change.path, change.from ?? change.path].some((path) => needsContent(path) || isAdrPath(path));
}

function blobIds(change: RawChange): readonly string[] {
  return [change.oldId, change.newId].filter((id) => !/^0+$/.test(id));
}
