/** The one place where the engine meets its adapters. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createCheckRunner } from "./adapters/checks/index.ts";
import { endStrayCommands } from "./adapters/checks/shell.ts";
import { createSystemIds } from "./adapters/clock/ids.ts";
import { createSystemClock } from "./adapters/clock/system.ts";
import { agentEnvironment } from "./adapters/environment/agent-environment.ts";
import { createWorktreeFiles } from "./adapters/fs/worktree-files.ts";
import { openRepository } from "./adapters/git/index.ts";
import { createSessionHost } from "./adapters/host/client.ts";
import { openJournalStore } from "./adapters/journal/jsonl.ts";
import { createProvisioner } from "./adapters/provision/index.ts";
import { loadSettings, PROJECT_FILE } from "./config/settings/load-settings.ts";
import type { Settings } from "./config/settings/settings.ts";
import { SignalboxError } from "./core/errors.ts";
import { createRenderer } from "./documents/renderer.ts";
import { parseStateDocument } from "./documents/state/parse-state.ts";
import type { EngineDependencies } from "./engine/dependencies.ts";
import { createEngine, type Engine } from "./engine/engine.ts";

export interface ComposeOptions {
  /** Anywhere inside the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
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
  const first = await openRepository(options.cwd, { env });
  const settings = await projectSettings(first.root, env);
  const repository = await openRepository(first.root, {
    env,
    worktrees: settings.layout.worktrees,
    branchPrefix: settings.layout.branchPrefix,
  });
  const store = openJournalStore(repository.commonDir);
  await endStrayCommands(repository.commonDir);
  const dependencies: EngineDependencies = {
    store,
    repository,
    host: createSessionHost({ commonDir: repository.commonDir }),
    provisioner: createProvisioner({ root: repository.root, commonDir: repository.commonDir, env }),
    checks: createCheckRunner({ env, commonDir: repository.commonDir }),
    files: createWorktreeFiles((workflow) => store.folder(workflow)),
    clock: createSystemClock(),
    ids: createSystemIds(),
    documents: createRenderer(options.version),
    notifier: {
      notify: async ({ workflow, reason, command }) =>
        options.narrate(`${workflow} waits: ${reason} (${command})`),
    },
    agentEnvironment: (run) => agentEnvironment(env, run),
    commandOf: (adapter) => settings.commands[adapter.replace(/^command:/, "")],
    parseState: requireState,
    narrate: options.narrate,
  };
  return { engine: createEngine(dependencies), dependencies };
}

/** Configuration of the checkout as it stands: only the parts that no plan carries (commands, folder of worktrees). */
async function projectSettings(root: string, env: ComposeOptions["env"]): Promise<Settings> {
  const projectText = await readFile(join(root, PROJECT_FILE), "utf8").catch(() => null);
  const loaded = loadSettings({ projectText, env });
  if (loaded.ok) return loaded.settings;
  const [error] = loaded.errors;
  throw new SignalboxError(
    "config",
    "bad-configuration",
    `${PROJECT_FILE}: ${error?.message ?? "cannot be read"}`,
    ["To see all errors, run: signalbox config"],
  );
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
