/** Accepted slots that wait to be landed, told as one where there are several: the same four lines each would hide what else waits. */
import type { WaitingView } from "../../core/view/waiting.ts";

/** What stands in for the group; null where fewer than two wait. */
export interface ReviewGroup {
  readonly subject: string;
  readonly reason: string;
  readonly since: string;
  readonly slots: readonly string[];
  readonly answers: readonly { readonly command: string; readonly effect: string }[];
}

export function reviewGroup(open: readonly WaitingView[]): ReviewGroup | null {
  const reviews = open.filter(({ kind }) => kind === "review");
  const [first] = reviews;
  if (first === undefined || reviews.length < 2) return null;
  return {
    subject: `${reviews.length} slots`,
    reason: "are accepted and wait to be landed",
    since: first.since,
    slots: reviews.map(({ subject }) => subject),
    answers: [
      { command: "signalbox review <slot>", effect: "look at one: task, change, checks, findings" },
      { command: "signalbox land", effect: "put them on the target, one commit each" },
      {
        command: 'signalbox send-back <slot> "…"',
        effect: "back to its agent, the same conversation goes on",
      },
      { command: "signalbox decide <slot> drop", effect: "do not land it; its commit stays reachable" },
    ],
  };
}
