/** What stands on disk for a workflow: each worktree with its branch, and branches whose worktree is gone. */
import { dirname, relative } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Repository } from "../../ports/repository.ts";

export interface StandingPlace {
  /** `login.1.1`, `integration`, `review-0123456789ab`. */
  readonly name: string;
  /** Folder of the worktree; null where it is gone. */
  readonly path: string | null;
  /** Branch of the attempt; null where there is none (any more). */
  readonly branch: string | null;
  /** Tip of that branch. */
  readonly tip: CommitId | null;
  /** Another folder that has the branch checked out. */
  readonly checkedOutIn: string | null;
}

/** Everything but the integration branch, by name. `repository` is opened with the layout of the workflow. */
export async function standingPlaces(
  repository: Repository,
  state: WorkflowState,
): Promise<readonly StandingPlace[]> {
  const prefix = `${state.plan.layout.branchPrefix}/`;
  const folder = dirname(repository.worktreePath(`${prefix}main`));
  const [worktrees, branches] = await Promise.all([repository.worktrees(), repository.branches(prefix)]);
  const paths = new Map(
    worktrees.flatMap(({ path }) => (isInside(folder, path) ? [[relative(folder, path), path]] : [])),
  );
  const tips = new Map(branches.map(({ branch, commit }) => [branch.slice(prefix.length), commit]));
  tips.delete("main");
  const names = [...new Set([...paths.keys(), ...tips.keys()])].toSorted();
  return names.map((name) => {
    const path = paths.get(name) ?? null;
    const tip = tips.get(name) ?? null;
    const branch = tip === null ? null : `${prefix}${name}`;
    const other = worktrees.find((one) => one.branch === branch && branch !== null && one.path !== path);
    return { name, path, branch, tip, checkedOutIn: other?.path ?? null };
  });
}

function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== "" && !inside.startsWith("..");
}
