/** Sends one command of a person to the coordinator and tells the result. */

import type { CoordinatorClient } from "../adapters/coordinator/client.ts";
import { SignalboxError } from "../core/errors.ts";
import type { PersonCommand } from "../core/workflow/command.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { signed } from "./agent-typing.ts";
import type { Context } from "./context.ts";
import { refuseInsideSession } from "./inside-session.ts";
import { workflowOfSlots } from "./landing/slots.ts";
import { EXIT } from "./output/exit-code.ts";
import { RejectedError } from "./output/report-error.ts";
import { openProject, type Project, pickWorkflow, startedCoordinator } from "./project.ts";
import { watchMessage } from "./told.ts";
import type { VerbInput } from "./verb.ts";

export interface Submission {
  readonly command: PersonCommand;
  /** What is said when it was accepted, such as `CP-002 approved`. */
  readonly said: string;
  /** Hint after it; default how to watch. */
  readonly hint?: string;
  /** A message to a session: what is said waits until it is there, or says why it is not. */
  readonly isMessage?: boolean;
  /** Waits, once the command was accepted, for what follows from it; what it gives goes into the JSON answer. */
  readonly follow?: (
    client: CoordinatorClient,
    state: WorkflowState,
  ) => Promise<Readonly<Record<string, unknown>>>;
}

/** Picks the workflow, builds the command from its state, sends it. Throws `RejectedError` when the core refuses. */
export async function submit(
  context: Context,
  workflow: string | undefined,
  build: (state: WorkflowState) => Submission | Promise<Submission>,
): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  return submitTo(context, project, await pickWorkflow(project, workflow, "act"), build);
}

/** The same for a command about slots: their names say which workflow is meant. */
export async function submitOn(
  context: Context,
  { workflow, slots }: { readonly workflow: string | undefined; readonly slots: readonly string[] },
  build: (state: WorkflowState) => Submission | Promise<Submission>,
): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  return submitTo(context, project, await workflowOfSlots(project, workflow, slots), build);
}

async function submitTo(
  context: Context,
  project: Project,
  state: WorkflowState,
  build: (state: WorkflowState) => Submission | Promise<Submission>,
): Promise<number> {
  const { command: wanted, said, hint, isMessage = false, follow } = await build(state);
  const command = await signed(context, project, state, wanted);
  await refuseWhileAttached(project, state, command);
  const client = await startedCoordinator(project, context.io);
  try {
    const arrived = isMessage ? await watchMessage(client, state.id) : null;
    const result = await client.submit(state.id, command);
    if (!result.ok) throw new RejectedError(result.rejection);
    const problem = arrived === null ? null : await arrived();
    const message = isMessage ? { problem } : {};
    const followed = (await follow?.(client, state)) ?? {};
    if (context.json)
      context.output.json({
        workflow: state.id,
        command: command.type,
        seq: result.seq,
        ...message,
        ...followed,
      });
    else {
      if (problem === null) context.output.success(said);
      else context.output.warn(`recorded, but ${problem}`);
      context.output.hint(hint ?? `Watch it: signalbox watch ${state.id}`);
    }
    return EXIT.done;
  } finally {
    client.close();
  }
}

/** Throws `still-attached` where somebody answers for a slot that a living terminal has: it would lose its worktree under their hands. */
async function refuseWhileAttached(
  { commonDir }: Project,
  state: WorkflowState,
  command: PersonCommand,
): Promise<void> {
  if (command.type !== "decide" && command.type !== "direct") return;
  const question = state.questions.find(({ id, subject }) => [id, subject].includes(command.subject));
  const slot = state.deliverables[question?.subject ?? ""];
  if (question?.kind !== "attached" || slot === undefined) return;
  const { conversationHolder } = await import("../adapters/host/conversation-lock.ts");
  const key = slot.conversation ?? slot.branch ?? slot.id;
  const pid = await conversationHolder({ commonDir, workflow: state.id, key });
  if (pid === null) return;
  throw new SignalboxError(
    "user",
    "still-attached",
    `${slot.id} is still open in a terminal of ${slot.attached?.by ?? "somebody"} (pid ${pid})`,
    ["Leaving the program there hands it back"],
  );
}

/** The workflow of a verb: first argument, or `-w`. */
export function workflowOf(input: VerbInput): string | undefined {
  return input.argument(0) ?? input.text("workflow");
}
