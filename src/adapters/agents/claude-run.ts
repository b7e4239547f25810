/** One run of Claude Code from spec to outcome, the same for the SDK and the command; what differs is how it is launched. */
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import type { AgentIo, SessionSpec } from "../../ports/session-host.ts";
import { killGroup } from "../process/spawn.ts";
import { classifyClaude, claudeUsage } from "./claude-classify.ts";
import { ClaudeReader, type ClaudeTranscript } from "./claude-messages.ts";
import { abortReason, missingFolder, outcomeOf, stampedEmit } from "./session-io.ts";

export interface Launch {
  readonly spec: SessionSpec;
  readonly signal: AbortSignal;
  readonly onProcess: (pid: number) => void;
  readonly onMessage: (message: unknown) => void;
}

/** Starts the program and resolves, once its process has ended, with a sentence on how it ended. Rejects when it cannot be started. */
export type Launcher = (launch: Launch) => Promise<string>;

interface RunEnd {
  readonly transcript: ClaudeTranscript;
  readonly exit: string;
}

/** Pauses between the signals that end a process, milliseconds. */
const INTERRUPT_MS = 2000;
const TERMINATE_MS = 3000;

/**
 * Runs a session. A conversation that we expected and the agent does not know starts anew, and one that it knows already is
 * continued: both happen when a host dies around the first message, and neither has cost anything yet.
 */
export async function runClaude(spec: SessionSpec, io: AgentIo, launch: Launcher): Promise<SessionOutcome> {
  const started = Date.now();
  const { emit, close } = stampedEmit(io);
  const crashed = (message: string): SessionOutcome =>
    outcomeOf(
      spec,
      { costUsd: 0, turns: 0, durationMs: Date.now() - started },
      { kind: "crashed", message, retry: "never" },
    );
  try {
    const missing = missingFolder(spec);
    if (missing !== null) return crashed(missing);
    if (io.signal.aborted)
      return outcomeOf(spec, noUsage(started), { kind: "cancelled", reason: abortReason(io.signal) });
    if (spec.limits.usd !== null && spec.limits.usd <= 0) {
      const message = "no money is left for this session";
      return outcomeOf(spec, noUsage(started), { kind: "limit", which: "usd", message, retry: "never" });
    }
    const attempt = async (tried: SessionSpec): Promise<RunEnd> => {
      const reader = new ClaudeReader(emit);
      const exit = await launch({
        spec: tried,
        signal: io.signal,
        onProcess: io.onProcess,
        onMessage: (message) => reader.onMessage(message),
      });
      return { transcript: reader.transcript(), exit };
    };
    let used = spec;
    let end = await attempt(used);
    const other = otherStart(spec, end);
    if (other !== null && !io.signal.aborted) {
      emit({
        type: "note",
        text: other.resume
          ? "the conversation exists already and is continued"
          : "the conversation is unknown and starts anew",
      });
      used = other;
      end = await attempt(used);
    }
    const usage = claudeUsage(end.transcript, used.costBefore, Date.now() - started);
    emit({ type: "usage", costUsd: usage.costUsd, turns: usage.turns });
    return outcomeOf(spec, usage, classifyClaude(endOf(spec, end, io.signal)));
  } catch (error) {
    return crashed(error instanceof Error ? error.message : String(error));
  } finally {
    close();
  }
}

function noUsage(started: number) {
  return { costUsd: 0, turns: 0, durationMs: Date.now() - started };
}

function endOf(spec: SessionSpec, end: RunEnd, signal: AbortSignal) {
  return {
    transcript: end.transcript,
    exit: end.exit,
    schemaAsked: spec.schema !== undefined,
    stopped: signal.aborted ? abortReason(signal) : null,
    nowMs: Date.now(),
  };
}

function otherStart(spec: SessionSpec, end: RunEnd): SessionSpec | null {
  const said = `${end.exit} ${end.transcript.result?.errors.join(" ") ?? ""}`;
  if (spec.resume && /no conversation found/i.test(said)) return { ...spec, resume: false, costBefore: 0 };
  if (!spec.resume && /session id \S+ is already in use/i.test(said)) return { ...spec, resume: true };
  return null;
}

/**
 * Ends a process group when the signal aborts: an interrupt first, which lets the agent report its cost and end its own
 * children, then harder. Returns a function that releases the timers once the process is gone.
 */
export function stopOnAbort(pid: number | undefined, signal: AbortSignal): () => void {
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    killGroup(pid, "SIGINT");
    timers.push(setTimeout(() => killGroup(pid, "SIGTERM"), INTERRUPT_MS));
    timers.push(setTimeout(() => killGroup(pid, "SIGKILL"), INTERRUPT_MS + TERMINATE_MS));
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
