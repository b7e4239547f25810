/** Sends one command of a person to the coordinator and tells the result. */
import { SignalboxError } from "../core/errors.ts";
import type { PersonCommand } from "../core/workflow/command.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Context } from "./context.ts";
import { EXIT } from "./output/exit-code.ts";
import { RejectedError } from "./output/report-error.ts";
import { openProject, pickWorkflow, startedCoordinator } from "./project.ts";
import type { VerbInput } from "./verb.ts";

export interface Submission {
  readonly command: PersonCommand;
  /** What is said when it was accepted, such as `CP-002 approved`. */
  readonly said: string;
  /** Hint after it; default how to watch. */
  readonly hint?: string;
}

/** Picks the workflow, builds the command from its state, sends it. Throws `RejectedError` when the core refuses. */
export async function submit(
  context: Context,
  workflow: string | undefined,
  build: (state: WorkflowState) => Submission | Promise<Submission>,
): Promise<number> {
  refuseInsideSession(context);
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflow, "act");
  const { command, said, hint } = await build(state);
  const client = await startedCoordinator(project, context.io);
  try {
    const result = await client.submit(state.id, command);
    if (!result.ok) throw new RejectedError(result.rejection);
    if (context.json) context.output.json({ workflow: state.id, command: command.type, seq: result.seq });
    else {
      context.output.success(said);
      context.output.hint(hint ?? `Watch it: signalbox watch ${state.id}`);
    }
    return EXIT.done;
  } finally {
    client.close();
  }
}

/** The workflow of a verb: first argument, or `-w`. */
export function workflowOf(input: VerbInput): string | undefined {
  return input.argument(0) ?? input.text("workflow");
}

/** Variable that the session host puts into the environment of everything that an agent starts. */
const SESSION_MARK = "SIGNALBOX_SESSION";

/** An agent that runs our own command must not answer for a person (design §11 no. 14). */
export function refuseInsideSession({ io }: Context): void {
  if (io.env[SESSION_MARK] === undefined) return;
  throw new SignalboxError(
    "user",
    "inside-a-session",
    "This command was typed inside an agent's session, which cannot decide for a person",
    ["Type it in a terminal of your own"],
  );
}
