/** What people do with sessions that run: answer them, speak to them. Stopping them is in `decide-stop`. */
import { canInterrupt, canSteer } from "../session/steering.ts";
import type { OutcomeCommand, PersonCommand, Rejection } from "./command.ts";
import { notAnOption } from "./decide-approval.ts";
import { onStop } from "./decide-stop.ts";
import { type Draft, numbered } from "./draft.ts";
import { isCreator } from "./evolve-session.ts";
import type { SessionMessage } from "./live.ts";
import { liveQuestions, settleMessage, whyClosed } from "./live-questions.ts";
import { openQuestion, runningSessions } from "./queries.ts";
import type { DecisionWord, Question } from "./question.ts";
import type { SessionRecord } from "./session-record.ts";
import { notRunning } from "./standing.ts";
import { stale } from "./trouble.ts";

type Of<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;
type Said = Pick<Of<"decide">, "word" | "text" | "by">;

/** Answers a question of a running session, by its id or by the slot that has asked only one. */
export function onAnswer(draft: Draft, command: Of<"answer">): Rejection | null {
  const found = askedQuestion(draft, command.question);
  if ("code" in found) return found;
  const said =
    found.kind === "permission" ? permission(found, command) : { ...command, word: "answer" as const };
  return "code" in said ? said : decideLive(draft, found, said);
}

function askedQuestion(draft: Draft, name: string): Question | Rejection {
  const { state } = draft;
  const asked = liveQuestions(state).filter((q) => q.kind !== "trouble");
  const [only, ...more] = asked.filter((q) => q.id === name || q.subject === name);
  if (only !== undefined && more.length === 0) return only;
  const open = asked.map((q) => `${q.id} (${q.subject})`).join(", ");
  if (only !== undefined) {
    return {
      code: "bad-argument",
      message: `${name} has asked ${more.length + 1} questions: ${open}`,
      hint: `signalbox answer ${only.id} "…"`,
    };
  }
  const other = state.questions.find((q) => q.id === name) ?? openQuestion(state, name);
  if (other !== undefined) {
    const { message: _, ...rejection } = notAnOption(other, "answer");
    return {
      ...rejection,
      message: `${other.id} on ${other.subject} is a decision, not a question of an agent`,
    };
  }
  const why = whyClosed(state, name);
  return {
    code: "not-waiting",
    message: why === null ? `${name} has asked nothing` : `${name} is not open any more: ${why}`,
    hint:
      open === ""
        ? "No session asks anything now. To see the state, run: signalbox status"
        : `Asked: ${open}`,
  };
}

function permission(question: Question, { text, by }: Of<"answer">): Said | Rejection {
  const word = text.trim().toLowerCase();
  if (word === "allow" || word === "yes") return { word: "allow", text: "", by };
  if (word === "deny" || word === "no") return { word: "deny", text: "", by };
  return {
    code: "bad-argument",
    message: `${question.id} asks for a permission; "${text}" is neither allow nor deny`,
    hint: `signalbox answer ${question.id} allow`,
  };
}

/** A person's word on a question of a running session: recorded, the question closed, and the word on its way to the session. */
export function decideLive(draft: Draft, question: Question, said: Said): Rejection | null {
  const { word, text, by } = said;
  const record = draft.state.sessions[question.session?.id ?? ""];
  if (record === undefined || question.session === undefined) return stale(question.id);
  if ((word === "answer" || word === "say") && text.trim() === "") return noText(question, word);
  const decision = draft.record({
    question: question.id,
    subject: question.subject,
    word,
    text,
    by,
    constraint: false,
  });
  draft.close(question, decision, `${word} by ${by}${text === "" ? "" : `: ${text}`}`);
  draft.log("DECIDED", `${question.id} of ${question.subject}: ${word} by ${by}`);
  if (word === "answer" || word === "allow" || word === "deny") {
    send(draft, record, { kind: word, ask: question.session.number, text, by });
  }
  if (word === "say") speak(draft, record, text, by);
  if (word === "stop") return onStop(draft, { type: "stop", subject: question.subject, by, reason: text });
  return null;
}

