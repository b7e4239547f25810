/**
 * The queue of landings of a repository: one place per landing in `<common dir>/signalbox/.landing/`, named by its number.
 *
 * Invariants:
 * - LQ1: of all who land on one target at most one has its turn. Numbers are given under a lock and rise, so whoever has nobody
 *   living before them keeps that until they leave.
 * - LQ2: only the place of a process that is proven dead (pid, start time, boot id, same host) is given up for it. No two places ever
 *   have the same file name, so a slow look cannot remove the place of somebody else.
 */
import { mkdir, readdir, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SignalboxError } from "../../core/errors.ts";
import type { AskedLanding, LandingQueue, QueuedLanding } from "../../ports/landing.ts";
import { isMissing, readFileIfThere } from "../fs/read-file.ts";
import { createFileOnce } from "../fs/replace-file.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../process/identity.ts";
import { withLock } from "./lock.ts";

interface Place {
  readonly number: number;
  readonly path: string;
  readonly landing: QueuedLanding;
}

type Content = QueuedLanding & Pick<ProcessIdentity, "startTime" | "bootId">;

/** A landing takes seconds: git builds it, checks run on it. */
const LOOK_MS = 100;

/** Ends and removes what a landing has left that is proven dead. */
type Clear = (dead: QueuedLanding) => Promise<void>;

const nothingLeft: Clear = async () => {};

/**
 * The queue of the repository with this common dir. Nothing is made before somebody asks. `clear` is called for a dead landing by
 * whoever has the turn after it, before its place goes: if we die as well, the next one finds it again.
 */
export function openLandingQueue(commonDir: string, clear: Clear = nothingLeft): LandingQueue {
  const folder = landingFolder(commonDir);
  return {
    list: () => queuedLandings(commonDir),
    turn: async (asked, ahead, work) => {
      const mine = await enter(folder, asked);
      try {
        await turnOf(folder, mine, ahead, clear);
        return await work();
      } finally {
        await unlink(mine.path).catch(() => {});
      }
    },
  };
}

/** Whose commands the checks of a landing on `target` are. */
export function landingOwner(commonDir: string, target: string): string {
  return join(landingFolder(commonDir), target);
}

/** Folder of the queue. */
export function landingFolder(commonDir: string): string {
  return join(commonDir, "signalbox", ".landing");
}

/** Who lands and who waits, in the order of asking; the first one of each target has its turn. Changes nothing. */
export async function queuedLandings(commonDir: string): Promise<readonly QueuedLanding[]> {
  const places = await placesIn(landingFolder(commonDir));
  return places.filter(({ content }) => !isDead(content)).map(({ landing }) => landing);
}

/** Files of places whose processes are proven dead. The next landing gives them up as well. */
export async function deadLandings(commonDir: string): Promise<readonly string[]> {
  const places = await placesIn(landingFolder(commonDir));
  return places.filter(({ content }) => isDead(content)).map(({ path }) => path);
}

/** Gives up the places of dead landings on targets on which nobody living lands or waits. Nobody enters meanwhile. */
export async function clearDeadLandings(commonDir: string, clear: Clear): Promise<void> {
  const folder = landingFolder(commonDir);
  if ((await deadLandings(commonDir)).length === 0) return;
  await withLock(join(folder, "lock"), async () => {
    const places = await placesIn(folder);
    const living = new Set(places.flatMap((one) => (isDead(one.content) ? [] : [one.landing.target])));
    await leave(
      places.filter(({ landing }) => !living.has(landing.target)),
      clear,
    );
  });
}

/** No other place is ever called like one of these (LQ2). */
async function leave(dead: readonly Place[], clear: Clear): Promise<void> {
  for (const { path, landing } of dead) {
    await clear(landing);
    await unlink(path).catch(() => {});
  }
}

/** LQ1: under the lock, so that nobody is ever given a number below one that is there. */
async function enter(folder: string, asked: AskedLanding): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return withLock(join(folder, "lock"), async () => {
    const number = 1 + Math.max(0, ...(await numbersIn(folder)).map((one) => one.number));
    const path = join(folder, `${String(number).padStart(6, "0")}.${crypto.randomUUID()}.json`);
    const content: Content = { ...asked, ...ownIdentity(), host: hostname() };
    await createFileOnce(path, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    return { number, path, landing: content };
  });
}

/** Resolves when nobody living is before `mine` on its target. Tells `ahead` who is, whenever that changes. */
async function turnOf(
  folder: string,
  mine: Place,
  ahead: (others: readonly QueuedLanding[]) => void,
  clear: Clear,
): Promise<void> {
  for (let told = ""; ; ) {
    const { living, dead } = await before(folder, mine);
    if (living.length === 0) return leave(dead, clear);
    const now = living.map(({ path }) => path).join("\n");
    if (now !== told) ahead(living.map(({ landing }) => landing));
    told = now;
    await sleep(LOOK_MS);
  }
}

async function before(
  folder: string,
  mine: Place,
): Promise<{ readonly living: readonly Place[]; readonly dead: readonly Place[] }> {
  const places = (await placesIn(folder)).filter(
    (one) => one.number < mine.number && one.landing.target === mine.landing.target,
  );
  return {
    living: places.filter(({ content }) => !isDead(content)),
    dead: places.filter(({ content }) => isDead(content)),
  };
}

async function numbersIn(folder: string): Promise<readonly Pick<Place, "number" | "path">[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const [, number] = /^(\d+)\.[0-9a-f-]{36}\.json$/.exec(name) ?? [];
      return number === undefined ? [] : [{ number: Number(number), path: join(folder, name) }];
    })
    .sort((one, other) => one.number - other.number);
}

async function placesIn(folder: string): Promise<readonly (Place & { readonly content: Content })[]> {
  const found: (Place & { readonly content: Content })[] = [];
  for (const place of await numbersIn(folder)) {
    const text = await readFileIfThere(place.path);
    if (text === null) continue; // its landing has left between the two looks
    const content = parsed(place.path, text.toString("utf8"));
    const { startTime: _start, bootId: _boot, ...landing } = content;
    found.push({ ...place, landing, content });
  }
  return found;
}

/** Files appear whole. One that is none of ours says nothing of who lands, so nobody lands past it. */
function parsed(path: string, text: string): Content {
  try {
    const value = JSON.parse(text) as Partial<Content> | null; // the fields that decide are looked at below
    if (typeof value?.pid === "number" && typeof value.target === "string") return value as Content;
  } catch {
    // told below
  }
  throw new SignalboxError("environment", "landing-queue", `${path} says nothing of who lands`, [
    `Where no landing is under way, remove it: rm '${path}'`,
  ]);
}

function isDead({ pid, startTime, bootId, host }: Content): boolean {
  return host === hostname() && !isAlive({ pid, startTime, bootId });
}
