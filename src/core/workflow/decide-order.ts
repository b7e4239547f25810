/** The order of merges: when it is asked for, and its record. */
import { inMergeOrder, isCurrent, type MergeForecast } from "../merging/order.ts";
import type { Draft } from "./draft.ts";
import type { OrderEffect } from "./effect.ts";
import { effectId, fingerprint } from "./effect-id.ts";
import { mergeCandidates } from "./merge-queue.ts";
import { requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

/** Several wait whose order nobody knows on this tip. Whatever else is queued moves the tip first. */
export function orderEffects(state: WorkflowState): readonly OrderEffect[] {
  const { head, integrations, mergeOrder } = state;
  if (head === null || integrations.length > 0) return [];
  const candidates = mergeCandidates(state);
  if (candidates.length < 2 || isCurrent(mergeOrder, head, candidates)) return [];
  const what = [head, ...candidates.flatMap(({ subject, commit }) => [subject, commit])].join(" ");
  return [
    { kind: "order", id: effectId(state, "merges", 0, `order.${fingerprint(what)}`), head, candidates },
  ];
}

export function onOrdered(draft: Draft, { head }: OrderEffect, forecasts: readonly MergeForecast[]): null {
  const priority = (subject: string): number => requirePlanned(draft.state, subject).priority ?? 0;
  const candidates = inMergeOrder(forecasts, priority);
  draft.emit({ type: "merges.ordered", order: { head, candidates } });
  return null;
}
