/** What an event is told with. */
import { type ResolvedFile, resolvedText } from "../../../core/conflicts/resolved-file.ts";
import type { WorkflowEvent } from "../../../core/workflow/event.ts";

export type Tone = "good" | "bad" | "ask" | "work" | "plain";

export interface EventText {
  readonly tone: Tone;
  /** What it is about: a slot, a checkpoint, `workflow`. */
  readonly subject: string;
  readonly text: string;
  /** Reason, put behind the text unless a later line of the same moment gives it. */
  readonly why?: string;
}

export type EventType = WorkflowEvent["type"];

export type EventOf<T extends EventType> = Extract<WorkflowEvent, { type: T }>;

/** Words for some types of event; null for what says nothing to a reader. */
export type WordsFor<T extends EventType> = {
  readonly [K in T]: (event: EventOf<K>) => EventText | null;
};

type Say = (subject: string, text: string, why?: string) => EventText;

const saying =
  (tone: Tone): Say =>
  (subject, text, why) => ({ tone, subject, text, ...(why === undefined ? {} : { why }) });

export const good = saying("good");
export const bad = saying("bad");
export const ask = saying("ask");
export const work = saying("work");
export const plain = saying("plain");

/** Bookkeeping, or what another event tells better. */
export const silent = (): null => null;

/** `, resolved CHANGELOG.md (union)`; empty for none. */
export function resolvedWords(resolved: readonly ResolvedFile[] = []): string {
  return resolved.length === 0 ? "" : `, resolved ${resolved.map(resolvedText).join(", ")}`;
}

/** `head` with `: detail` behind it where there is a detail. */
export function withDetail(head: string, detail: string): string {
  return detail === "" ? head : `${head}: ${detail}`;
}
