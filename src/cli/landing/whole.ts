/** Landing of a workflow as a whole. */
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { WorkflowLanding } from "../../engine/land-workflow.ts";
import type { LandingDependencies } from "../../engine/landing-place.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { type Project, startedCoordinator } from "../project.ts";
import { recordLanding } from "./record.ts";

/** Throws what {@link inTurn} and {@link landWorkflow} throw. */
export async function landWhole(
  context: Context,
  project: Project,
  { id }: WorkflowState,
  deps: LandingDependencies,
  order: Omit<WorkflowLanding, "subject"> & { readonly wait: boolean },
): Promise<number> {
  const client = await startedCoordinator(project, context.io);
  try {
    const { inTurn } = await import("../../engine/landing-turn.ts");
    const { landWorkflow } = await import("../../engine/land-workflow.ts");
    const request = { ...order, subject: id };
    const since = new Date(context.io.now()).toISOString();
    const landed = await inTurn(deps, { ...order, workflow: id, slots: [], since }, async () => {
      const found = await landWorkflow(deps, await client.open(id), request);
      await recordLanding(context, client, id, request, found, "workflow");
      return found;
    });
    const { target, way, form } = order;
    if (context.json) context.output.json({ workflow: id, target, way, form, landed });
    return EXIT.done;
  } finally {
    client.close();
  }
}
