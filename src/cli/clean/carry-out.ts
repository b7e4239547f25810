import { SignalboxError } from "../../core/errors.ts";
import { attemptOf, isAtEnd } from "../../core/view/attempts.ts";
import type { Repository } from "../../ports/repository.ts";
import { loadState, type Project } from "../project.ts";
import type { Removal } from "./plan.ts";

export interface CarriedOut {
  readonly removed: readonly Removal[];
  /** Refs that were written and read back. */
  readonly preserved: readonly string[];
  /** What could not go, with the reason. */
  readonly failed: readonly { readonly removal: Removal; readonly error: SignalboxError }[];
}

/** Removes exactly what the plan names, one after the other. What cannot go stays with its reason and hinders nothing else. */
export async function carryOut(
  project: Project,
  repositories: ReadonlyMap<string, Repository>,
  goes: readonly Removal[],
): Promise<CarriedOut> {
  const removed: Removal[] = [];
  const preserved: string[] = [];
  const failed: CarriedOut["failed"][number][] = [];
  for (const removal of goes) {
    const repository = repositories.get(removal.workflow) ?? project.repository;
    try {
      await requireUnneeded(project, removal);
      preserved.push(...(await remove(repository, removal)));
      removed.push(removal);
    } catch (error) {
      if (!(error instanceof SignalboxError)) throw error;
      failed.push({ removal, error });
    }
  }
  return { removed, preserved, failed };
}

/** Throws `needed-again`: the workflow may have gone on while the plan was looked at: a rewind, a retry. */
export async function requireUnneeded(
  project: Project,
  { workflow, name, branch }: Pick<Removal, "workflow" | "name" | "branch">,
): Promise<void> {
  const state = await loadState(project, workflow);
  const attempt = state === null || branch === null ? null : attemptOf(state, branch);
  if (attempt === null || isAtEnd(attempt.standing)) return;
  throw new SignalboxError("user", "needed-again", `${name} of ${workflow} is needed again, so it stays`, [
    `See why: signalbox show ${attempt.slot} -w ${workflow}`,
  ]);
}

/** The worktree first: a branch that is checked out cannot go. */
async function remove(repository: Repository, removal: Removal): Promise<readonly string[]> {
  const { workflow, path, branch, tip } = removal;
  const tree = path === null ? null : (await repository.removeWorktree(workflow, path)).preserved;
  const own = branch === null || tip === null ? null : (await repository.deleteBranch(branch, tip)).preserved;
  return [tree, own].filter((ref) => ref !== null);
}
