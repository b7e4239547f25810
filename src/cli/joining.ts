/** A person joins both sides of a conflict in the worktree of a slot: whether that is under way, and its end. */
import type { Join } from "../adapters/git/join.ts";
import { openQuestion, requireDeliverable } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { requirePerson } from "./agent-typing.ts";
import type { Context } from "./context.ts";
import { openProject } from "./project.ts";
import { slotPlace } from "./slot-place.ts";

/** True from `resolve` until it is answered; a person who writes the work by hand has the same question for another reason. */
export function isJoining(state: WorkflowState, slot: string): boolean {
  const last = state.decisions.findLast((decision) => decision.subject === slot);
  return openQuestion(state, slot)?.kind === "user-artifact" && last?.word === "resolve";
}

/** Git for the worktrees of the workflow. */
export async function joinFor({ io }: Context, { plan }: WorkflowState): Promise<Join> {
  const { openJoin } = await import("../adapters/git/join.ts");
  const { worktrees, branchPrefix } = plan.layout;
  return openJoin(io.cwd, { env: io.env, worktrees, branchPrefix });
}

/**
 * Commits what the person made of both sides. False where they were never put together. Throws `still-conflicting`, and
 * `needs-a-person` before anything is done.
 */
export async function endJoin(context: Context, state: WorkflowState, slot: string): Promise<boolean> {
  const project = await openProject(context.io);
  await requirePerson(context, project, state.plan.base.commit, "resolve");
  const { path } = await slotPlace(context, project, slot, state.id);
  const { base } = requireDeliverable(state, slot);
  const join = await joinFor(context, state);
  return base === undefined || join.end(path, base, `${slot}: both sides joined by ${context.io.user}`);
}
