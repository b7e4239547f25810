import { agentEnvironment } from "../adapters/environment/agent-environment.ts";
import { openPortRanges, portsPath } from "../adapters/provision/port-ranges.ts";
import { portCount } from "../core/ports.ts";
import { requirePlanned } from "../core/workflow/queries.ts";
import type { CliIo } from "./io.ts";
import type { Project } from "./project.ts";
import type { SlotPlace } from "./slot-place.ts";

/** What the sessions of a slot get: little of the user's own, what `env` names, and the ports of the worktree. */
export async function sessionEnvironment(
  env: CliIo["env"],
  { repository: { root, commonDir } }: Project,
  { state, slot, path }: SlotPlace,
): Promise<Readonly<Record<string, string>>> {
  const { settings } = requirePlanned(state, slot);
  const ports = await openPortRanges(portsPath(env, commonDir)).rangeOf(path, portCount(settings));
  return agentEnvironment(env, settings, { worktree: path, root, ports });
}
