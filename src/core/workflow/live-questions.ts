/** Questions that belong to running sessions: asking them, finding them, and what closes them by itself. */
import { canSteer } from "../session/steering.ts";
import type { Rejection, SessionCommand } from "./command.ts";
import { type Draft, numbered } from "./draft.ts";
import { isCreator } from "./evolve-session.ts";
import type { SessionAsk } from "./live.ts";
import type { DecisionWord, Question } from "./question.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";
import { stale } from "./trouble.ts";

type Of<T extends SessionCommand["type"]> = Extract<SessionCommand, { type: T }>;

export function onSessionAsked(draft: Draft, { effect, ask }: Of<"session-asked">): Rejection | null {
  const record = draft.state.sessions[effect];
  if (record?.status !== "DISPATCHED" || ask.number <= (record.asked ?? 0)) return stale(effect);
  const { number, kind, choices, tool, target } = ask;
  askLive(draft, record, {
    kind,
    reason: reasonOf(ask),
    options: kind === "permission" ? ["allow", "deny"] : ["answer"],
    session: {
      id: effect,
      number,
      ...(choices.length === 0 ? {} : { choices }),
      ...(tool === undefined ? {} : { tool }),
      ...(target === undefined ? {} : { target }),
    },
  });
  return null;
}

function reasonOf({ kind, question, tool, target }: SessionAsk): string {
  if (kind === "agent") return question;
  const call = [tool ?? "a tool", target ?? ""].filter((part) => part !== "").join(" ");
  return question === "" ? `wants to use ${call}` : `wants to use ${call} (${question})`;
}

export function onSessionAskClosed(draft: Draft, command: Of<"session-ask-closed">): Rejection | null {
  const question = draft.state.questions.find(
    (q) => q.kind !== "trouble" && q.session?.id === command.effect && q.session.number === command.ask,
  );
  if (question === undefined) return stale(command.effect);
  closeLive(draft, question, command.reason);
  return null;
}

export function onSessionTroubled(
  draft: Draft,
  { effect, trouble }: Of<"session-troubled">,
): Rejection | null {
  const record = draft.state.sessions[effect];
  if (record?.status !== "DISPATCHED" || trouble.number <= (record.troubled ?? 0)) return stale(effect);
  const hearsUs = canSteer(record.adapter) && isCreator(record.purpose);
  askLive(draft, record, {
    kind: "trouble",
    reason: trouble.reason,
    options: ["continue", "stop", ...(hearsUs ? (["say"] as const) : [])],
    session: { id: effect, number: trouble.number, trouble: trouble.trouble, since: trouble.since },
  });
  return null;
}

export function onSessionTroubleOver(draft: Draft, command: Of<"session-trouble-over">): Rejection | null {
  const question = draft.state.questions.find(
    (q) => q.kind === "trouble" && q.session?.id === command.effect && q.session.number === command.trouble,
  );
  if (question === undefined) return stale(command.effect);
  closeLive(draft, question, "it is over");
  return null;
}

function askLive(
  draft: Draft,
  { subject }: SessionRecord,
  question: Pick<Question, "kind" | "reason" | "session"> & { readonly options: readonly DecisionWord[] },
): void {
  const id = numbered("Q", draft.state.counters.question + 1);
  draft.emit({ type: "question.asked", question: { id, subject, askedAt: draft.at, ...question } });
}

/** Closes without a person, with a line in the log that says why. */
function closeLive(draft: Draft, question: Question, reason: string): void {
  draft.close(question, null, reason);
  draft.log(CLOSED, `${question.id} of ${question.subject}: ${reason}`);
}

const CLOSED = "QUESTION_CLOSED";

/** What waits for the session has lost it. Whether a message that is on its way was still heard, only the host knows. */
export function settleLive(draft: Draft, session: string): void {
  for (const question of liveQuestions(draft.state).filter((q) => q.session?.id === session)) {
    closeLive(draft, question, "the session ended");
  }
}

/** Takes a message off the way; a problem is told as a note on its slot. */
export function settleMessage(draft: Draft, id: string, problem: string | null): void {
  const message = draft.state.messages?.find((one) => one.id === id);
  draft.emit({ type: "message.settled", message: id, problem });
  if (message === undefined || problem === null) return;
  const text = `not delivered (${problem}): ${message.text || message.kind}`;
  draft.emit({
    type: "note.added",
    note: { at: draft.at, by: "signalbox", subject: message.subject, text },
  });
}

/** Open questions that belong to running sessions, oldest first. */
export function liveQuestions(state: WorkflowState): readonly Question[] {
  return state.questions.filter((question) => question.session !== undefined);
}

/** Why a question with this id cannot be answered any more; null when there never was one. */
export function whyClosed(state: WorkflowState, id: string): string | null {
  const decision = state.decisions.find((one) => one.question === id);
  if (decision !== undefined) {
    const { by, word, text } = decision;
    return `${by} answered it: ${word === "answer" || word === "say" ? text : word} (${decision.id})`;
  }
  const entry = state.log.find((one) => one.event === CLOSED && one.details.startsWith(`${id} `));
  if (entry !== undefined) return entry.details.slice(entry.details.indexOf(": ") + 2);
  const number = Number(/^Q-(\d+)$/.exec(id)?.[1] ?? 0);
  return number >= 1 && number <= state.counters.question ? "it has closed" : null;
}
