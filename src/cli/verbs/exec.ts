import { SignalboxError } from "../../core/errors.ts";
import { runAttached } from "../attached.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { openProject } from "../project.ts";
import { sessionEnvironment } from "../session-environment.ts";
import { slotPlace } from "../slot-place.ts";
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
