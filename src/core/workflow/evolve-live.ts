/** How questions of running sessions and messages to them change the state. */
import type { WorkflowEvent } from "./event.ts";
import type { Fold } from "./fold.ts";
import type { WorkflowState } from "./state.ts";

type Of<T extends WorkflowEvent["type"]> = Extract<WorkflowEvent, { type: T }>;

/** Keeps the question and, where a session asks, how far its events have been read. */
export function onQuestionAsked(
  state: WorkflowState,
  { question }: Of<"question.asked">,
  fold: Fold,
): WorkflowState {
  return {
    ...state,
    questions: [...state.questions, question],
    counters: { ...state.counters, question: state.counters.question + 1 },
    ...heard(state, question, fold),
  };
}

function heard(
  state: WorkflowState,
  { kind, session }: Of<"question.asked">["question"],
  fold: Fold,
): Partial<WorkflowState> {
  const record = session === undefined ? undefined : state.sessions[session.id];
  if (session === undefined || record === undefined) return {};
  const numbers = kind === "trouble" ? { troubled: session.number } : { asked: session.number };
  return { sessions: fold.put(state.sessions, record.id, { ...record, ...numbers }) };
}

export function onMessageQueued(state: WorkflowState, { message }: Of<"message.queued">): WorkflowState {
  return {
    ...state,
    messages: [...(state.messages ?? []), message],
    counters: { ...state.counters, message: (state.counters.message ?? 0) + 1 },
  };
}

export function onMessageSettled(
  { messages, ...state }: WorkflowState,
  event: Of<"message.settled">,
): WorkflowState {
  const left = (messages ?? []).filter((message) => message.id !== event.message);
  return left.length === 0 ? state : { ...state, messages: left };
}
