/** Where a waiting question is announced beside the terminal, and for which kinds of questions. */
import type { QuestionKind } from "./workflow/question.ts";

interface Announced {
  /** Null = all kinds. */
  readonly kinds: readonly QuestionKind[] | null;
}

/** `url` is an address, or `$NAME` for the environment variable that holds it; it may carry secrets and is never printed. */
export type NotifyChannel =
  | ({ readonly channel: "desktop" } & Announced)
  | ({ readonly channel: "webhook"; readonly url: string } & Announced);

const KINDS: Readonly<Record<QuestionKind, true>> = {
  plan: true,
  criticality: true,
  checkpoint: true,
  finish: true,
  escalation: true,
  failure: true,
  conflict: true,
  empty: true,
  protect: true,
  unverified: true,
  barrier: true,
  "phase-gate": true,
  limit: true,
  auth: true,
  "foreign-ref": true,
  "unknown-effect": true,
  "user-artifact": true,
  review: true,
  agent: true,
  permission: true,
  trouble: true,
  stopped: true,
  attached: true,
  sync: true,
};

/** Names of all kinds of questions. */
export const QUESTION_KINDS = Object.keys(KINDS) as readonly string[] as readonly QuestionKind[]; // the keys are the kinds by their type

/** True where a question of this kind is announced on the channel. */
export function isAnnounced({ kinds }: NotifyChannel, kind: QuestionKind): boolean {
  return kinds?.includes(kind) ?? true;
}
