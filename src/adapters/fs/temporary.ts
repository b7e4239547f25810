/**
 * Names in the temporary folder that say who made them: `signalbox-<kind>-<machine>-<pid>-…`. What a killed process left there is
 * found by them; the machine is in the name because containers can share the folder, and a pid means nothing elsewhere.
 */
import { createHash } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { processIdentity } from "../process/identity.ts";

/**
 * `index`: private git index; `objects`: a private object folder; `rules`: how files are merged; `input`: input of a program; `command`, `claude`: files of one session;
 * `tools`: its socket; `sandbox`: what stands in for the machine's.
 */
export type TemporaryKind =
  | "index"
  | "objects"
  | "rules"
  | "input"
  | "command"
  | "claude"
  | "tools"
  | "sandbox";

const MACHINE = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
const OURS = /^signalbox-(?:index|objects|rules|input|command|claude|tools|sandbox)-([0-9a-f]{6})-(\d+)-/;

/** Beginning of a path for a file or folder that is removed after use; something unique must follow. */
export function temporaryPrefix(kind: TemporaryKind, folder = tmpdir()): string {
  return join(folder, `signalbox-${kind}-${MACHINE}-${process.pid}-`);
}

/** Removes what processes of this user on this machine left there that live no more. Never rejects. */
export async function removeAbandonedTemporary(folder = tmpdir()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, machine, pid] = OURS.exec(name) ?? [];
    if (machine !== MACHINE || processIdentity(Number(pid)) !== null) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats !== null && stats.uid === process.getuid?.())
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
