/** Continuing where there is a branch but no journal: the state document on the branch is enough (design §4). */
import { SignalboxError } from "../core/errors.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";

const STATE_FILE = "ORCHESTRATION.yaml";

export interface Restored {
  readonly state: WorkflowState;
  readonly head: CommitId;
}

/** Finds the integration branch (local, else a remote's, which is then created locally) and reads the state from its tip. */
export async function restoreFromBranch(deps: EngineDependencies, workflow: string): Promise<Restored> {
  const found = (await deps.repository.integrationBranches()).filter((one) => one.workflow === workflow);
  const [first] = found.toSorted((a, b) => Number(a.remote !== null) - Number(b.remote !== null));
  if (first === undefined) throw unknownWorkflow(workflow);
  const { branch, commit: head } = first;
  const state = await readState(deps, workflow, head);
  if (first.remote !== null) await createBranch(deps, branch, head);
  return { state: await withOwnCheckpoint(deps, state, branch, head), head };
}

/** A commit cannot name itself: the state in a checkpoint's own commit does not know that this is it. */
async function withOwnCheckpoint(
  deps: EngineDependencies,
  state: WorkflowState,
  branch: string,
  head: CommitId,
): Promise<WorkflowState> {
  const last = state.checkpoints.at(-1);
  if (last === undefined || (await deps.repository.findCheckpoint(branch, last.id)) !== head) return state;
  return { ...state, checkpoints: [...state.checkpoints.slice(0, -1), { ...last, commit: head }] };
}

async function readState(deps: EngineDependencies, workflow: string, head: CommitId): Promise<WorkflowState> {
  const paths = (await deps.repository.listFiles(head, "")).filter((path) => path.endsWith(STATE_FILE));
  for (const path of paths) {
    const text = await deps.repository.readFile(head, path);
    if (text === null || !text.includes(workflow)) continue;
    const state = deps.parseState(text);
    if (state.id === workflow) return state;
  }
  throw new SignalboxError(
    "environment",
    "no-state-document",
    `branch of ${workflow} has no readable ${STATE_FILE} at ${head}`,
    [`To look at it, run: git ls-tree -r --name-only ${head}`],
  );
}

async function createBranch(deps: EngineDependencies, branch: string, head: CommitId): Promise<void> {
  const made = await deps.repository.advance(branch, head, null);
  if (!made.ok)
    throw new SignalboxError(
      "environment",
      "branch-exists",
      `branch ${branch} appeared while it was being restored`,
    );
}

function unknownWorkflow(workflow: string): SignalboxError {
  return new SignalboxError(
    "user",
    "no-such-workflow",
    `no workflow ${workflow} here: neither a journal nor an integration branch`,
    [
      "To see what there is, run: signalbox ps --all",
      "Where its branch was not fetched yet, run: git fetch --all",
    ],
  );
}
