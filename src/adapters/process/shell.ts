/** One shell that runs one program after the other. */
import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { killGroup, type RunOptions, type RunResult, spawnProcess } from "./spawn.ts";

export interface Shell {
  /** What it was started with. */
  readonly env: Readonly<Record<string, string>>;
  /** False once it has ended or was ended. */
  isUsable(): boolean;
  /** Runs shell words to their end; never two at a time. Kills the shell with them when their time is over. */
  run(script: string, limits: Pick<RunOptions, "timeoutMs" | "maxBytes">): Promise<RunResult>;
  /** Ends it when it was not used for so long and `release` says that nobody will. */
  leaveAfter(ms: number, release: () => boolean): void;
}

/** Null where the system has no shell to start. */
export function startShell(env: Readonly<Record<string, string>>): Shell | null {
  const child = spawnProcess("/bin/sh", ["-s"], {
    cwd: "/",
    env: { ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  child.on("error", () => {}); // told by the missing pid
  return child.pid === undefined ? null : createShell(child, env);
}

function createShell(child: ChildProcess, env: Readonly<Record<string, string>>): Shell {
  const mark = crypto.randomUUID();
  const out = createCapture(mark);
  const err = createCapture(mark);
  let ended = false;
  let leaving: NodeJS.Timeout | undefined;
  let onChange = (): void => {};
  child.stdout?.on("data", (chunk: Buffer) => out.add(chunk, onChange));
  child.stderr?.on("data", (chunk: Buffer) => err.add(chunk, onChange));
  child.stdin?.on("error", () => {}); // it has ended, which "close" tells
  child.on("exit", () => {
    ended = true;
    onChange();
  });
  const hold = holder(child);
  hold(false);

  const finished = (): number | null => {
    const code = out.code();
    return code !== null && err.code() !== null ? code : null;
  };

  return {
    env,
    isUsable: () => !ended,
    run: (script, { timeoutMs, maxBytes }) =>
      new Promise((resolve) => {
        clearTimeout(leaving);
        hold(true);
        out.start(maxBytes);
        err.start(maxBytes);
        let timedOut = false;
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(() => {
                timedOut = true;
                killGroup(child.pid, "SIGKILL");
              }, timeoutMs);
        onChange = () => {
          const code = finished();
          if (code === null && !ended) return;
          onChange = () => {};
          clearTimeout(timer);
          hold(false);
          resolve({
            code,
            signal: code === null ? "SIGKILL" : null,
            stdout: out.take(),
            stderr: err.take().toString("utf8"),
            timedOut,
          });
        };
        const tell = `printf '${mark} %03d\\n' "$s"`;
        child.stdin?.write(`${script}; s=$?; ${tell}; ${tell} >&2\n`);
      }),
    leaveAfter: (ms, release) => {
      leaving = setTimeout(() => {
        if (release()) child.stdin?.end();
      }, ms).unref();
    },
  };
}

/** Whether the process waits for the shell: only while a program runs in it. */
function holder(child: ChildProcess): (held: boolean) => void {
  const handles = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  return (held) => {
    for (const handle of [child, ...handles]) {
      if (held) handle.ref();
      else handle.unref();
    }
  };
}

/** Code behind the mark: a blank, three digits, a line end. */
const CODE_LENGTH = 5;

interface Capture {
  start(maxBytes?: number): void;
  add(chunk: Buffer, then: () => void): void;
  /** Exit code once the mark has come; null before. */
  code(): number | null;
  /** What came before the mark, cut (keeping its end) to the most that was allowed. */
  take(): Buffer;
}

/** Output of one program after the other in one stream, each ended by the mark and its exit code. */
function createCapture(mark: string): Capture {
  const end = mark.length + CODE_LENGTH;
  let limit = 0;
  let chunks: Buffer[] = [];
  let size = 0;
  const join = (keep: number): Buffer => {
    const joined = Buffer.concat(chunks).subarray(-keep);
    chunks = [joined];
    size = joined.length;
    return joined;
  };
  const tail = (): string => {
    const last = chunks.at(-1);
    const bytes = last !== undefined && last.length >= end ? last : join(Number.MAX_SAFE_INTEGER);
    return bytes.toString("latin1", Math.max(0, bytes.length - end));
  };
  return {
    start: (maxBytes = 64 * 1024 * 1024) => {
      limit = maxBytes;
      chunks = [];
      size = 0;
    },
    add: (chunk, then) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > (limit + end) * 2) join(limit + end);
      then();
    },
    code: () => {
      if (size < end) return null;
      const text = tail();
      return text.startsWith(mark) ? Number(text.slice(mark.length)) : null;
    },
    take: () => {
      const all = Buffer.concat(chunks);
      const whole = all.toString("latin1", Math.max(0, all.length - end)).startsWith(mark);
      return all.subarray(0, whole ? -end : undefined).subarray(-limit);
    },
  };
}
