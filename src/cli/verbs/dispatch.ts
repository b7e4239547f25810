import { dispatchDefinition } from "../../config/dispatch-definition.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { planRequest } from "../planning/plan-definition.ts";
import type { VerbInput } from "../verb.ts";
import { planAndStart } from "./run.ts";

/** `signalbox dispatch <task>...`: a definition of one phase with one slot per task, never written to a file. */
export function dispatch(context: Context, input: VerbInput): Promise<number> {
  const tasks = input.words(0).map((task) => task.trim());
  if (tasks.some((task) => task === ""))
    throw new SignalboxError("user", "empty-task", "A task without words tells an agent nothing", [
      "For example: signalbox dispatch 'Fix #41: empty password'",
    ]);
  const name = input.text("name");
  const checks = input.list("check");
  const { text } = dispatchDefinition(
    {
      tasks,
      judge: input.flag("judge"),
      ...(name === undefined ? {} : { name }),
      ...(checks.length === 0 ? {} : { checks }),
    },
    {},
  );
  return planAndStart(context, { ...planRequest(input), file: "dispatch", text }, input);
}
