/** Subject of the checks that run on the base, once per workflow. */
export const BASE_SUBJECT = "base";

/** Ids of effects: the same work has the same id, over crashes and replays (design §2). */
import type { DeliverableState } from "./deliverable.ts";
import type { WorkflowState } from "./state.ts";

export function effectId(state: WorkflowState, subject: string, attempt: number, kind: string): string {
  return `${state.id}/${state.epoch}/${subject}/${attempt}/${kind}`;
}

/** FNV-1a of a text, hexadecimal: the same for the same text, and short enough for an id. */
export function fingerprint(text: string): string {
  return hash(text).toString(16).padStart(8, "0");
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}

/** Id of something done for the present attempt of a deliverable. */
export function deliverableEffectId(
  state: WorkflowState,
  deliverable: DeliverableState,
  kind: string,
): string {
  return effectId(state, deliverable.id, deliverable.attempt, kind);
}

/**
 * Sessions are tried again under a new id: `.t<n>`. One that is still running keeps its id, so that asking again attaches.
 */
export function sessionTryId(state: WorkflowState, base: string): string {
  const tries = Object.values(state.sessions).filter((s) => s.id.startsWith(`${base}.t`));
  const running = tries.find((s) => s.status === "DISPATCHED");
  return running?.id ?? `${base}.t${tries.length + 1}`;
}
