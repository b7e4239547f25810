/** Sandboxes for tests: the real one where it works, and ones that do not confine. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { probeBubblewrap } from "../../src/adapters/sandbox/probe.ts";
import type { SessionSpec } from "../../src/ports/session-host.ts";

/** Why tests of the real bubblewrap cannot run; null when they can. */
export async function bubblewrapMissing(): Promise<string | null> {
  const probed = await probeBubblewrap(process.env);
  if (probed.ok) return null;
  console.warn(`Tests of the real sandbox are skipped: ${probed.reason}`);
  return probed.reason;
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
