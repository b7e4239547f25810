/** The lines of a workflow that may be merged with each other: open slots, what is merged so far, and where it goes to. */
import type { DeliverableState } from "../workflow/deliverable.ts";
import { isCreator } from "../workflow/evolve-session.ts";
import { hasEnded, runningSessions } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";

export interface WorkflowLine {
  /** Slot id; `@integration` and `@target` for the two branches, which no slot can be called. */
  readonly name: string;
  readonly branch: string;
  /** Somebody works in its worktree now. */
  readonly worked: boolean;
}

export const INTEGRATION = "@integration";
export const TARGET = "@target";

const OPEN: ReadonlySet<DeliverableState["step"]> = new Set([
  "provision",
  "create",
  "commit",
  "checks",
  "critique",
  "judge",
  "waiting",
  "merge",
]);

/** Integration branch and target first, then the open slots in plan order. A workflow that has ended has only the first two. */
export function workflowLines(state: WorkflowState): readonly WorkflowLine[] {
  const { target } = state.plan.base;
  const slots = hasEnded(state)
    ? []
    : state.plan.deliverables.flatMap(({ id }) => lineOf(state, state.deliverables[id]));
  return [
    { name: INTEGRATION, branch: `${state.plan.layout.branchPrefix}/main`, worked: false },
    ...(target === null ? [] : [{ name: TARGET, branch: target, worked: false }]),
    ...slots,
  ];
}

/** How a person calls a line; `target` where its branch is known. */
export function lineLabel(name: string, target?: string | null): string {
  if (name === INTEGRATION) return "what is merged so far";
  return name === TARGET ? (target ?? "the target") : name;
}

function lineOf(state: WorkflowState, deliverable: DeliverableState | undefined): readonly WorkflowLine[] {
  if (deliverable?.branch === undefined || !OPEN.has(deliverable.step)) return [];
  return [{ name: deliverable.id, branch: deliverable.branch, worked: isWorkedOn(state, deliverable) }];
}

function isWorkedOn(
  state: WorkflowState,
  { id, epoch, attempt, manual, attached }: DeliverableState,
): boolean {
  if (manual || (attached !== undefined && attached.endedAt === undefined)) return true;
  return runningSessions(state).some(
    (one) => one.subject === id && one.epoch === epoch && one.attempt === attempt && isCreator(one.purpose),
  );
}
