/** Which slots a command about work means, and in which workflow. */
import { SignalboxError } from "../../core/errors.ts";
import { awaitsLanding, hasEnded, requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { type Journals, loadAll, pickWorkflow } from "../project.ts";
import { listText, resolveReference } from "../resolve.ts";
import type { VerbInput } from "../verb.ts";

const SLOTS = { name: "slot", listing: "signalbox status" } as const;

/**
 * The workflow by id, or the one that has all these slots: several dispatches may run side by side, and a slot's name is
 * most often enough. Active ones come before those that have ended. Throws what `pickWorkflow` throws.
 */
export async function workflowOfSlots(
  project: Pick<Journals, "store">,
  workflow: string | undefined,
  slots: readonly string[],
): Promise<WorkflowState> {
  if (workflow !== undefined || slots.length === 0)
    return pickWorkflow(project as Journals, workflow, "look");
  const { states } = await loadAll(project);
  const holding = states.filter((state) => slots.every((slot) => names(state, slot)));
  const active = holding.filter((state) => !hasEnded(state));
  const [only, second] = active.length > 0 ? active : holding.slice(-1);
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) return pickWorkflow(project as Journals, undefined, "look");
  throw new SignalboxError(
    "user",
    "which-workflow",
    `${slots.join(", ")} could be of ${active.length} workflows: ${listText(active.map((state) => state.id))}`,
    ["Name one with -w, a unique prefix is enough; to list them: signalbox ps"],
  );
}

/** The slot that the first argument of a verb means, in its workflow. Throws what both parts throw. */
export async function slotNamed(
  project: Pick<Journals, "store">,
  input: VerbInput,
): Promise<{ readonly state: WorkflowState; readonly slot: string }> {
  const named = input.argument(0) ?? "";
  const state = await workflowOfSlots(project, input.text("workflow"), [named]);
  return { state, slot: resolveSlot(state, named) };
}

function names(state: WorkflowState, reference: string): boolean {
  return idsOf(state).some((id) => id.toLowerCase().startsWith(reference.toLowerCase()));
}

function idsOf(state: WorkflowState): readonly string[] {
  return state.plan.deliverables.map((deliverable) => deliverable.id);
}

/** Slot by id, task or unique prefix. Throws `unknown-slot`, `ambiguous-slot`. */
export function resolveSlot(state: WorkflowState, reference: string): string {
  const byTask = state.plan.deliverables.find((d) => d.task?.toLowerCase() === reference.toLowerCase());
  return byTask?.id ?? resolveReference(reference, idsOf(state), SLOTS);
}

/** Slots that wait to be landed, in plan order. */
export function landable(state: WorkflowState): readonly string[] {
  return idsOf(state).filter((id) => awaitsLanding(state, requireDeliverable(state, id)));
}
