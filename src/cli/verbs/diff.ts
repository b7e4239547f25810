import { openWorkDiffs, type WorkDiffs } from "../../adapters/git/work-diff.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { DeliverableState } from "../../core/workflow/deliverable.ts";
import { currentRounds, requireDeliverable, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { screenWidth } from "../io.ts";
import { resolveSlot, workflowOfSlots } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { page } from "../output/page.ts";
import { openProject, repositoryOf } from "../project.ts";
import { parseCount, type VerbInput } from "../verb.ts";

/** What a difference is taken between, and what it is called. */
interface Shown {
  readonly slot: string;
  readonly from: string;
  readonly to: string;
  readonly what: string;
}

/** `signalbox diff [slot] [--stat] [--round n]`: what a slot changed, also while its agent still works; without a slot a summary of all. */
export async function diff(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const reference = input.argument(0);
  const slots = reference === undefined ? [] : [reference];
  const state = await workflowOfSlots(project, input.text("workflow"), slots);
  const diffs = await openWorkDiffs(context.io.cwd, { env: context.io.env });
  const round = parseCount(input.text("round"), "--round");
  if (reference === undefined) return summary(context, state, diffs);
  const slot = resolveSlot(state, reference);
  const shown = await between(context, state, diffs, slot, round);
  if (shown === null) throw nothingYet(state, slot, round);
  const text = await diffs.text({ ...shown, stat: input.flag("stat"), ...view(context) });
  if (text === "") context.output.say(`${shown.what}: no difference`);
  else await page(context, text);
  return EXIT.done;
}

async function summary(context: Context, state: WorkflowState, diffs: WorkDiffs): Promise<number> {
  const parts: string[] = [];
  for (const { id } of state.plan.deliverables) {
    const shown = await between(context, state, diffs, id, undefined);
    if (shown === null) continue;
    const stat = await diffs.text({ ...shown, stat: true, ...view(context) });
    parts.push(`${context.output.style.bold(id)}  ${shown.what}\n${stat === "" ? " no difference\n" : stat}`);
  }
  if (parts.length === 0) context.output.say(`Nothing is changed in ${state.id} yet`);
  else await page(context, parts.join("\n"));
  return EXIT.done;
}

function view({ output, io }: Context): { readonly colour: boolean; readonly width: number } {
  return { colour: output.style.colour, width: screenWidth(io) };
}

/** The last commit of the slot, or the worktree as it is while somebody works in it; null where there is neither. */
async function between(
  { io }: Context,
  state: WorkflowState,
  diffs: WorkDiffs,
  slot: string,
  round: number | undefined,
): Promise<Shown | null> {
  const deliverable = requireDeliverable(state, slot);
  const { base, branch } = deliverable;
  if (base === undefined || branch === undefined) return null;
  if (round !== undefined) return ofRound(deliverable, base, round);
  if (isWorkedOn(state, deliverable)) {
    const repository = await repositoryOf(io, state);
    const tree = await diffs.treeOf(repository.worktreePath(branch), base).catch(() => null);
    if (tree !== null) return { slot, from: base, to: tree, what: "uncommitted, an agent works on it now" };
  }
  if (deliverable.commit === undefined) return null;
  return { slot, from: base, to: deliverable.commit, what: `commit ${deliverable.commit.slice(0, 8)}` };
}

function ofRound(deliverable: DeliverableState, base: string, number: number): Shown | null {
  const commit = currentRounds(deliverable).find((it) => it.round === number)?.commit;
  if (commit === undefined) return null;
  return { slot: deliverable.id, from: base, to: commit, what: `round ${number}` };
}

function isWorkedOn(state: WorkflowState, { id, attempt, epoch, manual }: DeliverableState): boolean {
  const makers = runningSessions(state).filter((s) => s.purpose !== "judge" && s.purpose !== "critique");
  return manual || makers.some((s) => s.subject === id && s.attempt === attempt && s.epoch === epoch);
}

function nothingYet(state: WorkflowState, slot: string, round: number | undefined): SignalboxError {
  const rounds = currentRounds(requireDeliverable(state, slot)).filter((it) => it.commit !== undefined);
  if (round !== undefined && rounds.length > 0)
    return new SignalboxError(
      "user",
      "unknown-round",
      `${slot} has no round ${round} with a commit; it has ${rounds.map((it) => it.round).join(", ")}`,
      [`The last one: signalbox diff ${slot}`],
    );
  return new SignalboxError("user", "no-work", `${slot} has changed nothing yet`, [
    `To see where it stands: signalbox show ${slot}`,
  ]);
}
