/** How the model service holds a workflow up, for people and programs; null where it does not. */
import type { Instant } from "../vocabulary.ts";
import { holdWords, type RefusalReason } from "../workflow/service.ts";
import type { WorkflowState } from "../workflow/state.ts";

export interface ServiceView {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly since: Instant;
  /** Nothing starts before this; null once it has passed. */
  readonly until: Instant | null;
  /** Sessions at one time, of so many when all is well. */
  readonly places: number;
  readonly parallel: number;
}

export function serviceView({ service, plan }: WorkflowState): ServiceView | null {
  if (service === undefined) return null;
  const { reason, message, since, until, places } = service;
  return { reason, message, since, until: until ?? null, places, parallel: plan.settings.limits.parallel };
}

/** `usage limit, resets 14:20`, or how many agents are let in; `clock` puts an instant into words. */
export function serviceText(view: ServiceView, clock: (at: Instant) => string): string {
  if (view.until !== null) return `${holdWords(view.reason)} ${clock(view.until)}`;
  return `${view.places} of ${view.parallel} agents at a time until the model service has recovered`;
}
