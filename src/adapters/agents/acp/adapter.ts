/**
 * Any agent that speaks the Agent Client Protocol, version 1: we start it, prompt it, rule on what it asks to do, count its turns and money,
 * and end it. What it says it did is a note; git tells what was done.
 */
import type { SessionEnd, SessionOutcome } from "../../../core/workflow/outcome.ts";
import type { AgentAdapter, AgentIo, SessionSpec } from "../../../ports/session-host.ts";
import { type Confined, confine } from "../../sandbox/confine.ts";
import { hasOwnTools } from "../claude-settings.ts";
import { type Fields, fieldsOf } from "../foreign-data.ts";
import { findProgram } from "../hook-program.ts";
import { abortReason, type Emit, missingFolder, outcomeOf, stampedEmit } from "../session-io.ts";
import { openToolSocket, type ToolSocket } from "../session-mcp.ts";
import { SESSION_TOOLS, TOOL_SERVER } from "../session-tools.ts";
import { type AnswerDesk, openAnswerDesk } from "./answer.ts";
import { EndedEarly, endOfError, endOfStop } from "./ending.ts";
import { writeForAgent } from "./files.ts";
import { type AcpLink, openLink } from "./link.ts";
import { openConversation } from "./opening.ts";
import { allowed, asksPeople, rejected, rulingOn } from "./permission.ts";
import { AcpReader } from "./reader.ts";
import { targetOf, toolOf } from "./tool-call.ts";
import { converse, type Turns } from "./turns.ts";

/** How long an agent may take to end a turn that was cancelled, milliseconds. */
const CANCEL_MS = 4000;

/** The `acp:<name>` adapter. Its program comes with every session (`spec.agent`). */
export function createAdapter(
  options: { readonly toolProgram?: string; readonly cancelMs?: number } = {},
): AgentAdapter {
  const toolProgram = options.toolProgram ?? findProgram("session-tools");
  return {
    name: "acp",
    capabilities: {
      resume: true,
      fork: false,
      budget: false,
      cost: false,
      structured: true,
      permissionCallback: true,
      choosesSessionId: false,
      steer: true,
      interrupt: true,
    },
    available: () => Promise.resolve(null),
    run: (spec, io) => run(spec, io, { toolProgram, cancelMs: options.cancelMs ?? CANCEL_MS }),
  };
}

/** What a run has, from its start on. */
interface Run extends RunOptions {
  readonly spec: SessionSpec;
  readonly io: AgentIo;
  readonly emit: Emit;
  readonly reader: AcpReader;
  readonly answer: AnswerDesk | null;
  readonly turns: Turns;
}

interface RunOptions {
  readonly toolProgram: string | null;
  readonly cancelMs: number;
}

async function run(spec: SessionSpec, io: AgentIo, options: RunOptions): Promise<SessionOutcome> {
  const started = Date.now();
  const { emit, close } = stampedEmit(io);
  const turns: Turns = { limit: null };
  const reader = new AcpReader({ spec, emit, onSpent: (usd, count) => watchLimits(spec, turns, usd, count) });
  const answer = spec.schema === undefined ? null : openAnswerDesk(spec.schema);
  let sessionId = spec.resume ? spec.conversation : "";
  const keep = (id: string): void => {
    sessionId = id;
  };
  const refusal = cannotStart(spec, io.signal);
  const end = refusal ?? (await runToEnd({ ...options, spec, io, emit, reader, answer, turns }, keep));
  const { costUsd } = reader;
  const usage = {
    costUsd: refusal === null ? costUsd : 0,
    turns: reader.turns,
    durationMs: Date.now() - started,
  };
  if (refusal === null) emit({ type: "usage", costUsd, turns: reader.turns });
  close();
  return { ...outcomeOf(spec, usage, end), sessionId };
}

function cannotStart(spec: SessionSpec, signal: AbortSignal): SessionEnd | null {
  const missing =
    missingFolder(spec) ??
    (spec.agent?.command[0] === undefined ? "the command of this agent is empty" : null);
  if (missing !== null) return { kind: "crashed", message: missing, retry: "never" };
  if (signal.aborted) return { kind: "cancelled", reason: abortReason(signal) };
  if (spec.limits.usd === null || spec.limits.usd > 0) return null;
  return { kind: "limit", which: "usd", message: "no money is left for this session", retry: "never" };
}

