/** The smaller ports in memory: provisioning, checks, files of worktrees, surroundings, journals. */
import type { MemoryJournalStore } from "../../../src/adapters/journal/memory.ts";
import type { EngineDependencies } from "../../../src/engine/dependencies.ts";
import type { CheckRunner, Provisioner } from "../../../src/ports/provisioner.ts";
import type { SurroundingsWatch } from "../../../src/ports/surroundings.ts";
import type { WorktreeFiles } from "../../../src/ports/worktree-files.ts";
import type { MemoryHost } from "./host.ts";
import type { MemoryRepository } from "./repository.ts";
import type { Schedule } from "./schedule.ts";

/** Everything behind the engine but time, ids and the log. */
export interface Ports
  extends Pick<
    EngineDependencies,
    | "provisioner"
    | "checks"
    | "files"
    | "documents"
    | "notifier"
    | "agentEnvironment"
    | "commandOf"
    | "agentOf"
    | "parseState"
    | "openConflicts"
  > {
  readonly store: MemoryJournalStore;
  readonly repository: MemoryRepository;
  readonly host: MemoryHost;
  readonly surroundings: SurroundingsWatch;
}

/** A worktree is prepared, or not: `trouble` says why. */
export function memoryProvisioner(
  schedule: Schedule,
  trouble: (worktree: string) => string | null,
): Provisioner {
  return {
    prepare: (worktree) =>
      new Promise((resolve) => {
        schedule.after(1_500, () => {
          const message = trouble(worktree);
          resolve(message === null ? { ok: true } : { ok: false, message });
        });
      }),
    release: async () => {},
  };
}

/** How a check ends on a commit. */
export type Verdict = (check: string, commit: string) => boolean;

/** Each check takes some seconds; a run that is given up leaves out the rest. */
export function memoryChecks(schedule: Schedule, passes: Verdict): CheckRunner {
  return {
    run: (_folder, checks, _settings, red, signal, record) =>
      new Promise((resolve) => {
        const commit = record?.commit ?? "";
        const results = checks.map(({ name }) => ({
          name,
          passed: passes(name, commit),
          redAtBase: red.has(name),
          exitCode: passes(name, commit) ? 0 : 1,
          timedOut: false,
          tail: "",
          failures: passes(name, commit) ? [] : [`${name} fails`],
          failureCount: passes(name, commit) ? 0 : 1,
        }));
        const cancel = schedule.after(5_000 * checks.length, () => resolve(results));
        signal?.addEventListener("abort", () => {
          cancel();
          resolve([]);
        });
      }),
  };
}

export function memoryFiles(repository: MemoryRepository): WorktreeFiles {
  return {
    write: async (root, files) => {
      for (const { path, content } of files)
        if (!repository.put(root, path, content)) throw new Error(`ENOENT: no such folder ${root}`);
    },
    size: async (root, path) => {
      const id = repository.filesAt(root)?.get(path);
      return id === undefined ? null : repository.objects.read(id).length;
    },
    standIn: async () => null,
    emptyFolder: async (workflow, session) => `/memory/empty/${workflow}/${session}`,
  };
}

/** Nobody does anything elsewhere; photographs and records are kept as the port says. */
export function memorySurroundings(): SurroundingsWatch {
  const photos = new Set<string>();
  const nothing = {
    root: "/memory/repo",
    commonDir: "/memory/repo/.git",
    branch: "main",
    commit: null,
    files: {},
    refs: {},
    settings: {},
    gitFiles: {},
  };
  return {
    begin: async (_workflow, session) => void photos.add(session),
    end: async (_workflow, session) => (photos.has(session) ? { before: nothing, after: nothing } : null),
    undo: async () => null,
    record: async () => {},
    finish: async (_workflow, session) => void photos.delete(session),
    recorded: async () => null,
  };
}
