import type { SessionMessage, TroubleKind } from "../core/workflow/live.ts";
import type { SessionOutcome } from "../core/workflow/outcome.ts";

/** An agent program that speaks the Agent Client Protocol on its standard streams. */
export interface AcpProgram {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Login method that is chosen after the start; absent = the program is logged in. */
  readonly auth?: string;
  /** Mode of each session, by the agent's own id; absent = its default. */
  readonly mode?: string;
}

/** Everything that a session needs, as written to `spec.json` before it starts. Paths are absolute. */
export interface SessionSpec {
  /** Effect id. */
  readonly id: string;
  readonly workflow: string;
  readonly purpose: "create" | "revise" | "critique" | "judge" | "handoff" | "synthesis";
  readonly subject: string;
  readonly role: string;
  readonly round: number;
  readonly part: number;
  /** `claude`, `claude-cli`, `acp:<name>`, `command:<name>`, `simulated`. */
  readonly adapter: string;
  /** argv template of a `command:` adapter; `{prompt_file}` and `{result_file}` are replaced. */
  readonly command?: readonly string[];
  /** Program of an `acp:` adapter. */
  readonly agent?: AcpProgram;
  readonly model?: string;
  readonly effort?: string;
  readonly cwd: string;
  /** Conversation id chosen by us and journalled before the start; of an agent that chooses its own the one to continue. */
  readonly conversation: string;
  /** True = continue `conversation`; false = create it. */
  readonly resume: boolean;
  /** With `resume`: `conversation` is new and goes on as a copy of this one. */
  readonly forkOf?: string;
  readonly prompt: string;
  readonly charter: string;
  readonly instructions: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Exact tool names that are allowed. */
  readonly tools: readonly string[];
  /** Absolute folder whose content it may write (the worktree), null = read-only. */
  readonly boundary: string | null;
  /** Repository-relative globs inside the boundary that it may write; `**` = all. */
  readonly writes: readonly string[];
  readonly limits: {
    readonly wallMs: number;
    readonly idleMs: number;
    readonly startupMs: number;
    readonly turns: number;
    readonly usd: number | null;
    /** How long a question waits for a person, awake; default 1 h. */
    readonly answerMs?: number;
  };
  /** `ask`: a tool call that the rules do not settle waits for a person where the adapter can; default `deny`. */
  readonly permissions?: "ask" | "deny";
  /** The program and all that it starts may write nowhere else than in `boundary`, a temporary folder of its own and `writable`. */
  readonly sandbox?: { readonly use: "bubblewrap"; readonly writable: readonly string[] };
  /** Repository-relative globs that the slot declared to change, beside `writes`; for noticing, not for denying. Absent = as `writes`. */
  readonly area?: readonly string[];
  readonly costBefore: number;
  /** Complete environment of the agent process. */
  readonly env: Readonly<Record<string, string>>;
  /** For the simulated adapter and for messages: repository-relative artifact path. */
  readonly artifact?: string;
  /** Seed of the simulated adapter. */
  readonly seed?: string;
}

/** Normalised line of `events.jsonl`. `at` is ISO time. */
export type SessionEvent = { readonly at: string } & (
  | {
      readonly type: "started";
      readonly pid: number;
      readonly startTime: string;
      readonly bootId: string;
      readonly version?: string;
    }
  /** The agent has chosen an id of its own for the conversation; empty = no later session can continue it. */
  | { readonly type: "conversation"; readonly id: string }
  | { readonly type: "text"; readonly text: string }
  /** `input`: hash of the whole input. */
  | { readonly type: "tool"; readonly tool: string; readonly target: string; readonly input?: string }
  /** `target` of its call; `failure`: hash of what a failed call said; `wrote`: the file that a file tool has changed. */
  | {
      readonly type: "tool-result";
      readonly tool: string;
      readonly error: boolean;
      readonly target?: string;
      readonly failure?: string;
      readonly wrote?: string;
    }
  | { readonly type: "denied"; readonly tool: string; readonly target: string; readonly reason: string }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "retry"; readonly message: string; readonly delayMs: number }
  /** `estimateUsd`: a guess from tokens while the agent itself has not said what it cost; `estimatedUsd`: the guessed part of `costUsd`. */
  | {
      readonly type: "usage";
      readonly costUsd: number | null;
      readonly estimatedUsd?: number;
      readonly turns: number;
      readonly estimateUsd?: number;
    }
  /** The session waits for a person. `number` counts within the session; `limitMs` of awake time until it goes on without. */
  | {
      readonly type: "asked";
      readonly number: number;
      readonly kind: "agent" | "permission";
      readonly question: string;
      readonly choices: readonly string[];
      readonly tool?: string;
      readonly target?: string;
      readonly limitMs: number;
    }
  /** It goes on; `by` null = nobody answered, and `text` says what it was told instead. */
  | {
      readonly type: "answered";
      readonly number: number;
      readonly by: string | null;
      readonly text: string;
      /** Id of the message that brought the answer. */
      readonly message?: string;
    }
  /** `interrupts`: the present turn was ended for it. */
  | {
      readonly type: "said";
      readonly message: string;
      readonly by: string;
      readonly text: string;
      readonly interrupts?: true;
    }
  | {
      readonly type: "trouble";
      readonly number: number;
      readonly trouble: TroubleKind;
      readonly reason: string;
      readonly since: string;
    }
  | { readonly type: "trouble-over"; readonly number: number }
  | { readonly type: "ended"; readonly outcome: SessionOutcome["kind"] }
);

