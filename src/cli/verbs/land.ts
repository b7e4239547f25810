import { SignalboxError } from "../../core/errors.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import type { Landing } from "../../core/workflow/deliverable.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { LandingForm } from "../../engine/land-workflow.ts";
import type { QueuedLanding } from "../../ports/landing.ts";
import { requirePerson } from "../agent-typing.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { askWay, type Choice, choicesOf, type Offer, wayLines } from "../landing/choices.ts";
import { landAll } from "../landing/one-by-one.ts";
import { landable, resolveSlot, workflowOfSlots } from "../landing/slots.ts";
import { landWhole } from "../landing/whole.ts";
import { landedText } from "../output/events/deliverable.ts";
import { EXIT } from "../output/exit-code.ts";
import { ageText } from "../output/units.ts";
import { openProject } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox land [slot...] [--here | --push | --pr] [--ff | --merge | --squash]`: accepted work becomes one commit per slot on
 * the target, or the result of a complete workflow lands as a whole.
 */
export async function land(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  const references = input.words(0);
  const state = await workflowOfSlots(project, input.text("workflow"), references);
  await requirePerson(context, project, state.plan.base.commit, "land");
  const whole = state.plan.finish.per === "workflow";
  const form = formOf(input, state, whole);
  const slots = whole ? await wholeOnly(state, references) : slotsToLand(state, references);
  if (whole && state.landed !== undefined && wayOf(input) === undefined)
    return tellLanded(context, state.id, state.landed);
  const target = targetOf(state, input.text("to"));
  const { composeLanding } = await import("../../compose-landing.ts");
  const deps = await composeLanding(state, {
    cwd: context.io.cwd,
    env: context.io.env,
    target,
    narrate: (line) => context.output.say(`  ${line}`),
  });
  const choices = await choicesOf(deps, target, whole);
  const command = commandOf(state, slots, references.length > 0);
  const offer = { slots, command: `${command}${flagsOf(input)}` };
  const way = wayOf(input) ?? wishedWay(state, whole) ?? (await askWay(context, offer, choices));
  if (way === null) return tellWays(context, offer, choices, await deps.queue.list());
  const order = { target, way, check: input.flag("check"), wait: input.flag("wait"), flags: flagsOf(input) };
  return whole
    ? landWhole(context, project, state, deps, { ...order, form, command: offer.command })
    : landAll(context, project, state, deps, { ...order, slots });
}

/** What a repeated command needs as well, in front of the way. */
function flagsOf(input: VerbInput): string {
  const forms = ["ff", "merge", "squash"].filter((form) => input.flag(form)).map((form) => ` --${form}`);
  const to = input.text("to");
  return [...forms, to === undefined ? "" : ` --to ${shellWord(to)}`].join("");
}

function tellLanded({ json, output }: Context, workflow: string, landed: Landing): number {
  if (json) output.json({ workflow, landed });
  else output.success(`${workflow} ${landedText(landed)}`);
  return EXIT.done;
}

/** `finish.merge: pr` says the way, the other values only the form. */
function wishedWay(state: WorkflowState, whole: boolean): Landing["way"] | undefined {
  return whole && state.plan.finish.merge === "pr" ? "pr" : undefined;
}

function commandOf({ id, plan }: WorkflowState, slots: readonly string[], named: boolean): string {
  if (plan.finish.per === "workflow") return `land -w ${id}`;
  return named ? `land ${slots.join(" ")}` : "land";
}

/** `--ff`, `--merge` or `--squash`, else what `finish.merge` says, else a merge. */
function formOf(input: VerbInput, state: WorkflowState, whole: boolean): LandingForm {
  const forms = (["ff", "merge", "squash"] as const).filter((form) => input.flag(form));
  const [first] = forms;
  if (forms.length > 1)
    throw new SignalboxError("user", "usage", `--${forms.join(" and --")} exclude each other`, [
      "Choose one: signalbox land --merge",
    ]);
  if (first !== undefined && !whole)
    throw new SignalboxError("user", "usage", `--${first} is for a workflow that lands as a whole`, [
      "Each slot lands as one commit: signalbox land --here",
    ]);
  const { merge } = state.plan.finish;
  return first ?? (merge === "none" || merge === "pr" ? "merge" : merge);
}

/** The workflow's own name stands for all of it. */
async function wholeOnly(state: WorkflowState, references: readonly string[]): Promise<readonly string[]> {
  if (references.length === 0 && state.status === "COMPLETE") return [state.id];
  if (references.length === 0) {
    const { refused } = await import("../../engine/landing-refusals.ts");
    throw refused.notComplete(state);
  }
  throw new SignalboxError(
    "user",
    "lands-as-a-whole",
    `${state.id} lands as a whole, not slot by slot (finish: { per: workflow })`,
    [`When it is complete: signalbox land -w ${state.id}`],
  );
}

/** The named ones, else all that wait. Throws where nothing can be landed by itself. */
function slotsToLand(state: WorkflowState, references: readonly string[]): readonly string[] {
  const slots = references.length === 0 ? landable(state) : references.map((one) => resolveSlot(state, one));
  if (slots.length > 0) return [...new Set(slots)];
  throw new SignalboxError("user", "nothing-to-land", `Nothing of ${state.id} waits to be landed`, [
    `To see where it stands: signalbox status ${state.id}`,
  ]);
}

function targetOf(state: WorkflowState, named: string | undefined): string {
  const target = named ?? state.plan.base.target;
  if (target !== null) return target.replace(/^refs\/heads\//, "");
  throw new SignalboxError(
    "user",
    "no-target",
    `${state.id} was started from no branch, so it has no target`,
    ["Name one: signalbox land --to main"],
  );
}

function wayOf(input: VerbInput): Landing["way"] | undefined {
  const ways = (["here", "push", "pr"] as const).filter((way) => input.flag(way));
  if (ways.length < 2) return ways[0];
  throw new SignalboxError("user", "usage", `--${ways.join(" and --")} exclude each other`, [
    "Choose one: signalbox land --here",
  ]);
}

async function tellWays(
  context: Context,
  offer: Offer,
  choices: readonly Choice[],
  queue: readonly QueuedLanding[],
): Promise<number> {
  if (context.json) context.output.json({ slots: offer.slots, choices, queue });
  else {
    const { queueLines } = await import("../landing/queue-lines.ts");
    const now = queueLines(queue, (since) => ageText(since, context.io.now()));
    context.output.answer([...wayLines(context, offer, choices), ...now].join("\n"));
  }
  return EXIT.waiting;
}
