/** The worktree of a slot for a person who wants to look or try something in it. */
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SignalboxError } from "../core/errors.ts";
import { shellWord } from "../core/view/commands-at.ts";
import type { DeliverableState } from "../core/workflow/deliverable.ts";
import { requireDeliverable, runningSessions } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Repository } from "../ports/repository.ts";
import type { Context } from "./context.ts";
import { resolveSlot, workflowOfSlots } from "./landing/slots.ts";
import { type Project, repositoryOf } from "./project.ts";

export interface SlotPlace {
  readonly state: WorkflowState;
  readonly slot: string;
  /** Absolute path of the worktree; it is there. */
  readonly path: string;
  /** True while a session works in it. */
  readonly occupied: boolean;
}

/** Throws `no-worktree` where it is gone or not there yet, with the ref that holds the work and how to see it. */
export async function slotPlace(
  { io }: Context,
  project: Project,
  reference: string,
  workflow: string | undefined,
): Promise<SlotPlace> {
  const state = await workflowOfSlots(project, workflow, [reference]);
  const slot = resolveSlot(state, reference);
  const deliverable = requireDeliverable(state, slot);
  const repository = await repositoryOf(io, state);
  const { branch, epoch, attempt } = deliverable;
  const path = branch === undefined ? null : repository.worktreePath(branch);
  if (path === null || !(await isFolder(path))) throw await noWorktree(repository, state, deliverable);
  const occupied = runningSessions(state).some(
    (session) => session.subject === slot && session.epoch === epoch && session.attempt === attempt,
  );
  return { state, slot, path, occupied };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

async function noWorktree(
  repository: Repository,
  state: WorkflowState,
  deliverable: DeliverableState,
): Promise<SignalboxError> {
  const { id } = deliverable;
  const ref = await holderOf(repository, state, deliverable);
  if (ref === null)
    return new SignalboxError("user", "no-worktree", `${id} has no worktree: there is no work of it yet`, [
      `See where it stands: signalbox show ${id} -w ${state.id}`,
    ]);
  const folder = join(dirname(repository.root), `${repository.name}-${id}`);
  return new SignalboxError("user", "no-worktree", `The worktree of ${id} is gone; ${ref} holds its work`, [
    `See it: git log -p ${ref}`,
    `Have it in a folder: git worktree add --detach ${shellWord(folder)} ${ref}`,
  ]);
}

/** The branch of the attempt, else what was preserved of it, else the commit that merged it; null where there is none. */
async function holderOf(
  repository: Repository,
  state: WorkflowState,
  { branch, mergeCommit, commit }: DeliverableState,
): Promise<string | null> {
  const name = branch?.split("/").at(-1);
  const refs = [
    ...(branch === undefined ? [] : [branch]),
    ...(mergeCommit === undefined ? [] : [mergeCommit.slice(0, 12)]),
    ...(name === undefined ? [] : [`refs/signalbox/preserved/${state.id}/${name}`]),
    ...(commit === undefined ? [] : [commit.slice(0, 12)]),
  ];
  for (const ref of refs) if ((await repository.resolve(ref)) !== null) return ref;
  return null;
}
