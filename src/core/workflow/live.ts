/**
 * What passes between people and sessions that run: questions of agents, messages to them, and what looks wrong in them.
 * Numbers count within one session, so that reading its events again changes nothing.
 */
import type { Instant } from "../vocabulary.ts";

/** A question of a running session; the session waits for the answer. */
export interface SessionAsk {
  /** 1 for the first question of the session. */
  readonly number: number;
  /** `agent`: the agent asks; `permission`: it may not use a tool without a person. */
  readonly kind: "agent" | "permission";
  readonly question: string;
  /** Answers that the agent proposes; may be empty. */
  readonly choices: readonly string[];
  /** `permission`: the tool and what it is about. */
  readonly tool?: string;
  readonly target?: string;
}

/**
 * `loop`: the same call, or the same failing result, again and again with no file changed; `silent`: no event for half of the idle
 * limit; `spending`: money with no file changed; `stray-edit`: a change outside what the slot declared.
 */
export type TroubleKind = "loop" | "silent" | "spending" | "stray-edit";

/** Something that looks wrong in a running session. */
export interface SessionTrouble {
  /** 1 for the first trouble of the session. */
  readonly number: number;
  readonly trouble: TroubleKind;
  /** Half a sentence, such as `loops: Bash npm test, 5 times`. */
  readonly reason: string;
  readonly since: Instant;
}

/** What a person sends into a running session. Delivered at least once; the same id twice is the same message. */
export interface SessionMessage {
  /** `M-001`, counted within the workflow. */
  readonly id: string;
  /** Effect id of the session. */
  readonly session: string;
  readonly subject: string;
  /** `answer`, `allow` and `deny` answer the question `ask`; `say` is said without being asked; `interrupt` also ends the present turn. */
  readonly kind: "answer" | "allow" | "deny" | "say" | "interrupt";
  readonly ask: number | null;
  readonly text: string;
  readonly by: string;
  readonly at: Instant;
}

/** What ties an open question to a session that goes on, or waits, while it is open. */
export interface QuestionSession {
  /** Effect id of the session. */
  readonly id: string;
  /** Number of the ask or of the trouble within it. */
  readonly number: number;
  readonly choices?: readonly string[];
  readonly tool?: string;
  readonly target?: string;
  readonly trouble?: TroubleKind;
  /** When a trouble began; default: when it was asked. */
  readonly since?: Instant;
}

/** How a person says that a slot goes on, in answer to a question or without one. */
export type SlotWord = "retry" | "skip" | "write";

/** Set while a person's `stop` is carried out; what runs for the deliverable is ended and nothing else starts. */
export interface Stopping {
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
  /** Step that was under way, to which `continue` goes back. */
  readonly step: "create" | "critique" | "judge";
  /** What follows once it has ended; absent = a person is asked. */
  readonly next?: SlotWord | "continue" | "attach";
  /** True where what runs is waited for instead of ended; nothing new starts. */
  readonly patient?: true;
}

/** A person has the worktree and the conversation of a slot in a terminal. */
export interface Attachment {
  readonly by: string;
  readonly since: Instant;
  /** Set when it was handed back. */
  readonly endedAt?: Instant;
}
