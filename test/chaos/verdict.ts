/** What a disturbed run left, against an undisturbed one. */
import { relative } from "node:path";
import { type FoundProcess, processesOf } from "../support/e2e-processes.ts";
import { type End, endOfCompleted } from "../support/e2e-workflow.ts";
import { eventually } from "../support/eventually.ts";
import type { World } from "../support/user-world.ts";
import { filesBelow } from "./damage.ts";
import { ID } from "./story.ts";

export interface Left {
  readonly end: End;
  readonly processes: readonly string[];
  /** Lock and temporary files of ours and of git. */
  readonly files: readonly string[];
}

export interface Verdict {
  readonly survived: boolean;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly leftOver: readonly string[];
}

/** Longer than the session host stays for a next session. */
const LEAVE_MS = 40_000;

/** Waits until everybody has left by itself. */
export async function whatIsLeft(world: World): Promise<Left> {
  const end = await endOfCompleted(world, ID);
  await world.run("coordinator", "--stop");
  let processes: readonly FoundProcess[] = [];
  await eventually(
    "all have left",
    () => {
      processes = processesOf(world.folder);
      return processes.length === 0;
    },
    LEAVE_MS,
  ).catch(() => undefined);
  const ours = [world.commonDir, `${world.folder}/shop-wt`].flatMap(filesBelow);
  const temporary = ours.filter((path) => /\.lock$|\.tmp$|signalbox-index-/.test(path));
  // Nothing at all may stay in the places for moments.
  const files = [...temporary, ...["tmp", "run"].flatMap((name) => filesBelow(`${world.folder}/${name}`))];
  return {
    end,
    processes: processes.map(({ command }) => command),
    files: files.map((path) => relative(world.folder, path)),
  };
}

export function judge(undisturbed: Left, disturbed: Left): Verdict {
  const lost = [
    ...missing(undisturbed.end.files, disturbed.end.files),
    ...missing(undisturbed.end.merges, disturbed.end.merges),
    ...missing(undisturbed.end.checkpoints, disturbed.end.checkpoints),
  ];
  const duplicated = [
    ...missing(disturbed.end.files, undisturbed.end.files),
    ...missing(disturbed.end.merges, undisturbed.end.merges),
    ...missing(disturbed.end.checkpoints, undisturbed.end.checkpoints),
  ];
  const leftOver = [
    ...missing(disturbed.end.branches, undisturbed.end.branches),
    ...missing(disturbed.end.worktrees, undisturbed.end.worktrees),
    ...disturbed.processes,
    ...missing(disturbed.files, undisturbed.files),
  ];
  const isSame = disturbed.end.status === undisturbed.end.status;
  return { survived: isSame && lost.length + duplicated.length === 0, lost, duplicated, leftOver };
}

/** What `all` has more often than `present`. */
function missing(all: readonly string[], present: readonly string[]): readonly string[] {
  const rest = [...present];
  return all.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
