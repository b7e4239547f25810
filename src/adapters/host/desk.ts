/**
 * Where a running session and people meet: questions that wait for an answer, and what people say.
 *
 * Invariant H8: a question gets exactly one reply: a person's, or the safe one when its time is over or the session ends.
 * Invariant H9: a message reaches the agent at most once, however often it is delivered.
 */
import type { SessionMessage } from "../../core/workflow/live.ts";
import type { AskReply, AskRequest, Delivery, Hear } from "../../ports/session-host.ts";
import type { EventBody } from "../agents/session-io.ts";

/** What the agent hears when nobody has answered. */
export const NOBODY = "Nobody answered: take the most careful choice, and note the assumption in the work.";
const REFUSED = "Nobody allowed it in time. Do without it, and state in the work what could not be done.";

/** How long a question waits unless its session says otherwise. */
export const ANSWER_MS = 3_600_000;

export interface Desk {
  ask(request: AskRequest): Promise<AskReply>;
  listen(hear: Hear): void;
  deliver(message: SessionMessage): Delivery;
  /** Replies to questions whose time is over, by the awake time of the session. */
  expire(awakeMs: number): void;
  /** What is open gets the safe reply; nothing is delivered any more. */
  close(): void;
}

export interface DeskParts {
  readonly limitMs: number;
  readonly awakeMs: () => number;
  readonly record: (event: EventBody) => void;
  /** Whether this agent will ever listen; null = not known yet. */
  readonly steers: () => boolean | null;
}

interface Waiting {
  readonly request: AskRequest;
  readonly until: number;
  readonly resolve: (reply: AskReply) => void;
}

export function openDesk({ limitMs, awakeMs, record, steers }: DeskParts): Desk {
  const waiting = new Map<number, Waiting>();
  const heard = new Set<string>();
  let asked = 0;
  let open = true;
  let hear: Hear | undefined;

  const reply = (number: number, answer: AskReply, message?: string): void => {
    const one = waiting.get(number);
    if (one === undefined) return;
    waiting.delete(number);
    const text = answer.text === "" ? answer.word : answer.text;
    record({ type: "answered", number, by: answer.by, text, ...(message === undefined ? {} : { message }) });
    one.resolve(answer);
  };
  const answer = ({ id, ask, kind, text, by }: SessionMessage): Delivery => {
    if (ask === null || kind === "say" || kind === "interrupt" || !waiting.has(ask)) return "closed";
    heard.add(id);
    reply(ask, { word: kind, text, by }, id);
    return "delivered";
  };
  const say = ({ id, kind, text, by }: SessionMessage): Delivery => {
    const interrupts = kind === "interrupt";
    if (hear === undefined) return steers() === false ? "deaf" : "not-started";
    if (!(interrupts ? hear(text, by, "interrupt") : hear(text, by))) return "ended";
    heard.add(id);
    record({ type: "said", message: id, by, text, ...(interrupts ? { interrupts } : {}) });
    // The turn that asked is over: nobody waits for these answers any more.
    if (interrupts) for (const number of waiting.keys()) reply(number, { word: "deny", text, by }, id);
    return "delivered";
  };

  return {
    ask: (request) => {
      if (!open) return Promise.resolve(safeReply(request));
      asked += 1;
      const number = asked;
      const answered = new Promise<AskReply>((resolve) => {
        waiting.set(number, { request, until: awakeMs() + limitMs, resolve });
      });
      record({ type: "asked", number, ...request, limitMs });
      return answered;
    },
    listen: (listener) => {
      hear = listener;
    },
    deliver: (message) => {
      if (heard.has(message.id)) return "delivered";
      if (!open) return "ended";
      return message.ask === null ? say(message) : answer(message);
    },
    expire: (now) => {
      for (const [number, { until, request }] of waiting) if (now >= until) reply(number, safeReply(request));
    },
    close: () => {
      open = false;
      for (const { request, resolve } of waiting.values()) resolve(safeReply(request));
      waiting.clear();
    },
  };
}

function safeReply({ kind }: AskRequest): AskReply {
  return kind === "agent"
    ? { word: "answer", text: NOBODY, by: null }
    : { word: "deny", text: REFUSED, by: null };
}
