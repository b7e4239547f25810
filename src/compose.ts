/** The one place where the engine meets its adapters. */
import { join } from "node:path";
import { landingClearer } from "./adapters/checks/clear-landing.ts";
import { createCheckRunner } from "./adapters/checks/index.ts";
import { endStrayCommands } from "./adapters/checks/shell.ts";
import { createSystemIds } from "./adapters/clock/ids.ts";
import { createSystemClock } from "./adapters/clock/system.ts";
import { agentEnvironment } from "./adapters/environment/agent-environment.ts";
import { removeAbandoned } from "./adapters/fs/left-files.ts";
import { removeAbandonedTemporary } from "./adapters/fs/temporary.ts";
import { createWorktreeFiles } from "./adapters/fs/worktree-files.ts";
import { openConflicts } from "./adapters/git/conflicts/index.ts";
import { openRepository } from "./adapters/git/index.ts";
import { clearDeadLandings } from "./adapters/git/landing-queue.ts";
import { openSurroundings } from "./adapters/git/surroundings.ts";
import { createSessionHost } from "./adapters/host/client.ts";
import { openJournalStore } from "./adapters/journal/jsonl.ts";
import { createNotifier } from "./adapters/notify/notifier.ts";
import { type Consent, openConsent } from "./adapters/provision/consent.ts";
import { createProvisioner } from "./adapters/provision/index.ts";
import { openPortRanges, portsPath } from "./adapters/provision/port-ranges.ts";
import { builtInSettings } from "./config/settings/built-in.ts";
import type { Settings } from "./config/settings/settings.ts";
import { SignalboxError } from "./core/errors.ts";
import { portCount } from "./core/ports.ts";
import { redactor, secretsIn } from "./core/redaction.ts";
import type { CommitId } from "./core/vocabulary.ts";
import { createRenderer } from "./documents/renderer.ts";
import { parseStateDocument } from "./documents/state/parse-state.ts";
import type { EngineDependencies } from "./engine/dependencies.ts";
import { createEngine, type Engine } from "./engine/engine.ts";
import type { Repository } from "./ports/repository.ts";

export interface ComposeOptions {
  /** Anywhere inside the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Settings in force at a commit; throws `config` errors for what is written there. */
  readonly settingsAt: (repository: Repository, commit: CommitId) => Promise<Settings>;
  /** Lines of the coordinator's log. */
  readonly narrate: (line: string) => void;
}

export interface Composition {
  readonly engine: Engine;
  readonly dependencies: EngineDependencies;
}

/**
 * Opens the repository and wires everything for it, once commands of an earlier coordinator are ended: only who is the
 * coordinator may call it. Throws `SignalboxError` where the repository or the configuration is unusable.
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { env } = options;
  const redact = redactor(secretsIn(env));
  const narrate = (line: string): void => options.narrate(redact(line));
  const first = await openRepository(options.cwd, { env });
  const { worktrees, branchPrefix } = (await settingsOfHead(first, options)).layout;
  const repository = await openRepository(first.root, { env, worktrees, branchPrefix });
  const store = openJournalStore(repository.commonDir);
  await endStrayCommands(repository.commonDir);
  await clearDeadLandings(repository.commonDir, landingClearer(repository));
  await removeAbandonedTemporary();
  await removeAbandoned(repository.commonDir, "here");
  await removeAbandoned(join(repository.commonDir, "signalbox"));
  const { root, commonDir } = repository;
  const ports = openPortRanges(portsPath(env, commonDir));
  const dependencies: EngineDependencies = {
    store,
    repository,
    host: createSessionHost({ commonDir: repository.commonDir }),
    provisioner: createProvisioner({ root, commonDir, env, ports, consent: consentOf(repository, options) }),
    checks: createCheckRunner({ env, commonDir, root, ports }),
    files: createWorktreeFiles((workflow) => store.folder(workflow)),
    openConflicts: () => openConflicts(repository.root, { env, worktrees, branchPrefix }),
    surroundings: await openSurroundings(repository.root, { env, worktrees, branchPrefix }),
    clock: createSystemClock(),
    ids: createSystemIds(),
    documents: createRenderer(options.version),
    notifier: createNotifier({
      root,
      name: repository.name,
      env,
      channelsAt: async (base) => (await options.settingsAt(repository, base)).notify,
      narrate,
    }),
    agentEnvironment: async (run, worktree) => {
      if (worktree === null) return agentEnvironment(env, run);
      return agentEnvironment(env, run, {
        worktree,
        root,
        ports: await ports.rangeOf(worktree, portCount(run)),
      });
    },
    commandOf: async (adapter, base) => {
      const [kind, name = ""] = adapter.split(":");
      return kind === "command" ? (await options.settingsAt(repository, base)).commands[name] : undefined;
    },
    agentOf: async (adapter, base) => {
      const [kind, name = ""] = adapter.split(":");
      const found = kind === "acp" ? (await options.settingsAt(repository, base)).agents[name] : undefined;
      if (found === undefined) return undefined;
      const { env: own, ...program } = found;
      return { program, env: own };
    },
    parseState: requireState,
    redact,
    narrate,
  };
  return { engine: createEngine(dependencies), dependencies };
}

/** The folder of worktrees is one for the whole repository, so no workflow's base decides it. */
async function settingsOfHead(repository: Repository, { settingsAt }: ComposeOptions): Promise<Settings> {
  const { commit } = await repository.head();
  return commit === null ? builtInSettings() : settingsAt(repository, commit);
}

/** What the configuration that is committed now allows in writing; a definition cannot give consent. */
function consentOf(repository: Repository, options: ComposeOptions): Consent {
  return openConsent(repository.commonDir, async () => {
    const { copy, link } = (await settingsOfHead(repository, options)).run.provision;
    return [...copy, ...link];
  });
}

function requireState(text: string): ReturnType<EngineDependencies["parseState"]> {
  const parsed = parseStateDocument(text);
  if (parsed.ok) return parsed.state;
  throw new SignalboxError(
    "environment",
    "state-damaged",
    `ORCHESTRATION.yaml cannot be used: ${parsed.errors.join("; ")}`,
    ["An older version is in the history: git log -- '*ORCHESTRATION.yaml'"],
  );
}
