/** One run of Claude Code from spec to outcome, the same for the SDK and the command; what differs is how it is launched. */
import type { SessionEnd, SessionOutcome } from "../../core/workflow/outcome.ts";
import type { AgentIo, SessionSpec } from "../../ports/session-host.ts";
import { killGroup } from "../process/spawn.ts";
import { classifyClaude, claudeUsage } from "./claude-classify.ts";
import { ClaudeReader, type ClaudeTranscript } from "./claude-messages.ts";
import { claudeFolder, type RecoveredCost, recoverCost } from "./claude-transcript.ts";
import { abortReason, type Emit, missingFolder, outcomeOf, stampedEmit } from "./session-io.ts";

export interface Launch {
  readonly spec: SessionSpec;
  readonly signal: AbortSignal;
  readonly onProcess: (pid: number) => void;
  readonly onMessage: (message: unknown) => void;
  readonly emit: Emit;
  readonly ask: AgentIo["ask"];
  readonly listen: AgentIo["listen"];
}

/** Starts the program and resolves, once its process has ended, with a sentence on how it ended. Rejects when it cannot be started. */
export type Launcher = (launch: Launch) => Promise<string>;

interface RunEnd {
  /** The spec as it was really run. */
  readonly used: SessionSpec;
  readonly transcript: ClaudeTranscript;
  readonly exit: string;
}

/** Pauses between the signals that end a process, milliseconds. */
const INTERRUPT_MS = 2000;
const TERMINATE_MS = 3000;

/** Runs a session to its outcome; never rejects. */
export async function runClaude(spec: SessionSpec, io: AgentIo, launch: Launcher): Promise<SessionOutcome> {
  const started = Date.now();
  const { emit, close } = stampedEmit(io);
  const unused = (end: SessionEnd): SessionOutcome =>
    outcomeOf(spec, { costUsd: 0, turns: 0, durationMs: Date.now() - started }, end);
  try {
    const refusal = cannotStart(spec, io.signal);
    if (refusal !== null) return unused(refusal);
    const { used, transcript, exit } = await runToEnd(spec, io, emit, launch);
    const recovered = transcript.result === null ? await recovery(used) : null;
    const usage = claudeUsage(transcript, used.costBefore, Date.now() - started, recovered);
    const { costUsd, estimatedUsd } = usage;
    emit({
      type: "usage",
      costUsd,
      turns: usage.turns,
      ...(estimatedUsd === undefined ? {} : { estimatedUsd }),
    });
    const stopped = io.signal.aborted ? abortReason(io.signal) : null;
    const schemaAsked = spec.schema !== undefined;
    return outcomeOf(
      spec,
      usage,
      classifyClaude({ transcript, exit, schemaAsked, stopped, nowMs: Date.now() }),
    );
  } catch (error) {
    return unused({
      kind: "crashed",
      message: error instanceof Error ? error.message : String(error),
      retry: "never",
    });
  } finally {
    close();
  }
}

/** A conversation that never began has cost nothing that could be read; what its stream showed counts then. */
async function recovery(spec: SessionSpec): Promise<RecoveredCost | null> {
  const folder = claudeFolder(spec.env);
  // The file of a copy also has the replies of its original.
  return folder === null || spec.forkOf !== undefined ? null : recoverCost(folder, spec);
}

function cannotStart(spec: SessionSpec, signal: AbortSignal): SessionEnd | null {
  const missing = missingFolder(spec);
  if (missing !== null) return { kind: "crashed", message: missing, retry: "never" };
  if (signal.aborted) return { kind: "cancelled", reason: abortReason(signal) };
  if (spec.limits.usd === null || spec.limits.usd > 0) return null;
  return { kind: "limit", which: "usd", message: "no money is left for this session", retry: "never" };
}

/**
 * A conversation that we expected and the agent does not know starts anew, and one that it knows already is continued: both
 * happen when a host dies around the first message, and neither has cost anything yet.
 */
async function runToEnd(spec: SessionSpec, io: AgentIo, emit: Emit, launch: Launcher): Promise<RunEnd> {
  const attempt = async (used: SessionSpec): Promise<RunEnd> => {
    const reader = new ClaudeReader(emit);
    const onMessage = (message: unknown): void => reader.onMessage(message);
    const { signal, onProcess, ask, listen } = io;
    const exit = await launch({ spec: used, signal, onProcess, onMessage, emit, ask, listen });
    return { used, transcript: reader.transcript(), exit };
  };
  const first = await attempt(spec);
  const other = io.signal.aborted ? null : otherStart(spec, first);
  if (other === null) return first;
  const what = other.resume ? "exists already and is continued" : "is unknown and starts anew";
  emit({ type: "note", text: `the conversation ${what}` });
  return attempt(other);
}

function otherStart(spec: SessionSpec, end: RunEnd): SessionSpec | null {
  const said = `${end.exit} ${end.transcript.result?.errors.join(" ") ?? ""}`;
  // One that has cost something has begun, and is lost: what it left must be told to whoever begins anew, which is not ours to do.
  const isNew = spec.costBefore === 0;
  if (spec.resume && isNew && /no conversation found/i.test(said)) return beganAnew(spec);
  const inUse = /session id \S+ is already in use/i.test(said);
  if (inUse && (!spec.resume || spec.forkOf !== undefined)) return { ...withoutFork(spec), resume: true };
  return null;
}

function beganAnew(spec: SessionSpec): SessionSpec {
  return { ...withoutFork(spec), resume: false, costBefore: 0 };
}

function withoutFork({ forkOf: _, ...spec }: SessionSpec): SessionSpec {
  return spec;
}

/**
 * Ends a process group when the signal aborts: an interrupt first, which lets the agent report its cost and end its own
 * children, then harder. Returns a function that releases the timers once the process is gone.
 */
export function stopOnAbort(
  pid: number | undefined,
  signal: AbortSignal,
  tell: typeof killGroup = killGroup,
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    tell(pid, "SIGINT");
    timers.push(setTimeout(() => tell(pid, "SIGTERM"), INTERRUPT_MS));
    timers.push(setTimeout(() => tell(pid, "SIGKILL"), INTERRUPT_MS + TERMINATE_MS));
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  };
}

/** How a process ended, with the end of what it said. */
export function exitText(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal !== null ? `claude was ended by ${signal}` : `claude ended with exit code ${code}`;
  return `${how}. ${stderr.trim()}`.trim();
}
