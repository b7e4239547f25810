import { dispatchDefinition } from "../../config/dispatch-definition.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { gatherTasks } from "../dispatch/gather-tasks.ts";
import { type PlanRequest, planRequest } from "../planning/plan-definition.ts";
import type { VerbInput } from "../verb.ts";
import { openedProject, planAndStart } from "./run.ts";

/** `signalbox dispatch <task>...`: a definition of one phase with one slot per task, never written to a file. */
export async function dispatch(context: Context, input: VerbInput): Promise<number> {
  const project = await openedProject(context);
  const { tasks, notes } = await gatherTasks(context.io, project.repository.root, input);
  for (const note of notes) context.output.warn(note);
  const name = input.text("name");
  const { text } = dispatchDefinition(
    { tasks, judge: input.flag("judge"), ...(name === undefined ? {} : { name }) },
    {},
  );
  return planAndStart(context, project, requestOf(input, text), input, "once");
}

/** `--budget` is the word that a person looks for; it is the money limit of the workflow. */
function requestOf(input: VerbInput, text: string): PlanRequest {
  const request = planRequest(input);
  const budget = input.text("budget");
  if (budget === undefined) return { ...request, file: "dispatch", text };
  if (input.text("usd") !== undefined)
    throw new SignalboxError("user", "contradiction", "--budget and --usd are the same limit", [
      "Give one of the two: --budget 5",
    ]);
  if (!/^(none|\d+(\.\d+)?)$/.test(budget))
    throw new SignalboxError("user", "not-an-amount", `--budget ${budget} is no amount in USD`, [
      "For example: --budget 5, or --budget none",
    ]);
  return { ...request, file: "dispatch", text, flags: { ...request.flags, usd: budget } };
}
