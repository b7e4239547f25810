/** The merge queue for people and for programs. */
import { INTEGRATION } from "../../core/conflicts/lines.ts";
import { kindText } from "../../core/conflicts/words.ts";
import { placeText } from "../../core/merging/order.ts";
import type { PlannedMerge } from "../../core/merging/plan.ts";
import { mergeCandidates } from "../../core/workflow/merge-queue.ts";
import { requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText } from "../output/units.ts";

/** Files of one step that are listed. */
const SHOWN = 5;

/** First what is merged, then each step with the reason for its place and what would stop it. */
export function planLines(
  state: WorkflowState,
  plan: readonly PlannedMerge[],
  style: Style,
): readonly string[] {
  const merged = Object.values(state.deliverables).filter(({ step }) => step === "merged").length;
  const stopped = plan.filter(({ stoppedBy }) => stoppedBy.length > 0).length;
  const width = Math.max(0, ...plan.map(({ subject }) => subject.length));
  return [
    `${style.bold(state.id)}  ${countText(merged, "slot")} merged, ${plan.length} to come`,
    ...plan.flatMap((step, index) => stepLines(state, step, { index, width, style })),
    plan.length === 0
      ? style.dim("nothing waits for its merge and nobody works on anything that will")
      : stopped === 0
        ? `${style.green(style.symbol.done)} all of it would merge cleanly in this order`
        : `${style.yellow(style.symbol.warn)} ${countText(stopped, "merge")} would conflict`,
  ];
}

function stepLines(
  state: WorkflowState,
  step: PlannedMerge,
  { index, width, style }: { readonly index: number; readonly width: number; readonly style: Style },
): readonly string[] {
  const mark = step.stoppedBy.length === 0 ? style.dim("·") : style.red(style.symbol.fail);
  const standing = isApproved(state, step.subject) ? "approved" : "not approved yet, as it is now";
  const files = step.conflicts.slice(0, SHOWN).map(({ path, kind }) => {
    return `       ${plainLine(path)}  ${style.dim(kindText(kind))}`;
  });
  const more = step.conflicts.length - files.length;
  return [
    `${mark} ${String(index + 1).padStart(2)}. ${style.bold(step.subject.padEnd(width))}  ${standing}; ${placeText(step, step.priority)}`,
    ...(step.stoppedBy.length === 0
      ? []
      : [`       would conflict with ${step.stoppedBy.map(stopText).join(", ")}:`]),
    ...files,
    ...(more > 0 ? [style.dim(`       and ${countText(more, "more file")}: signalbox merge --json`)] : []),
  ];
}

function stopText(name: string): string {
  return name === INTEGRATION ? "what is merged so far" : name;
}

/** True where it waits for nothing but its turn. */
export function isApproved(state: WorkflowState, subject: string): boolean {
  return requireDeliverable(state, subject).step === "merge";
}

/** The answer for programs. */
export function planDocument(
  state: WorkflowState,
  plan: readonly PlannedMerge[],
): Readonly<Record<string, unknown>> {
  const due = new Set(mergeCandidates(state).map(({ subject }) => subject));
  return {
    workflow: state.id,
    head: state.head,
    batch: state.plan.merge?.batch ?? 1,
    suspects: state.suspects ?? [],
    queued: state.integrations.flatMap((one) =>
      one.type === "merge" ? [one.subject, ...(one.together ?? []).map(({ subject }) => subject)] : [],
    ),
    order: plan.map(({ stoppedBy, ...step }) => ({
      ...step,
      approved: isApproved(state, step.subject),
      due: due.has(step.subject),
      stoppedBy: stoppedBy.map((name) => (name === INTEGRATION ? null : name)),
    })),
  };
}

/** What is to be done about it, as far as anything is. */
export function planHint({ id, status }: WorkflowState, plan: readonly PlannedMerge[]): string {
  if (status === "COMPLETE")
    return `${id} has ended. To put its result on your branch: signalbox land -w ${id}`;
  if (status === "CANCELLED" || status === "FAILED")
    return `${id} is ${status}: nothing more of it is merged`;
  if (status === "PAUSED") return `${id} is paused, and nothing is merged. To go on: signalbox resume ${id}`;
  return plan.some(({ stoppedBy }) => stoppedBy.length > 0)
    ? "Nothing to do: each is asked about when its turn comes. What conflicts with what: signalbox conflicts"
    : "Nothing to do: approved work is merged by itself";
}
