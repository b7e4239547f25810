/**
 * Which settings that start programs are the user's own (P7).
 *
 * Owns: `<common dir>/signalbox/.trust.json`. Without that file no session has ever run here, and everything is the user's.
 * Invariants:
 * - T1: a setting that starts a program is obeyed by our git only with the value that it had while no session was under way.
 * - T2: what appeared while a session was under way stays unobeyed until it is gone or a person removes the file.
 */
import { type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isObeyed } from "../../core/trespass/program-settings.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { createGit, type Environment } from "./git.ts";
import { localSettings, replacing } from "./programs.ts";

/** A setting that is not obeyed. */
export interface Distrusted {
  readonly key: string;
  readonly value: string;
  /** Session that was under way when it appeared. */
  readonly session: string;
}

export interface ConfigTrust {
  /** Variables under which git does not obey what is not trusted; `gitDir` is that of the worktree. */
  environment(gitDir: string): Promise<Environment>;
  begin(session: string): Promise<void>;
  end(session: string): Promise<void>;
}

interface Stored {
  readonly version: 1;
  /** Sessions under way. */
  readonly open: readonly string[];
  readonly programs: Readonly<Record<string, string>>;
  readonly distrusted: readonly Distrusted[];
}

const NOTHING: Stored = { version: 1, open: [], programs: {}, distrusted: [] };

export function trustFile(commonDir: string): string {
  return join(commonDir, "signalbox", ".trust.json");
}

/** Settings of the repository that are there and not obeyed, for telling a person. */
export async function distrustedSettings(
  commonDir: string,
  env: Environment,
): Promise<readonly Distrusted[]> {
  const stored = await load(commonDir);
  if (stored === null) return [];
  const now = programsOf(await localSettings(createGit(commonDir, env)));
  return stored.distrusted.filter(({ key, value }) => now[key] === value);
}

/** `env` is the environment of all our git. */
export function createConfigTrust(commonDir: string, env: Environment): ConfigTrust {
  const cache = createSettingsCache(commonDir, env);
  const trusted = createStoredCache(commonDir);
  let changing: Promise<unknown> = Promise.resolve();
  const change = (
    decide: (stored: Stored, now: Readonly<Record<string, string>>) => Stored,
  ): Promise<void> => {
    const next = changing.then(async () => {
      const stored = await load(commonDir);
      const wanted = decide(stored ?? NOTHING, await cache.programs(commonDir));
      if (JSON.stringify(wanted) !== JSON.stringify(stored))
        await replaceFile(trustFile(commonDir), `${JSON.stringify(wanted)}\n`, { mode: 0o600 });
    });
    changing = next.catch(() => undefined);
    return next;
  };
  return {
    environment: async (gitDir) => {
      const stored = await trusted();
      if (stored === null) return {};
      return replacing(deviations(stored.programs, await cache.programs(gitDir)));
    },
    begin: (session) => change((stored, now) => begun(stored, now, session)),
    end: (session) => change((stored, now) => ended(stored, now, session)),
  };
}

function begun(stored: Stored, now: Readonly<Record<string, string>>, session: string): Stored {
  const open = [...stored.open.filter((it) => it !== session), session];
  if (stored.open.length > 0) return { ...stored, open };
  const distrusted = stored.distrusted.filter(({ key, value }) => now[key] === value);
  const own = Object.entries(now).filter(([key]) => !distrusted.some((it) => it.key === key));
  // A setting whose value was changed under a session is obeyed as it was before.
  const kept = distrusted.flatMap(({ key }) => {
    const before = stored.programs[key];
    return before === undefined ? [] : [[key, before] as const];
  });
  return { ...stored, open, distrusted, programs: Object.fromEntries([...own, ...kept]) };
}

function ended(stored: Stored, now: Readonly<Record<string, string>>, session: string): Stored {
  const strange = Object.entries(now).filter(([key, value]) => stored.programs[key] !== value);
  const known = (key: string, value: string): boolean =>
    stored.distrusted.some((it) => it.key === key && it.value === value);
  const added = strange
    .filter(([key, value]) => !known(key, value))
    .map(([key, value]) => ({ key, value, session }));
  return {
    ...stored,
    open: stored.open.filter((it) => it !== session),
    distrusted: [...stored.distrusted, ...added],
  };
}

/** What git must not take as it stands: the trusted value instead, or none. */
function deviations(
  trusted: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): ReadonlyMap<string, string | null> {
  const keys = new Set([...Object.keys(trusted), ...Object.keys(now)]);
  return new Map(
    [...keys].filter((key) => trusted[key] !== now[key]).map((key) => [key, trusted[key] ?? null]),
  );
}

function programsOf(
  settings: readonly { readonly key: string; readonly value: string }[],
): Record<string, string> {
  const programs = settings.filter(({ key }) => isObeyed(key));
  return Object.fromEntries(programs.map(({ key, value }) => [key, value]));
}

async function load(commonDir: string): Promise<Stored | null> {
  return readJsonIfThere<Stored>(trustFile(commonDir));
}

/** Every command of git asks for it, so it is read again only when the file has been replaced. */
function createStoredCache(commonDir: string): () => Promise<Stored | null> {
  const file = [trustFile(commonDir)];
  let known: { readonly seen: string; readonly stored: Stored | null } | null = null;
  return async () => {
    const seen = looks(file);
    if (known?.seen === seen) return known.stored;
    const stored = await load(commonDir);
    // Replaced while it was read: what was read may be either.
    known = looks(file) === seen ? { seen, stored } : null;
    return stored;
  };
}

interface SettingsCache {
  /** Settings that start programs, as they stand now for a worktree. */
  programs(gitDir: string): Promise<Readonly<Record<string, string>>>;
}

/** Git is asked again only after a file that it would read has changed. */
function createSettingsCache(commonDir: string, env: Environment): SettingsCache {
  const known = new Map<
    string,
    { readonly seen: string; readonly files: readonly string[]; readonly programs: Record<string, string> }
  >();
  return {
    programs: async (gitDir) => {
      const before = known.get(gitDir);
      if (before !== undefined && looks(before.files) === before.seen) return before.programs;
      const own = [join(commonDir, "config"), join(gitDir, "config.worktree")];
      const first = looks(own);
      const git = createGit(commonDir, gitDir === commonDir ? env : { ...env, GIT_DIR: gitDir });
      const settings = await localSettings(git);
      const included = settings.flatMap(({ key, value }) =>
        /^include(if\..+)?\.path$/.test(key) ? [value] : [],
      );
      const files = [
        ...own,
        ...included.map((path) => (path.startsWith("/") ? path : join(commonDir, path))),
      ];
      // Changed while git read it: what was read may be either, so it is not kept.
      if (looks(own) === first)
        known.set(gitDir, { seen: looks(files), files, programs: programsOf(settings) });
      return programsOf(settings);
    },
  };
}

function looks(files: readonly string[]): string {
  return files.map((file) => stampOf(statsOf(file))).join(" ");
}

/** Undefined for what is not there; what cannot be looked at is told by whoever reads it. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

function stampOf(stats: Stats | undefined): string {
  return stats === undefined ? "-" : `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}
