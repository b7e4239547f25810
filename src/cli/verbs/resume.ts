import { SignalboxError } from "../../core/errors.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { Context } from "../context.ts";
import { followWorkflow } from "../follow/follow-workflow.ts";
import { EXIT } from "../output/exit-code.ts";
import { RejectedError } from "../output/report-error.ts";
import { openProject, pickWorkflow, startedCoordinator } from "../project.ts";
import { refuseInsideSession, workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox resume [workflow]`: what a person types after any trouble. Starts the coordinator, ends a pause, watches on a terminal. */
export async function resume(context: Context, input: VerbInput): Promise<number> {
  refuseInsideSession(context);
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "act");
  if (hasEnded(state)) throw ended(state.id, state.status);
  const client = await startedCoordinator(project, context.io);
  try {
    const opened = await client.open(state.id);
    const result = await client.submit(opened.id, { type: "resume", by: context.io.user });
    if (!result.ok) throw new RejectedError(result.rejection);
    if (context.json) context.output.json({ workflow: opened.id, seq: result.seq });
    if (context.json || input.flag("detach") || !context.io.stdout.isTTY) {
      if (!context.json) context.output.success(`${opened.id} goes on`);
      return EXIT.done;
    }
    return await followWorkflow(context, project, opened.id, { yes: false, wait: false, client });
  } finally {
    client.close();
  }
}

function ended(workflow: string, status: string): SignalboxError {
  return new SignalboxError("user", "ended", `${workflow} is ${status} and cannot be resumed`, [
    `To start again from a checkpoint: signalbox rewind <checkpoint> -w ${workflow}`,
    `Its checkpoints: signalbox show ${workflow} --json`,
  ]);
}
