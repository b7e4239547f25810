import { stringify } from "yaml";
import { taskIds } from "./dispatch/task-ids.ts";
import { type DefinitionOptions, type ParsedDefinition, parseDefinition } from "./parse-definition.ts";

/** Arguments of `signalbox dispatch` that end up in the definition. */
export interface DispatchRequest {
  /** One slot each; what the agent is told. Slots are named after the words of their task. */
  readonly tasks: readonly string[];
  /** Display name. Default: the first line of the first task, with the number of the others. */
  readonly name?: string;
  /** C2 instead of C1: critics and a judged score. */
  readonly judge?: boolean;
  readonly checks?: readonly string[];
}

/**
 * The definition of `signalbox dispatch "…" "…"`: one phase, one slot per task, C1, each accepted slot is merged by
 * itself. It goes through the same parser as a file and can be written down by `text`.
 */
export function dispatchDefinition(
  request: DispatchRequest,
  options: Omit<DefinitionOptions, "file" | "inputs">,
): ParsedDefinition & { readonly text: string } {
  const text = renderDispatch(request);
  return { ...parseDefinition(text, { ...options, file: "dispatch" }), text };
}

function renderDispatch({ tasks, name, judge, checks }: DispatchRequest): string {
  const ids = taskIds(tasks);
  return stringify({
    workflow: name ?? nameFor(tasks),
    slug: "dispatch",
    criticality: judge === true ? "C2" : "C1",
    ...(checks === undefined ? {} : { checks }),
    stages: [
      {
        phase: "Work",
        slots: tasks.map((task, index) => ({ id: ids[index], brief: escapeExpressions(task) })),
      },
    ],
    finish: { per: "slot" },
  });
}

/** A task is data: `${{` in it must not be read as an expression. */
function escapeExpressions(task: string): string {
  return task.replaceAll("${{", "$ {{");
}

function nameFor(tasks: readonly string[]): string {
  const first = (tasks[0] ?? "").trim().split("\n")[0]?.slice(0, 60) ?? "";
  const more = tasks.length > 1 ? ` and ${tasks.length - 1} more` : "";
  return escapeExpressions(`${first}${more}`);
}
