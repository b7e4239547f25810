/**
 * Any program as an agent, the floor of what can be driven: argv template, prompt in a file and on stdin, result from the
 * exit code and an optional JSON result file `{text, structured, cost_usd, turns}`.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SessionEnd, SessionOutcome } from "../../core/workflow/outcome.ts";
import type { AgentAdapter, AgentIo, SessionSpec } from "../../ports/session-host.ts";
import { temporaryPrefix } from "../fs/temporary.ts";
import type { killGroup, spawnProcess } from "../process/spawn.ts";
import { type Confined, confine } from "../sandbox/confine.ts";
import { abortReason, type Emit, missingFolder, outcomeOf, shorten, stampedEmit } from "./session-io.ts";
import { lineReader, tailReader } from "./streams.ts";

interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: string;
  readonly stderr: string;
}

interface ResultFile {
  readonly text?: string;
  readonly structured?: unknown;
  readonly costUsd: number | null;
  readonly turns: number;
}

/** Time between the polite and the final signal, in milliseconds. */
const GRACE_MS = 3000;

/** The `command:<name>` adapter. Its program comes with every session (`spec.command`). */
export function createAdapter(): AgentAdapter {
  return {
    name: "command",
    capabilities: {
      resume: false,
      fork: false,
      budget: false,
      cost: false,
      structured: true,
      permissionCallback: false,
      choosesSessionId: true,
    },
    available: () => Promise.resolve(null),
    run,
  };
}

async function run(spec: SessionSpec, io: AgentIo): Promise<SessionOutcome> {
  const started = Date.now();
  const { emit, close } = stampedEmit(io);
  const usage = (result?: ResultFile) => ({
    costUsd: result?.costUsd ?? null,
    turns: result?.turns ?? 0,
    durationMs: Date.now() - started,
  });
  const problem =
    missingFolder(spec) ?? (spec.command?.[0] === undefined ? "the command of this agent is empty" : null);
  if (problem !== null)
    return outcomeOf(spec, usage(), { kind: "crashed", message: problem, retry: "never" });
  const folder = await mkdtemp(temporaryPrefix("command"));
  let confined: Confined | null = null;
  try {
    confined = await confine(spec, { readable: [], writable: [folder] });
    const files = { prompt: path.join(folder, "prompt.md"), result: path.join(folder, "result.json") };
    await writeFile(files.prompt, promptOf(spec));
    const end = await runToEnd(spec, argvOf(spec, files), files, io, { emit, confined });
    const result = await readResult(files.result);
    emit({ type: "usage", costUsd: usage(result).costUsd, turns: usage(result).turns });
    return outcomeOf(spec, usage(result), classify(spec, end, result, io.signal));
  } catch (error) {
    if (confined !== null || !(error instanceof Error)) throw error;
    // Without what it is to be confined by it is not tried again, and never started free.
    return outcomeOf(spec, usage(), { kind: "crashed", message: error.message, retry: "never" });
  } finally {
    close();
    await confined?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Charter and instructions first: this agent has no system prompt of ours. */
function promptOf(spec: SessionSpec): string {
  return [spec.charter, spec.instructions, spec.prompt].filter((part) => part !== "").join("\n\n");
}

function argvOf(
  spec: SessionSpec,
  files: { readonly prompt: string; readonly result: string },
): readonly string[] {
  return (spec.command ?? []).map((word) =>
    word.replaceAll("{prompt_file}", files.prompt).replaceAll("{result_file}", files.result),
  );
}

function runToEnd(
  spec: SessionSpec,
  argv: readonly string[],
  files: { readonly prompt: string; readonly result: string },
  io: AgentIo,
  { emit, confined }: { readonly emit: Emit; readonly confined: Confined },
): Promise<ProgramEnd> {
  const [file = "", ...args] = argv;
  const env = { ...spec.env, SIGNALBOX_PROMPT_FILE: files.prompt, SIGNALBOX_RESULT_FILE: files.result };
  return new Promise((resolve) => {
    if (io.signal.aborted) return resolve({ code: null, signal: "SIGTERM", stderr: "" });
    const child = confined.start(file, args, {
      cwd: spec.cwd,
      env,
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    if (child.pid !== undefined) io.onProcess(child.pid);
    const tail = tailReader(child.stderr);
    lineReader(child.stdout, (line) => emit({ type: "text", text: shorten(line) }));
    const release = stopOnAbort(child, io.signal, confined.signal);
    child.on("error", (error) => {
      release();
      resolve({ code: null, signal: null, error: error.message, stderr: tail() });
    });
    child.on("close", (code, signal) => {
      release();
      resolve({ code, signal, stderr: tail() });
    });
    child.stdin?.on("error", () => {}); // a program that does not read its input is no failure
    child.stdin?.end(promptOf(spec));
  });
}

function stopOnAbort(
  child: ReturnType<typeof spawnProcess>,
  signal: AbortSignal,
  tell: typeof killGroup,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    tell(child.pid, "SIGTERM");
    timer = setTimeout(() => tell(child.pid, "SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  };
}

async function readResult(file: string): Promise<ResultFile | undefined> {
  try {
    const fields = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>> | null;
    if (typeof fields !== "object" || fields === null) return undefined;
    return {
      ...(typeof fields.text === "string" ? { text: fields.text } : {}),
      ...(fields.structured === undefined ? {} : { structured: fields.structured }),
      costUsd: typeof fields.cost_usd === "number" && fields.cost_usd >= 0 ? fields.cost_usd : null,
      turns: typeof fields.turns === "number" ? fields.turns : 0,
    };
  } catch {
    return undefined;
  }
}

function classify(
  spec: SessionSpec,
  end: ProgramEnd,
  result: ResultFile | undefined,
  signal: AbortSignal,
): SessionEnd {
  if (signal.aborted) return { kind: "cancelled", reason: abortReason(signal) };
  const name = spec.command?.[0] ?? "command";
  if (end.error !== undefined) return { kind: "crashed", message: `${name}: ${end.error}`, retry: "never" };
  if (end.code !== 0) {
    const how =
      end.code === null ? `was ended by ${end.signal ?? "a signal"}` : `ended with exit code ${end.code}`;
    // By convention 2 is a usage error: the same call would fail again.
    const retry = end.code === 2 || end.code === 127 ? "never" : "backoff";
    return { kind: "crashed", message: shorten(`${name} ${how}. ${end.stderr.trim()}`.trim()), retry };
  }
  if (spec.schema !== undefined && result?.structured === undefined) {
    const message = `${name} wrote no structured answer to its result file`;
    return { kind: "limit", which: "structured", message, retry: "backoff" };
  }
  return {
    kind: "ok",
    text: result?.text ?? "",
    ...(result?.structured === undefined ? {} : { structured: result.structured }),
    denials: [],
  };
}
