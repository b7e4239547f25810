/**
 * A range of ports for each worktree that asks for one, without overlap among all worktrees of this user.
 *
 * Owns: `ports.json` in the user's state folder. A range belongs to its worktree as long as that folder is there: nobody has to
 * give it back, and a coordinator that starts again finds the same one.
 */
import { lstat } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { withRepositoryLock } from "../git/repo-lock.ts";
import { registryPath } from "../registry/repositories.ts";

export interface PortRange {
  /** Port with index 0. */
  readonly first: number;
  readonly count: number;
}

export interface PortRanges {
  /** The range of a worktree: the one it has, or a new one that was free a moment ago. Null for a count of 0. */
  rangeOf(worktree: string, count: number): Promise<PortRange | null>;
}

interface Held extends PortRange {
  /** Absolute path. */
  readonly worktree: string;
}

interface Content {
  readonly version: 1;
  readonly ranges: readonly Held[];
}

/** Below the ports that systems hand out by themselves (from 32768), above those that programs like to use. */
const LOWEST = 20_000;
const HIGHEST = 31_999;
const STEP = 10;
const LOCK_WAIT_MS = 30_000;

/** Beside the registry of the user's repositories; where the user has no such place, in the repository itself. */
export function portsPath(env: Readonly<Record<string, string | undefined>>, commonDir: string): string {
  const registry = registryPath(env);
  return join(registry === null ? join(commonDir, "signalbox") : dirname(registry), "ports.json");
}

/** The ranges of this user, kept in `file`. `isFree` is asked for every port of a new range. */
export function openPortRanges(
  file: string,
  isFree: (port: number) => Promise<boolean> = canListen,
): PortRanges {
  return {
    rangeOf: async (worktree, count) => {
      if (count === 0) return null;
      const known = (await read(file)).find((held) => held.worktree === worktree);
      if (known !== undefined && known.count >= count) return { first: known.first, count };
      return withRepositoryLock(dirname(file), () => allot(file, worktree, count, isFree), LOCK_WAIT_MS);
    },
  };
}

async function allot(
  file: string,
  worktree: string,
  count: number,
  isFree: (port: number) => Promise<boolean>,
): Promise<PortRange> {
  const before = await read(file);
  const there = await Promise.all(before.map(({ worktree: folder }) => lstat(folder).catch(() => null)));
  const others = before.filter((held, index) => there[index] != null && held.worktree !== worktree);
  const first = await findFree(others, count, isFree);
  const ranges = [...others, { worktree, first, count }].toSorted((a, b) => a.first - b.first);
  const content: Content = { version: 1, ranges };
  await replaceFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  return { first, count };
}

async function findFree(
  held: readonly Held[],
  count: number,
  isFree: (port: number) => Promise<boolean>,
): Promise<number> {
  for (let first = LOWEST; first + count - 1 <= HIGHEST; first += STEP) {
    const overlaps = held.some((it) => first < it.first + it.count && it.first < first + count);
    if (!overlaps && (await allFree(first, count, isFree))) return first;
  }
  throw new SignalboxError(
    "environment",
    "no-ports",
    `There are no ${count} free ports in a row from ${LOWEST} to ${HIGHEST}`,
    [
      "To remove worktrees that are not needed any more: signalbox clean",
      "Or ask for fewer: provision: { ports: 3 }",
    ],
  );
}

async function allFree(
  first: number,
  count: number,
  isFree: (port: number) => Promise<boolean>,
): Promise<boolean> {
  for (let port = first; port < first + count; port += 1) if (!(await isFree(port))) return false;
  return true;
}

/** True when a server can listen on the port, on every address. */
function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A file that somebody damaged holds nothing: worktrees that run keep the ports that they listen on, because they are not free. */
async function read(file: string): Promise<readonly Held[]> {
  const content = await readJsonIfThere<Partial<Content>>(file);
  const ranges: readonly unknown[] = Array.isArray(content?.ranges) ? content.ranges : [];
  return ranges.filter(isHeld);
}

function isHeld(value: unknown): value is Held {
  if (typeof value !== "object" || value === null) return false;
  const held = value as Partial<Record<keyof Held, unknown>>; // every field is checked below
  return typeof held.worktree === "string" && Number.isInteger(held.first) && Number.isInteger(held.count);
}
