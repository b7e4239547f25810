/** Landing of a workflow as a whole. */
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { WorkflowLanding } from "../../engine/land-workflow.ts";
import type { LandingDependencies } from "../../engine/landing-place.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { type Project, startedCoordinator } from "../project.ts";
import { recordLanding } from "./record.ts";

/** Throws what {@link landWorkflow} throws. */
export async function landWhole(
  context: Context,
  project: Project,
  { id }: WorkflowState,
  deps: LandingDependencies,
  order: Omit<WorkflowLanding, "subject">,
): Promise<number> {
  const client = await startedCoordinator(project, context.io);
  try {
    const { landWorkflow } = await import("../../engine/land-workflow.ts");
    const request = { ...order, subject: id };
    const landed = await landWorkflow(deps, await client.open(id), request);
    await recordLanding(context, client, id, request, landed, "workflow");
    const { target, way, form } = order;
    if (context.json) context.output.json({ workflow: id, target, way, form, landed });
    return EXIT.done;
  } finally {
    client.close();
  }
}