export interface SessionStatus {
  readonly state: "unknown" | "running" | "ended";
  readonly pid?: number;
  readonly lastEventAt?: string;
}

/**
 * What became of a message: in the session; not there yet (`not-started`: it may be in a moment), or never
 * (`ended`, `closed`: its question is answered or timed out, `deaf`: the agent hears nothing while it runs).
 */
export type Delivery = "delivered" | "not-started" | "ended" | "closed" | "deaf";

/**
 * Starts, observes and ends agent sessions. The embedded one talks to a detached process that outlives the coordinator.
 *
 * Contract:
 * - `start` is idempotent by spec id: running already = attach; ended already = nothing. Resolves when the session is accepted.
 * - `outcome` resolves with how it ended, also when it ended before the call or in an earlier life of the coordinator.
 *   A host that died gives `crashed` with retry advice; never rejects for agent, network or model failures.
 * - `stop` ends the whole tree (group, environment marker, descendants), then `outcome` gives `cancelled`.
 * - Limits are enforced by the host on awake time, not by the caller.
 * - `events` reads what has been written so far, oldest first.
 * - `follow` gives all events, oldest first, also those of an earlier life, then each as it is written; it ends when the session has ended
 *   and when the signal aborts. It does not need the session to have started.
 * - `deliver` is idempotent by message id: a repeated one is `delivered` and reaches the agent once.
 */
export interface SessionHost {
  start(spec: SessionSpec): Promise<void>;
  outcome(workflow: string, id: string, signal: AbortSignal): Promise<SessionOutcome>;
  status(workflow: string, id: string): Promise<SessionStatus>;
  stop(workflow: string, id: string, reason: string): Promise<void>;
  events(workflow: string, id: string): Promise<readonly SessionEvent[]>;
  follow(workflow: string, id: string, signal: AbortSignal): AsyncIterable<SessionEvent>;
  deliver(workflow: string, message: SessionMessage): Promise<Delivery>;
  /** Sessions that this host still runs, for all workflows of the repository. */
  running(): Promise<readonly { readonly workflow: string; readonly id: string }[]>;
}

/** What an adapter can do; the engine looks at nothing else about it. */
export interface AgentCapabilities {
  readonly resume: boolean;
  readonly fork: boolean;
  readonly budget: boolean;
  readonly cost: boolean;
  readonly structured: boolean;
  readonly permissionCallback: boolean;
  readonly choosesSessionId: boolean;
  /** True when a person can speak to it while it runs; default false. */
  readonly steer?: boolean;
  /** True when its turn can be ended while its process and conversation go on; default false. */
  readonly interrupt?: boolean;
}

/** What an agent wants to know from a person. */
export interface AskRequest {
  readonly kind: "agent" | "permission";
  readonly question: string;
  readonly choices: readonly string[];
  readonly tool?: string;
  readonly target?: string;
}

/** A person's answer; `by` null = nobody answered in time. */
export interface AskReply {
  readonly word: "answer" | "allow" | "deny";
  readonly text: string;
  readonly by: string | null;
}

export interface AgentIo {
  readonly emit: (event: SessionEvent) => void;
  /** Process that must be ended with the session; called before its first output. */
  readonly onProcess: (pid: number) => void;
  readonly signal: AbortSignal;
  /** Waits for a person; absent = nobody can be asked. Never rejects; after `signal` aborts it settles at once. */
  readonly ask?: (request: AskRequest) => Promise<AskReply>;
  /** Whom to tell what a person says; call it once. `hear` is false when it is too late for the agent to hear it. */
  readonly listen?: (hear: Hear) => void;
}

/** Takes what a person says; `interrupt` ends the present turn first, where the agent can. False when it is too late. */
export type Hear = (text: string, by: string, how?: "interrupt") => boolean;

/**
 * Runs one agent to its end inside the session host.
 *
 * Contract: never rejects for agent, network or model failures; after `signal` aborts it settles soon with `cancelled`
 * (the host replaces that by its own reason for limits); `emit` is called in order and never after settlement.
 */
export interface AgentAdapter {
  readonly name: string;
  readonly capabilities: AgentCapabilities;
  /** Null when it can run here, else why not and what to do. */
  available(): Promise<{ readonly reason: string; readonly hint: string } | null>;
  run(spec: SessionSpec, io: AgentIo): Promise<SessionOutcome>;
}
