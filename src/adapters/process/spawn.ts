/**
 * The only place that starts programs. Children get exactly the environment that is passed, never ours by accident.
 */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** The whole process group is killed after it; default no limit. */
  readonly timeoutMs?: number;
  /** Each of stdout and stderr is cut (keeping its end) beyond this; default 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Starts a long-lived program. `detached` puts it into a process group of its own. */
export function spawnProcess(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(file, [...args], options);
}

/** How long a background process may hold the output of a program that has ended: without a limit a daemon would stall us. */
const HELD_PIPE_MS = 1_000;

/** Runs a program to its end in a group of its own. Rejects only when it cannot be started. */
export function runProgram(file: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const limit = options.maxBytes ?? 64 * 1024 * 1024;
    const out = collect(child.stdout, limit);
    const err = collect(child.stderr, limit);
    let timedOut = false;
    const kill = (): void => killGroup(child.pid, "SIGKILL");
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill();
          }, options.timeoutMs);
    options.signal?.addEventListener("abort", kill, { once: true });
    if (options.signal?.aborted) kill();
    const release = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", kill);
    };
    child.on("error", (error) => {
      release();
      reject(error);
    });
    child.on("exit", () => {
      const hold = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, HELD_PIPE_MS);
      child.on("close", () => clearTimeout(hold));
    });
    child.on("close", (code, signal) => {
      release();
      resolve({ code, signal, stdout: out(), stderr: err().toString("utf8"), timedOut });
    });
    child.stdin.on("error", () => {}); // a program that does not read its input is no failure of ours
    child.stdin.end(options.input ?? "");
  });
}

/** Signals a whole process group; a group that is gone already is fine. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody left to signal.
  }
}

function collect(stream: NodeJS.ReadableStream, limit: number): () => Buffer {
  let chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit * 2) {
      const joined = Buffer.concat(chunks).subarray(-limit);
      chunks = [joined];
      size = joined.length;
    }
  });
  return () => Buffer.concat(chunks).subarray(-limit);
}
