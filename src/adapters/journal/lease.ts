/**
 * The right to write, as files `lease.<generation>.json` in a folder. The highest number is the newest lease.
 *
 * Invariant L1: a generation is created whole and at most once (link of a finished file), so of several takers one wins.
 * Invariant L2: lower generations are removed in ascending order and only after a higher one exists. So a holder whose own
 *   file exists, and whose successor does not, is the newest: two stats tell a stale writer that it is fenced.
 * Invariant L3: only a holder on this host whose process is provably gone is taken over without force.
 */
import { statSync } from "node:fs";
import { readdir, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { LeaseHolder } from "../../ports/journal.ts";
import { isMissing, readJsonIfThere } from "../fs/read-file.ts";
import { createFileOnce, replaceFile } from "../fs/replace-file.ts";
import { isAlive, ownIdentity } from "../process/identity.ts";

/** A lease held by this process. */
export interface FileLease {
  readonly holder: LeaseHolder;
  /** False as soon as somebody took a newer generation, or after `release`. Cheap enough for every write. */
  isNewest(): boolean;
  release(): Promise<void>;
}

export type TakeResult =
  | { readonly ok: true; readonly lease: FileLease }
  | { readonly ok: false; readonly holder: LeaseHolder };

export interface TakeOptions {
  /** Take it from a living holder too; default false. */
  readonly steal?: boolean;
  /** The new generation is higher than this; default 0. */
  readonly above?: number;
}

interface StoredLease extends LeaseHolder {
  readonly released?: boolean;
}

/** Takes the lease of a folder (made when missing), or tells who holds it. */
export async function takeLease(folder: string, options: TakeOptions = {}): Promise<TakeResult> {
  for (;;) {
    const newest = await newestGeneration(folder);
    const stored = newest === 0 ? null : await readJsonIfThere<StoredLease>(leasePath(folder, newest));
    if (options.steal !== true && stored !== null && isHeld(stored))
      return { ok: false, holder: toHolder(stored) };
    const generation = Math.max(newest, options.above ?? 0) + 1;
    const lease = await claimGeneration(folder, generation);
    if (lease !== null) return { ok: true, lease };
  }
}

/** Takes exactly this generation; null when it, or a higher one, was given out before. */
export async function claimGeneration(folder: string, generation: number): Promise<FileLease | null> {
  const holder: LeaseHolder = { ...ownIdentity(), host: hostname(), generation };
  const path = leasePath(folder, generation);
  if (!(await createFileOnce(path, `${JSON.stringify(holder)}\n`))) return null;
  // A slow taker may have made a number again that others have been through already: only the highest one counts.
  if ((await newestGeneration(folder)) !== generation) {
    await unlink(path).catch(() => {});
    return null;
  }
  await removeOlder(folder, generation);
  return toLease(folder, holder);
}

/** Who holds the lease of a folder now; null when nobody does or the holder is provably gone. */
export async function leaseHolder(folder: string): Promise<LeaseHolder | null> {
  const newest = await newestGeneration(folder);
  const stored = newest === 0 ? null : await readJsonIfThere<StoredLease>(leasePath(folder, newest));
  return stored !== null && isHeld(stored) ? toHolder(stored) : null;
}

/** Holder that never gave its lease back and is provably gone; null where there is none, and for one of another machine. */
export async function deadHolder(folder: string): Promise<LeaseHolder | null> {
  const newest = await newestGeneration(folder);
  const stored = newest === 0 ? null : await readJsonIfThere<StoredLease>(leasePath(folder, newest));
  return stored === null || stored.released === true || isHeld(stored) ? null : toHolder(stored);
}

/** Gives back what a dead holder kept: as the next taker would, and with the same proof. Nothing where nobody is dead. */
export async function releaseDead(folder: string): Promise<void> {
  if ((await deadHolder(folder)) === null) return;
  const taken = await takeLease(folder);
  if (taken.ok) await taken.lease.release();
}

/** Highest generation that was ever given out in a folder; 0 when there is none. */
export async function newestGeneration(folder: string): Promise<number> {
  return (await generations(folder)).at(-1) ?? 0;
}

function toLease(folder: string, holder: LeaseHolder): FileLease {
  const own = leasePath(folder, holder.generation);
  const next = leasePath(folder, holder.generation + 1);
  let released = false;
  const isNewest = (): boolean => !released && exists(own) && !exists(next);
  return {
    holder,
    isNewest,
    release: async () => {
      const stillOurs = isNewest();
      released = true;
      if (stillOurs) await replaceFile(own, `${JSON.stringify({ ...holder, released: true })}\n`);
    },
  };
}

function isHeld(stored: StoredLease): boolean {
  if (stored.released === true) return false;
  return stored.host !== hostname() || isAlive(stored);
}

function toHolder(stored: StoredLease): LeaseHolder {
  const { pid, startTime, bootId, host, generation } = stored;
  return { pid, startTime, bootId, host, generation };
}

async function removeOlder(folder: string, newest: number): Promise<void> {
  for (const generation of await generations(folder)) {
    if (generation < newest) await unlink(leasePath(folder, generation)).catch(() => {});
  }
}

async function generations(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const numbers = names.flatMap((name) => {
    const match = /^lease\.(\d+)\.json$/.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
  return numbers.sort((a, b) => a - b);
}

function leasePath(folder: string, generation: number): string {
  return join(folder, `lease.${generation}.json`);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
