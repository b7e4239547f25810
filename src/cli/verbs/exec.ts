import { agentEnvironment } from "../../adapters/environment/agent-environment.ts";
import { openPortRanges, portsPath } from "../../adapters/provision/port-ranges.ts";
import { SignalboxError } from "../../core/errors.ts";
import { portCount } from "../../core/ports.ts";
import { requirePlanned } from "../../core/workflow/queries.ts";
import { runAttached } from "../attached.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { openProject, type Project } from "../project.ts";
import { type SlotPlace, slotPlace } from "../slot-place.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox exec <slot> -- <command>`: a program in the worktree of a slot, as a session there would run it; its exit code. */
export async function exec(context: Context, input: VerbInput): Promise<number> {
  const { io, output } = context;
  const [program, ...args] = input.words(1);
  if (program === undefined)
    throw new SignalboxError("user", "usage", "No command was given", [
      `For example: signalbox exec ${input.argument(0)} -- npm test`,
    ]);
  const project = await openProject(io);
  refuseInsideSession(context, project);
  const place = await slotPlace(context, project, input.argument(0) ?? "", input.text("workflow"));
  if (place.occupied)
    output.warn(
      `an agent works on ${place.slot} right now; what the command changes becomes part of its work`,
    );
  return runAttached(io, program, args, {
    cwd: place.path,
    env: await sessionEnvironment(io.env, project, place),
  });
}

/** What the sessions of the slot get: little of the user's own, what `env` names, and the ports of the worktree. */
async function sessionEnvironment(
  env: Context["io"]["env"],
  { repository: { root, commonDir } }: Project,
  { state, slot, path }: SlotPlace,
): Promise<Readonly<Record<string, string>>> {
  const { settings } = requirePlanned(state, slot);
  const ports = await openPortRanges(portsPath(env, commonDir)).rangeOf(path, portCount(settings));
  return agentEnvironment(env, settings, { worktree: path, root, ports });
}
