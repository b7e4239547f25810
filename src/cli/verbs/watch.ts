import type { Context } from "../context.ts";
import { followWorkflow } from "../follow/follow-workflow.ts";
import { openProject, pickWorkflow } from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox watch [workflow]`. */
export async function watch(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "look");
  return followWorkflow(context, project, state.id, { yes: false, wait: input.flag("wait") });
}
