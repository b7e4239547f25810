/** Which module implements which agent. Each is loaded when a session first needs it: importing an agent SDK is slow. */
import { SignalboxError } from "../../core/errors.ts";
import type { AgentAdapter } from "../../ports/session-host.ts";

interface AdapterModule {
  createAdapter(): AgentAdapter;
}

const MODULES: Readonly<Record<string, () => Promise<AdapterModule>>> = {
  claude: () => import("../agents/claude.ts"),
  "claude-cli": () => import("../agents/claude-cli.ts"),
  acp: () => import("../agents/acp/adapter.ts"),
  command: () => import("../agents/command.ts"),
  simulated: () => import("../agents/simulated.ts"),
};

/** Names of the adapters that there are; `acp` and `command` are used with a name, such as `command:lint`. */
export const ADAPTER_NAMES: readonly string[] = Object.keys(MODULES);

/** The adapter of a name such as `claude` or `command:lint`. Throws `unknown-adapter` (kind `config`). */
export async function loadAdapter(name: string): Promise<AgentAdapter> {
  const load = MODULES[name.split(":", 1)[0] ?? name];
  if (load === undefined) {
    throw new SignalboxError("config", "unknown-adapter", `there is no agent adapter "${name}"`, [
      `The adapters are: ${ADAPTER_NAMES.join(", ")}. It is set with "use" in signalbox.yaml or in the definition.`,
    ]);
  }
  return (await load()).createAdapter();
}

/** `load` with one adapter object per name. */
export function rememberAdapters(
  load: (name: string) => Promise<AgentAdapter>,
): (name: string) => Promise<AgentAdapter> {
  const known = new Map<string, Promise<AgentAdapter>>();
  return (name) => {
    const adapter = known.get(name) ?? load(name);
    known.set(name, adapter);
    adapter.catch(() => known.delete(name)); // a missing optional dependency may be installed later
    return adapter;
  };
}