function noText(question: Question, word: DecisionWord): Rejection {
  const command =
    word === "say" ? `signalbox say ${question.subject} "…"` : `signalbox answer ${question.id} "…"`;
  return { code: "bad-argument", message: `${word} to ${question.id} needs a text`, hint: command };
}

/** Speaks to the session that makes the work of a slot; reviewers are not spoken to, so that nobody talks them into a verdict. */
export function onSay(draft: Draft, { subject, text, by }: Of<"say">): Rejection | null {
  const record = makerOf(draft, subject);
  if (record === null) return notRunning(draft.state, subject);
  if (text.trim() === "")
    return { code: "bad-argument", message: "say needs a text", hint: `signalbox say ${subject} "…"` };
  if (!canSteer(record.adapter)) return cannotHear(record);
  closeTroubles(draft, record, text, by);
  speak(draft, record, text, by);
  return null;
}

/**
 * The conversation goes on with the text: at once where the agent can leave a turn, else in a session of its own that follows the present
 * one. Without a text there is nothing to go on with, and a person is asked.
 */
export function onInterrupt(draft: Draft, { subject, text, by }: Of<"interrupt">): Rejection | null {
  const record = makerOf(draft, subject);
  if (record === null) return notRunning(draft.state, subject);
  if (text.trim() === "") return onStop(draft, { type: "stop", subject, by, reason: "" });
  closeTroubles(draft, record, text, by);
  const note = { at: draft.at, by, subject, text: `interrupted the session: ${text}` };
  draft.emit({ type: "note.added", note });
  draft.log("SLOT_INTERRUPTED", `${subject} by ${by}: ${text}`);
  if (canInterrupt(record.adapter)) send(draft, record, { kind: "interrupt", ask: null, text, by });
  else
    draft.emit({
      type: "deliverable.stopping",
      subject,
      stopping: { by, reason: text, at: draft.at, step: "create", next: "continue" },
    });
  return null;
}

/** The session that makes the work of a slot; null where none runs, or it is being ended. */
function makerOf(draft: Draft, subject: string): SessionRecord | null {
  if (draft.state.deliverables[subject]?.stopping !== undefined) return null;
  const running = runningSessions(draft.state);
  return running.find((s) => s.subject === subject && isCreator(s.purpose)) ?? null;
}

/** Words to a session answer what looked wrong in it. */
function closeTroubles(draft: Draft, { id, subject }: SessionRecord, text: string, by: string): void {
  for (const question of liveQuestions(draft.state)) {
    if (question.kind !== "trouble" || question.session?.id !== id) continue;
    const parts = { question: question.id, subject, word: "say" as const, text, by, constraint: false };
    draft.close(question, draft.record(parts), `say by ${by}: ${text}`);
  }
}

function cannotHear({ subject, adapter }: SessionRecord): Rejection {
  return {
    code: "not-an-option",
    message: `${subject} runs through ${adapter}, which hears nothing while it runs`,
    hint: `When its gate asks for a decision: signalbox decide ${subject} guide --note "…". To end it now: signalbox stop ${subject}`,
  };
}

/** Words of ours to the session that makes the work of a slot; nothing where none runs that hears. Answers no question of it. */
export function tellSession(draft: Draft, subject: string, text: string): void {
  const record = makerOf(draft, subject);
  if (record !== null && canSteer(record.adapter)) speak(draft, record, text, "signalbox");
}

function speak(draft: Draft, record: SessionRecord, text: string, by: string): void {
  const note = { at: draft.at, by, subject: record.subject, text: `said to the session: ${text}` };
  draft.emit({ type: "note.added", note });
  send(draft, record, { kind: "say", ask: null, text, by });
}

function send(
  draft: Draft,
  { id: session, subject }: SessionRecord,
  message: Pick<SessionMessage, "kind" | "ask" | "text" | "by">,
): void {
  const id = numbered("M", (draft.state.counters.message ?? 0) + 1);
  draft.emit({ type: "message.queued", message: { id, session, subject, ...message, at: draft.at } });
}

export function onDelivered(
  draft: Draft,
  message: string,
  { problem }: Extract<OutcomeCommand, { type: "delivered" }>,
): null {
  settleMessage(draft, message, problem);
  return null;
}
