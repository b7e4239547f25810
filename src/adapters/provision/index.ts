/** The port `Provisioner`: files, dependencies and commands that a fresh worktree needs before anybody can work in it. */
import type { RunSettings } from "../../core/definition.ts";
import type { Preparation, Provisioner, ProvisionUse } from "../../ports/provisioner.ts";
import { findAdmin } from "../git/admin.ts";
import { createTurns, type Turns } from "../git/turns.ts";
import type { Consent } from "./consent.ts";
import { ProvisionRefusal } from "./match.ts";
import type { PortRanges } from "./port-ranges.ts";
import { isWanted, type Kit, prepareWorktree } from "./prepare.ts";
import { releaseDependencies, sweep } from "./release.ts";

export interface ProvisionerOptions {
  /** Main worktree, where copies and links come from. */
  readonly root: string;
  readonly commonDir: string;
  /** Whose commands they are, for `endStrayCommands`; default the coordinator of `commonDir`. */
  readonly owner?: string;
  /** Where PATH, HOME, LANG, TMPDIR and passed variables come from; default the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Who may have secret files; without it nobody has allowed any. */
  readonly consent?: Consent;
  /** Ports of worktrees; without it there are none. */
  readonly ports?: PortRanges;
}

/**
 * Steps of one worktree run once, whoever asks at the same time; commands of different worktrees run one after another,
 * because installers share caches and all cores.
 */
export function createProvisioner(options: ProvisionerOptions): Provisioner {
  const kit: Kit = { ...options, env: options.env ?? process.env, alone: createTurns(1) };
  const underway = new Map<string, Promise<Preparation>>();
  const readers = new Map<string, number>();
  const turnsOf = turnsByName();
  const count = (worktree: string, change: number): number => {
    const now = Math.max(0, (readers.get(worktree) ?? 0) + change);
    if (now === 0) readers.delete(worktree);
    else readers.set(worktree, now);
    return now;
  };
  void sweep(options.commonDir);
  return {
    prepare: async (worktree, settings, use = "work") => {
      if (!isWanted(settings, use)) return { ok: true };
      if (use === "checks") count(worktree, 1);
      const key = JSON.stringify([worktree, use, settings.provision, settings.env]);
      const running = underway.get(key) ?? turnsOf(worktree)(() => prepare(kit, worktree, settings, use));
      underway.set(key, running);
      const result = await running.finally(() => underway.delete(key));
      if (!result.ok && use === "checks") count(worktree, -1);
      return result;
    },
    release: async (worktree) => {
      if (count(worktree, -1) > 0) return;
      await turnsOf(worktree)(async () => {
        if (!readers.has(worktree)) await releaseDependencies(options.commonDir, worktree);
      });
    },
  };
}

async function prepare(
  kit: Kit,
  worktree: string,
  settings: RunSettings,
  use: ProvisionUse,
): Promise<Preparation> {
  const admin = await findAdmin(kit.commonDir, worktree);
  if (admin === null) return { ok: false, message: `${worktree} is no worktree of ${kit.root}` };
  try {
    return await prepareWorktree(kit, { worktree, admin, settings, use });
  } catch (error) {
    if (error instanceof ProvisionRefusal || isSystemError(error))
      return { ok: false, message: error.message };
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}

/** One thing at a time for each name. */
function turnsByName(): (name: string) => Turns {
  const all = new Map<string, Turns>();
  return (name) => {
    const turns = all.get(name) ?? createTurns(1);
    all.set(name, turns);
    return turns;
  };
}
