/**
 * Which process is the coordinator of a repository.
 *
 * Owns: the folder `<common dir>/signalbox/.coordinator/` with one file per candidate, named by pid and start time.
 * Invariants:
 * C1 at most one candidate holds: each writes its file first and reads the others after it, so of two at least one sees the
 *    other and withdraws (both may; they try again at different times).
 * C2 only files of processes that are proven dead are removed by others; a file of another machine is never called dead.
 */
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, ownIdentity } from "../process/identity.ts";

/** What a candidate says about itself. */
export interface ClaimRecord {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
  /** Where it answers. */
  readonly socket: string;
  /** ISO time of its start. */
  readonly since: string;
  readonly version: string;
}

export interface Claim {
  readonly record: ClaimRecord;
  /** False once the file is gone, as when the repository was removed or replaced by another one at the same path. */
  holds(): boolean;
  release(): Promise<void>;
}

export type ClaimResult =
  | { readonly ok: true; readonly claim: Claim }
  | { readonly ok: false; readonly holder: ClaimRecord };

export function claimFolder(commonDir: string): string {
  return join(commonDir, "signalbox", ".coordinator");
}

/** Becomes the coordinator, or says who is. Rivals that start at the same moment settle within about a second. */
export async function claimCoordinator(
  commonDir: string,
  socket: string,
  since: string,
  version: string,
): Promise<ClaimResult> {
  const folder = claimFolder(commonDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const record: ClaimRecord = { ...ownIdentity(), host: hostname(), socket, since, version };
  const name = fileName(record);
  for (let tries = 0; ; tries += 1) {
    const [before] = await livingClaims(commonDir); // with our own: this process may hold it already
    if (before !== undefined) return { ok: false, holder: before };
    await writeWhole(folder, name, record);
    const [rival] = await livingClaims(commonDir, name);
    if (rival === undefined) return { ok: true, claim: toClaim(join(folder, name), record) };
    await rm(join(folder, name), { force: true });
    if (tries >= 20) return { ok: false, holder: rival };
    await sleep(10 + Math.random() * 40 * (tries + 1));
  }
}

function toClaim(path: string, record: ClaimRecord): Claim {
  return { record, holds: () => existsSync(path), release: () => rm(path, { force: true }) };
}

/** Claims of processes that live, or that nobody here can call dead. Files of dead ones are removed. */
export async function livingClaims(commonDir: string, except?: string): Promise<readonly ClaimRecord[]> {
  const folder = claimFolder(commonDir);
  const names = await readdir(folder).catch(() => []);
  const found: ClaimRecord[] = [];
  for (const name of names) {
    if (name === except || !name.endsWith(".json")) continue;
    const record = await readClaim(join(folder, name));
    if (record === null) continue;
    if (record.host !== hostname() || isAlive(record)) found.push(record);
    else await rm(join(folder, name), { force: true });
  }
  return found;
}

function fileName(record: ClaimRecord): string {
  return `${record.pid}-${record.startTime.replace(/[^0-9A-Za-z]+/g, "-")}.json`;
}

/** Whole or not at all: a reader that met half a file would take a living holder for none. */
async function writeWhole(folder: string, name: string, record: ClaimRecord): Promise<void> {
  const temporary = join(folder, `${name}.new`);
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`);
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
}

async function readClaim(path: string): Promise<ClaimRecord | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isClaim(value) ? value : null;
  } catch {
    return null; // removed by its owner between listing and reading
  }
}

function isClaim(value: unknown): value is ClaimRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof ClaimRecord, unknown>>; // every field is checked below
  const texts = [record.startTime, record.bootId, record.host, record.socket, record.since, record.version];
  return typeof record.pid === "number" && texts.every((text) => typeof text === "string");
}
