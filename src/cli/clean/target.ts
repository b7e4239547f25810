/** What `clean` was asked to look at. */
import { SignalboxError } from "../../core/errors.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { loadAll, type Project, pickWorkflow } from "../project.ts";
import { resolveReference } from "../resolve.ts";

export interface CleanTarget {
  readonly states: readonly WorkflowState[];
  /** Only this slot of the one workflow. */
  readonly slot?: string;
  /** True where the person named it. */
  readonly named: boolean;
}

/**
 * A workflow, a slot (of the workflow that `-w` names, else of the only one that has it), or all workflows that have ended.
 * Throws `not-ended`, `which-workflow`, `unknown-target`.
 */
export async function cleanTarget(
  project: Project,
  reference: string | undefined,
  workflow: string | undefined,
): Promise<CleanTarget> {
  if (workflow !== undefined) {
    const state = await pickWorkflow(project, workflow, "act");
    return reference === undefined ? whole(state) : slotOf(state, reference);
  }
  const { states } = await loadAll(project);
  if (reference === undefined) return { states: states.filter(hasEnded), named: false };
  const ids = await project.store.list();
  if (ids.some((id) => id.startsWith(reference))) return whole(await pickWorkflow(project, reference, "act"));
  const having = states.filter((state) => slotIds(state).some((id) => id.startsWith(reference)));
  const [only, another] = having;
  if (only !== undefined && another === undefined) return slotOf(only, reference);
  throw only === undefined ? unknown(reference) : ambiguous(reference, having);
}

function whole(state: WorkflowState): CleanTarget {
  if (hasEnded(state)) return { states: [state], named: true };
  throw new SignalboxError(
    "user",
    "not-ended",
    `${state.id} is ${state.status}; only ended workflows are cleaned`,
    [
      `End it first: signalbox cancel ${state.id}`,
      `Or clean one slot: signalbox clean <slot> -w ${state.id}`,
    ],
  );
}

function slotOf(state: WorkflowState, reference: string): CleanTarget {
  const listing = `signalbox status ${state.id}`;
  const slot = resolveReference(reference, slotIds(state), { name: "slot", listing });
  return { states: [state], slot, named: true };
}

function slotIds(state: WorkflowState): readonly string[] {
  return state.plan.deliverables.map(({ id }) => id);
}

function unknown(reference: string): SignalboxError {
  return new SignalboxError("user", "unknown-target", `No workflow and no slot is named ${reference}`, [
    "To list workflows: signalbox ps --all",
    "To see what could go: signalbox clean --dry-run",
  ]);
}

function ambiguous(reference: string, having: readonly WorkflowState[]): SignalboxError {
  const [first] = having;
  return new SignalboxError(
    "user",
    "which-workflow",
    `${having.length} workflows have a slot ${reference}: ${having.map(({ id }) => id).join(", ")}`,
    [`Name the workflow: signalbox clean ${reference} -w ${first?.id}`],
  );
}
