/**
 * A slot in a person's terminal: from the moment in which nothing else works on it to the round that takes over what is handed back.
 * While it is attached a question is open, so that a terminal that dies leaves something that a person can end.
 */
import { toMs } from "../instant.ts";
import type { Draft } from "./draft.ts";
import { lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import type { DecisionWord } from "./question.ts";

const OPTIONS: readonly DecisionWord[] = ["done", "continue", "retry", "write", "skip"];

/** Nothing runs for the slot and what was written is committed: now it is the person's. */
export function beginAttachment(draft: Draft, subject: string, by: string): void {
  if (requireDeliverable(draft.state, subject).manual)
    draft.emit({ type: "deliverable.manual", subject, manual: false });
  draft.move(subject, "waiting");
  recordAttached(draft, subject, by);
  draft.ask("attached", subject, `attached by ${by}; leaving the program there hands it back`, OPTIONS, {
    continues: "create",
  });
}

export function recordAttached(draft: Draft, subject: string, by: string): void {
  draft.emit({ type: "deliverable.attached", subject, attachment: { by, since: draft.at } });
  draft.log("SLOT_ATTACHED", `${subject} by ${by}`);
}

/** Who had it, and for how long. */
export function recordDetached(draft: Draft, subject: string, by: string): void {
  const { attached } = requireDeliverable(draft.state, subject);
  if (attached === undefined) return;
  const forMs = Math.max(0, toMs(draft.at) - toMs(attached.since));
  draft.emit({ type: "deliverable.detached", subject, by, forMs });
  const owner = by === attached.by ? "" : `, attached by ${attached.by}`;
  draft.log("SLOT_DETACHED", `${subject} by ${by} after ${Math.round(forMs / 1000)} s${owner}`);
}

/** `gate`: what is there is committed, checked and judged; `agent`: the conversation goes on. A round whose work is committed is followed by a new one. */
export function handBack(draft: Draft, subject: string, to: "gate" | "agent", text = ""): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const round = lastRound(deliverable);
  const isOver = round?.verdict !== undefined || round?.commit !== undefined;
  const number = round?.round ?? 0;
  const last = requirePlanned(draft.state, subject).gate.loop.max + deliverable.extraRounds;
  const extraRounds = isOver && number >= last ? 1 : 0;
  if (text !== "" || extraRounds > 0)
    draft.emit({ type: "deliverable.guided", subject, guidance: text, extraRounds });
  if (isOver || round === undefined) draft.emit({ type: "round.started", subject, round: number + 1 });
  draft.move(subject, to === "gate" ? "commit" : "create");
}
