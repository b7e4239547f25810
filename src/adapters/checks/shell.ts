/** Runs one shell command of a project to its end, with everything that it started. */
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { type ProcessIdentity, processIdentity } from "../process/identity.ts";
import { spawnProcess } from "../process/spawn.ts";
import { endTree } from "../process/tree.ts";

type ChildProcess = ReturnType<typeof spawnProcess>;

export interface ShellCommand {
  readonly command: string;
  readonly cwd: string;
  /** Complete environment; a mark that identifies the command's processes is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** For whom it runs: what a killed coordinator or landing leaves behind is found by it. */
  readonly owner?: string;
  /** Ends it; the result then has no exit code. */
  readonly signal?: AbortSignal;
}

export interface ShellResult {
  /** Null when it was ended by a signal or could not be started. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** stdout and stderr as they came, control sequences removed, at most the last 256 KiB. */
  readonly output: string;
}

const MARK = "SIGNALBOX_COMMAND";
/** The same for all commands of a repository. */
const OWNER_MARK = "SIGNALBOX_COMMAND_OF";
const KEPT_BYTES = 256 * 1024;
const GRACE_MS = 2000;

/**
 * `sh -c <command>` in a process group of its own. Never rejects. When the shell ends or its time is over, every process
 * that it left behind is ended too, also one in another group or session; a server that a check forgot would otherwise
 * hold ports and files of the next one.
 */
export async function runShell(request: ShellCommand): Promise<ShellResult> {
  const mark = randomUUID();
  const child = spawnProcess("sh", ["-c", request.command], {
    cwd: request.cwd,
    env: { ...request.env, [MARK]: mark, ...ownerMark(request.owner) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output = collectTail(child);
  const closed = once(child, "close").catch(() => {});
  const started = child.pid === undefined ? null : processIdentity(child.pid);
  const end = await ended(child, request.timeoutMs, request.signal);
  await endLeftovers(started, mark, end.timedOut ? GRACE_MS : 0);
  // A process that nobody can kill may hold the pipes open for ever.
  if (end.problem === "") await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
  return { exitCode: end.exitCode, timedOut: end.timedOut, output: `${output()}${end.problem}` };
}

interface End {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly problem: string;
}

function ended(child: ChildProcess, timeoutMs: number, signal?: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ exitCode: null, timedOut: true, problem: "" }), timeoutMs);
    const settle = (end: End): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve(end);
    };
    const stop = (): void => settle({ exitCode: null, timedOut: false, problem: "" });
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    child.once("exit", (exitCode) => settle({ exitCode, timedOut: false, problem: "" }));
    child.once("error", (error) =>
      settle({ exitCode: null, timedOut: false, problem: `could not be started: ${error.message}` }),
    );
  });
}

/**
 * Ends commands that an earlier process of this owner started and did not outlive: nobody waits for them, their time limit
 * died with it, and they would disturb the next one in the same worktree. The coordinator of a repository (its common dir) calls it
 * before it starts any, a landing when it is its turn.
 */
export async function endStrayCommands(owner: string): Promise<void> {
  await endTree({ leaders: [], marker: `${OWNER_MARK}=${markOf(owner)}`, graceMs: 0 });
}

/** Variables that say for whom a program runs; `endStrayCommands` finds it by them. */
export function ownerMark(owner: string | undefined): Readonly<Record<string, string>> {
  return owner === undefined ? {} : { [OWNER_MARK]: markOf(owner) };
}

function markOf(owner: string): string {
  return createHash("sha256").update(owner).digest("hex").slice(0, 16);
}

async function endLeftovers(started: ProcessIdentity | null, mark: string, graceMs: number): Promise<void> {
  await endTree({
    leaders: started === null ? [] : [started],
    marker: `${MARK}=${mark}`,
    graceMs,
    giveUpMs: 5000,
  });
}

function collectTail(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  const take = (chunk: Buffer): void => {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length > 2 * KEPT_BYTES) kept = Buffer.from(kept.subarray(-KEPT_BYTES));
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  return () => stripVTControlCharacters(kept.subarray(-KEPT_BYTES).toString("utf8"));
}

/** The last `length` characters of a text, from a line start where one is near, and never half a character. */
export function tailOf(text: string, length: number): string {
  const trimmed = text.trimEnd();
  if (trimmed.length <= length) return trimmed;
  const tail = trimmed.slice(-length).replace(/^[\uDC00-\uDFFF]/, "");
  const line = tail.indexOf("\n") + 1;
  return line > 0 && line < length / 4 ? tail.slice(line) : tail;
}
