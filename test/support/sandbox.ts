/** Sandboxes for tests: the real one where it works, and ones that do not confine. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { SessionSpec } from "../../src/ports/session-host.ts";

/** Why tests of the real bubblewrap cannot run; null when they can. Asked of itself: what is wrong with our use of it is no reason. */
export async function bubblewrapMissing(): Promise<string | null> {
  const alone = [
    "--unshare-pid",
    "--unshare-ipc",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "true",
  ];
  const env = { PATH: process.env.PATH ?? "" };
  const ran = await runProgram("bwrap", alone, { cwd: "/", env, timeoutMs: 20_000 }).catch(
    (error: unknown) => ({
      code: null,
      stderr: String(error),
    }),
  );
  if (ran.code === 0) return null;
  const reason = `bwrap does not work here: ${ran.stderr.trim()}`;
  console.warn(`Tests of the real sandbox are skipped: ${reason}`);
  return reason;
}

/** Part of a spec whose agent is to be confined. */
export const CONFINED: Pick<SessionSpec, "sandbox"> = { sandbox: { use: "bubblewrap", writable: [] } };

/** Programs that stand for `bwrap` and confine nothing. */
export const FALSE_SANDBOXES = {
  /** Runs what it is given, as if nothing had been asked for. */
  liar: `while [ "$1" != -- ]; do shift; done; shift; exec "$@"`,
  /** What the real one says on many machines. */
  refused: `echo "bwrap: No permissions to create new namespace" >&2; exit 1`,
  /** Ends well and has done nothing. */
  idle: "exit 0",
  /** Confines files and nothing else: what the probe looks for in them is there, out of the same name space of processes. */
  together: `while [ "$1" != -- ]; do shift; done; readlink /proc/self/ns/pid > "$7/processes"; echo "$8" > "$7/written"`,
} as const;

/** Writes a program named `bwrap` into a folder; its path. */
export function falseSandbox(folder: string, script: string): string {
  return writeProgram(path.join(folder, "bwrap"), script);
}

/** Writes a shell script that can be run; its path. */
export function writeProgram(file: string, script: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
