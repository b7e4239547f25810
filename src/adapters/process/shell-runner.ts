/**
 * Runs short programs through small shells that stay. When Node itself starts a program, the system first copies the page tables
 * of this process while nothing else happens in it: ten milliseconds and more for a coordinator, a thousand times per workflow. A shell
 * of one megabyte takes half a millisecond, and meanwhile we go on.
 *
 * Invariants:
 * - S1: a shell runs one program at a time, so ending its group ends that program and no other.
 * - S2: arguments, folders and values reach the program byte for byte; the environment is exactly the given one (the shell adds
 *   at most `PWD`, `OLDPWD`, `SHLVL` and `_`).
 * - S3: an idle shell keeps nobody alive, ends with us by itself, and leaves after a while.
 */

import { rm, writeFile } from "node:fs/promises";
import { temporaryPrefix } from "../fs/temporary.ts";
import { type Shell, startShell } from "./shell.ts";
import { type RunOptions, type RunResult, runProgram } from "./spawn.ts";

/** Starting one costs as much as ten commands in one that is there, and agents that work need git every few seconds. */
const IDLE_MS = 30_000;

const idle: Shell[] = [];

/**
 * Like `runProgram`, with two differences: a program that cannot be started ends with code 126 (no such folder) or 127 (no such
 * program), and one that a signal ended has the code 128 + signal. What a shell cannot do is left to `runProgram`.
 */
export async function runByShell(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const words = [file, ...args, options.cwd, ...Object.values(options.env)];
  const possible = options.signal === undefined && words.every((word) => !word.includes("\0"));
  const shell = possible ? (idleShell() ?? startShell(options.env)) : null;
  if (shell === null) return runProgram(file, args, options);
  try {
    const changes = changesOf(shell.env, options.env);
    if (changes === null) return await runProgram(file, args, options);
    return await withInput(options.input, (input) => {
      const steps = [
        `cd -P -- ${quote(options.cwd)} || exit 126`,
        ...changes,
        `exec ${[file, ...args].map(quote).join(" ")}`,
      ];
      return shell.run(`( ${steps.join("; ")} ) <${quote(input)}`, options);
    });
  } finally {
    if (shell.isUsable()) keep(shell);
  }
}

/** One that waits for work; what was ended from outside meanwhile is forgotten. */
function idleShell(): Shell | null {
  for (let shell = idle.pop(); shell !== undefined; shell = idle.pop()) {
    if (shell.isUsable()) return shell;
  }
  return null;
}

function keep(shell: Shell): void {
  idle.push(shell);
  shell.leaveAfter(IDLE_MS, () => {
    const index = idle.indexOf(shell);
    if (index >= 0) idle.splice(index, 1);
    return index >= 0;
  });
}

/** Shell words that make the one environment the other; null where a name is none that a shell knows. */
function changesOf(
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): readonly string[] | null {
  const gone = Object.keys(from).filter((name) => !(name in to));
  const set = Object.entries(to).filter(([name, value]) => from[name] !== value);
  const names = [...gone, ...set.map(([name]) => name)];
  if (names.some((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))) return null;
  return [
    ...gone.map((name) => `unset ${name}`),
    ...set.map(([name, value]) => `export ${name}=${quote(value)}`),
  ];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A file and no pipe: what one program leaves unread must not be read by the next. */
async function withInput<T>(
  input: string | Uint8Array | undefined,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (input === undefined || input.length === 0) return use("/dev/null");
  const path = `${temporaryPrefix("input")}${crypto.randomUUID()}`;
  try {
    await writeFile(path, input, { mode: 0o600, flag: "wx" });
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}
