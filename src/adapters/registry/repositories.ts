/**
 * The repositories of this user in which workflows were started, so that one command can look at all of them.
 *
 * Owns: `repositories.json` in the user's state folder. Does not own: anything in a repository.
 */
import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { withRepositoryLock } from "../git/repo-lock.ts";

/** One repository, known by its common git dir. Both paths are absolute. */
export interface RegisteredRepository {
  readonly root: string;
  readonly commonDir: string;
  /** ISO time of the registration. */
  readonly since: string;
}

/** Those whose folders are there, oldest first, and those that were dropped because theirs are gone. */
export interface Registered {
  readonly present: readonly RegisteredRepository[];
  readonly vanished: readonly RegisteredRepository[];
}

export interface Registry {
  readonly path: string;
  /** Adds a repository; one that is there with the same root is left as it is, one that moved gets its new root. */
  register(repository: RegisteredRepository): Promise<void>;
  /** What is registered. Entries whose folder is gone leave the file, where it can be written. */
  load(): Promise<Registered>;
  /** The same without changing the file. */
  look(): Promise<Registered>;
}

interface Content {
  readonly version: 1;
  readonly repositories: readonly RegisteredRepository[];
}

const LOCK_WAIT_MS = 2000;

/**
 * File of the registry: `$XDG_STATE_HOME/signalbox/repositories.json`, by default below `~/.local/state`. A relative
 * `XDG_STATE_HOME` does not count. Null where there is no home either.
 */
export function registryPath(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_STATE_HOME: configured, HOME: home } = env;
  const base =
    configured !== undefined && isAbsolute(configured)
      ? configured
      : home !== undefined && isAbsolute(home)
        ? join(home, ".local", "state")
        : null;
  return base === null ? null : join(base, "signalbox", "repositories.json");
}

/** The registry of the user of this environment; null where it has no place. Touches nothing until it is used. */
export function openRegistry(env: Readonly<Record<string, string | undefined>>): Registry | null {
  const path = registryPath(env);
  if (path === null) return null;
  return {
    path,
    register: (repository) => register(path, repository),
    load: () => load(path),
    look: () => look(path),
  };
}

async function register(path: string, repository: RegisteredRepository): Promise<void> {
  const isKnown = (known: RegisteredRepository): boolean =>
    known.commonDir === repository.commonDir && known.root === repository.root;
  if ((await read(path)).some(isKnown)) return;
  await change(path, (before) =>
    before.some(isKnown)
      ? before
      : [...before.filter((known) => known.commonDir !== repository.commonDir), repository],
  );
}

async function load(path: string): Promise<Registered> {
  const found = await look(path);
  if (found.vanished.length > 0) await drop(path, found.vanished);
  return found;
}

async function look(path: string): Promise<Registered> {
  const known = await read(path);
  const there = await Promise.all(known.map(isThere));
  return {
    present: known.filter((_, index) => there[index]),
    vanished: known.filter((_, index) => !there[index]),
  };
}

/** Registered again meanwhile, it is there again: `since` tells the two apart. A file that cannot be written stays. */
async function drop(path: string, vanished: readonly RegisteredRepository[]): Promise<void> {
  const gone = (known: RegisteredRepository): boolean =>
    vanished.some((one) => one.commonDir === known.commonDir && one.since === known.since);
  await change(path, (before) => before.filter((known) => !gone(known))).catch(() => undefined);
}

async function isThere({ root, commonDir }: RegisteredRepository): Promise<boolean> {
  const [folder, git] = await Promise.all([stat(root).catch(() => null), stat(commonDir).catch(() => null)]);
  return folder?.isDirectory() === true && git?.isDirectory() === true;
}

/** Two that register at the same time are both kept. */
async function change(
  path: string,
  edit: (before: readonly RegisteredRepository[]) => readonly RegisteredRepository[],
): Promise<void> {
  await withRepositoryLock(
    dirname(path),
    async () => {
      const content: Content = { version: 1, repositories: edit(await read(path)) };
      await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    },
    LOCK_WAIT_MS,
  );
}

/** A file that somebody damaged is empty: repositories register again by themselves. */
async function read(path: string): Promise<readonly RegisteredRepository[]> {
  const content = await readJsonIfThere<Partial<Content>>(path);
  const entries: readonly unknown[] = Array.isArray(content?.repositories) ? content.repositories : [];
  return entries.filter(isRepository);
}

function isRepository(value: unknown): value is RegisteredRepository {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Partial<Record<keyof RegisteredRepository, unknown>>; // every field is checked below
  return [entry.root, entry.commonDir].every((path) => typeof path === "string" && isAbsolute(path))
    ? typeof entry.since === "string"
    : false;
}
