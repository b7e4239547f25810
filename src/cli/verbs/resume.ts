import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import { SignalboxError } from "../../core/errors.ts";
import { waiting } from "../../core/view/waiting.ts";
import { isOver } from "../../core/workflow/next-effects.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { typist } from "../agent-typing.ts";
import { footLines } from "../board/foot.ts";
import { standsStill } from "../board/standstill.ts";
import type { Context } from "../context.ts";
import { followWorkflow } from "../follow/follow-workflow.ts";
import { exitCodeOfResumed, seenGoingOn } from "../follow/goes-on.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { EXIT } from "../output/exit-code.ts";
import { RejectedError } from "../output/report-error.ts";
import {
  commandSuffix,
  loadState,
  openProject,
  type Project,
  pickWorkflow,
  startedCoordinator,
} from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox resume [workflow]`: what a person types after any trouble. Starts the coordinator, ends a pause, watches on a terminal. */
export async function resume(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  const id = await meantWorkflow(project, workflowOf(input));
  const before = await loadState(project, id);
  const unfinished = before !== null && hasEnded(before);
  const client = await startedCoordinator(project, context.io);
  try {
    const opened = await client.open(id);
    if (unfinished) return await finish(context, project, opened, client);
    const result = await client.submit(id, { type: "resume", by: typist(context.io) });
    if (!result.ok) throw hasEnded(opened) ? ended(id, opened.status) : new RejectedError(result.rejection);
    if (input.flag("detach")) return tellResumed(context, id, result.seq);
    if (context.json || !context.io.stdout.isTTY) return await seeGoingOn(context, project, client, opened);
    return await followWorkflow(context, project, id, { yes: false, wait: false, client });
  } finally {
    client.close();
  }
}

function tellResumed({ output, json }: Context, workflow: string, seq: number): number {
  if (json) output.json({ workflow, seq });
  else output.success(`${workflow} is resumed`);
  return EXIT.done;
}

/** Says that it goes on only where it does: an agent without a login would leave it standing a moment later. */
async function seeGoingOn(
  { output, json, io }: Context,
  project: Project,
  client: CoordinatorClient,
  { id }: WorkflowState,
): Promise<number> {
  const state = await seenGoingOn(client, id);
  const stands = standsStill(state) && !hasEnded(state);
  const code = exitCodeOfResumed(state);
  if (json) output.json({ workflow: id, seq: state.seq, status: state.status, waiting: waiting(state) });
  else if (code === EXIT.done && !stands) output.success(`${id} goes on`);
  else {
    output.warn(code === EXIT.auth ? `${id} waits for a login` : `${id} waits for a person`);
    const suffix = await commandSuffix(project, id);
    for (const line of footLines(state, { style: output.narration, now: io.now(), width: 120, suffix }))
      output.say(line);
  }
  return code;
}

/** It had ended before its last commits and clean-ups were done; opening it does them. */
async function finish(
  context: Context,
  project: Project,
  { id, seq }: WorkflowState,
  client: CoordinatorClient,
): Promise<number> {
  if (!context.json) return followWorkflow(context, project, id, { yes: false, wait: false, client });
  context.output.json({ workflow: id, seq });
  return EXIT.done;
}

/** A workflow with a journal here, else one that came as a branch from elsewhere (design §4). */
async function meantWorkflow(project: Project, reference: string | undefined): Promise<string> {
  const journals = await project.store.list();
  const here =
    reference === undefined ? journals.length > 0 : journals.some((id) => id.startsWith(reference));
  if (!here) {
    const arrived = await arrivedWorkflow(project, reference);
    if (arrived !== null) return arrived;
  }
  const state = await pickWorkflow(project, reference, "act");
  if (isOver(state)) throw ended(state.id, state.status);
  return state.id;
}

/** Id of an integration branch, local or of a remote; null when there is none, or several could be meant. */
async function arrivedWorkflow(
  { repository }: Project,
  reference: string | undefined,
): Promise<string | null> {
  const branches = await repository.integrationBranches();
  // Without a name only what is here is meant: a remote may hold many that are none of this machine's business.
  const meant = branches.filter(({ workflow, remote }) =>
    reference === undefined ? remote === null : workflow.startsWith(reference),
  );
  const exact = meant.find(({ workflow }) => workflow === reference);
  const [only, another] = new Set(meant.map(({ workflow }) => workflow));
  return exact?.workflow ?? (another === undefined ? (only ?? null) : null);
}

function ended(workflow: string, status: string): SignalboxError {
  return new SignalboxError("user", "ended", `${workflow} is ${status} and cannot be resumed`, [
    `To start again from a checkpoint: signalbox rewind <checkpoint> -w ${workflow}`,
    `Its checkpoints: signalbox show ${workflow} --json`,
  ]);
}