/** Never rejects. `keep` hears the id of the conversation that a later session can continue. */
async function runToEnd(run: Run, keep: (id: string) => void): Promise<SessionEnd> {
  const { spec, io, emit, reader, toolProgram } = run;
  let socket: ToolSocket | null = null;
  let link: AcpLink | null = null;
  let confined: Confined | null = null;
  try {
    socket = await openTools(run);
    const { command } = spec.agent ?? { command: [] };
    confined = await confinement(spec, [
      ...command,
      ...(toolProgram === null ? [] : [process.execPath, toolProgram]),
      socket?.path,
    ]);
    link = openLink({
      confined,
      command,
      cwd: spec.cwd,
      env: spec.env,
      onProcess: io.onProcess,
      on: requestsOf(run),
    });
    const opened = await whileWanted(
      io.signal,
      openConversation(link, spec, serversOf(socket, toolProgram), emit),
    );
    keep(opened.lasts ? opened.id : "");
    reader.listen();
    const reason = await converse({ ...run, link, conversation: opened.id });
    return concluded(run, endOfStop(reason));
  } catch (error) {
    return concluded(run, endOfError(error));
  } finally {
    reader.flush();
    await link?.end();
    await confined?.close();
    socket?.close();
  }
}

/** Without what it is to be confined by it is not started, and not tried again. */
async function confinement(spec: SessionSpec, readable: readonly (string | undefined)[]): Promise<Confined> {
  try {
    return await confine(spec, { readable: readable.filter((file) => file !== undefined) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new EndedEarly({ kind: "crashed", message, retry: "never" });
  }
}

/** Its own limits first, then whoever stopped it, then how it ended by itself. */
function concluded({ io, reader, answer, turns }: Run, end: SessionEnd | null): SessionEnd {
  if (turns.limit !== null) return turns.limit;
  if (io.signal.aborted && end !== null) return { kind: "cancelled", reason: abortReason(io.signal) };
  if (end !== null) return end;
  const { text, denials, wrote } = reader;
  const given = answer?.read(text);
  if (given !== undefined && "problem" in given) {
    const message = `the agent gave no structured answer: ${given.problem}`;
    return { kind: "limit", which: "structured", message, retry: "backoff" };
  }
  // A refusal counts only when it left the session without any work.
  if (denials.length > 0 && given === undefined && !wrote)
    return { kind: "blocked", text, denials, retry: "never" };
  return { kind: "ok", text, ...(given === undefined ? {} : { structured: given.value }), denials };
}

function watchLimits({ limits }: SessionSpec, turns: Turns, usd: number | null, count: number): void {
  if (turns.limit !== null) return;
  if (limits.usd !== null && usd !== null && usd >= limits.usd) {
    const message = `the agent has spent ${usd} of ${limits.usd} USD`;
    turns.limit = { kind: "limit", which: "usd", message, retry: "never" };
  } else if (count > limits.turns) {
    const message = `the agent went on after ${limits.turns} turns`;
    turns.limit = { kind: "limit", which: "turns", message, retry: "backoff" };
  }
  if (turns.limit !== null) turns.stop?.();
}

/** Tools for sessions that make something, and the one for answers where one is asked for. */
async function openTools({ spec, io, emit, answer, toolProgram }: Run): Promise<ToolSocket | null> {
  const tools = [...(hasOwnTools(spec) ? SESSION_TOOLS : []), ...(answer === null ? [] : [answer.tool])];
  if (toolProgram === null || tools.length === 0) return null;
  return openToolSocket({ emit, ...(io.ask === undefined ? {} : { ask: io.ask }) }, tools);
}

function serversOf(socket: ToolSocket | null, toolProgram: string | null): readonly Fields[] {
  if (socket === null || toolProgram === null) return [];
  return [{ name: TOOL_SERVER, command: process.execPath, args: [toolProgram, socket.path], env: [] }];
}

function requestsOf(run: Run) {
  const { spec, reader } = run;
  return {
    permission: (params: Fields) => permit(run, params),
    writeFile: async (params: Fields) => {
      const done = await writeForAgent(spec, params, (file, reason) => reader.deny("Write", file, reason));
      reader.wrote = true;
      return done;
    },
    update: (params: Fields) => reader.onUpdate(params),
  };
}

async function permit({ spec, io, reader }: Run, params: Fields): Promise<Record<string, unknown>> {
  const call = reader.callOf(fieldsOf(params.toolCall));
  const [tool, target] = [toolOf(call), targetOf(call)];
  const refuse = (reason: string): Record<string, unknown> => {
    reader.deny(tool, target, reason);
    return rejected(params.options);
  };
  const ruling = rulingOn(spec, call);
  if (ruling.rule === "deny") return refuse(ruling.reason);
  const yes = allowed(params.options);
  if (yes === null) return refuse("the agent offers no way to allow it once");
  if (ruling.rule === "allow") return yes;
  if (io.ask === undefined || !asksPeople(spec)) return refuse(ruling.reason);
  const reply = await io.ask({ kind: "permission", question: ruling.reason, choices: [], tool, target });
  return reply.word === "allow"
    ? yes
    : refuse(`${reply.by === null ? "" : `${reply.by} denied it. `}${reply.text}`.trim());
}

/** An agent that is still starting hears no cancellation: it is not waited for. */
function whileWanted<T>(signal: AbortSignal, opening: Promise<T>): Promise<T> {
  opening.catch(() => {});
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(new Error(abortReason(signal)));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
