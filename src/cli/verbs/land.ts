import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Landing } from "../../core/workflow/deliverable.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Landed, LandingDependencies } from "../../engine/landing.ts";
import { requirePerson, typist } from "../agent-typing.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { acceptFirst } from "../landing/accept.ts";
import { askWay, type Choice, choicesOf, wayLines } from "../landing/choices.ts";
import { landable, resolveSlot, workflowOfSlots } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { RejectedError, reportError } from "../output/report-error.ts";
import { openProject, type Project, startedCoordinator } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox land [slot...] [--here | --push | --pr]`: accepted work becomes one commit per slot on the target. */
export async function land(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  const references = input.words(0);
  const state = await workflowOfSlots(project, input.text("workflow"), references);
  await requirePerson(context, project, state.plan.base.commit, "land");
  const slots = slotsToLand(state, references);
  const target = targetOf(state, input.text("to"));
  const { composeLanding } = await import("../../compose-landing.ts");
  const deps = await composeLanding(state, {
    cwd: context.io.cwd,
    env: context.io.env,
    narrate: (line) => context.output.say(`  ${line}`),
  });
  const choices = await choicesOf(deps, target);
  const way = wayOf(input) ?? (await askWay(context, slots, choices));
  if (way === null) return tellWays(context, slots, choices, references.length > 0);
  return landAll(context, project, state, deps, { slots, target, way, check: input.flag("check") });
}

/** The named ones, else all that wait. Throws where nothing can be landed by itself. */
function slotsToLand(state: WorkflowState, references: readonly string[]): readonly string[] {
  const slots = references.length === 0 ? landable(state) : references.map((one) => resolveSlot(state, one));
  if (state.plan.finish.per !== "slot")
    throw new SignalboxError(
      "user",
      "lands-as-a-whole",
      `${state.id} lands as a whole, not slot by slot (finish: { per: workflow })`,
      [`When it is complete: git merge --no-ff ${state.plan.layout.branchPrefix}/main`],
    );
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

function tellWays(
  context: Context,
  slots: readonly string[],
  choices: readonly Choice[],
  named: boolean,
): number {
  if (context.json) context.output.json({ slots, choices });
  else context.output.answer(wayLines(context, slots, choices, named).join("\n"));
  return EXIT.waiting;
}

interface Order {
  readonly slots: readonly string[];
  readonly target: string;
  readonly way: Landing["way"];
  readonly check: boolean;
}

interface Done {
  readonly slot: string;
  readonly landed: Landed | null;
  readonly error: string | null;
}

/** One after the other; one that does not land keeps none of the others from it. */
async function landAll(
  context: Context,
  project: Project,
  state: WorkflowState,
  deps: LandingDependencies,
  order: Order,
): Promise<number> {
  const client = await startedCoordinator(project, context.io);
  const done: Done[] = [];
  let code: number = EXIT.done;
  try {
    for (const slot of order.slots) {
      try {
        done.push({ slot, landed: await landOne(context, client, state.id, deps, order, slot), error: null });
      } catch (error) {
        code = Math.max(code, tellFailure(context, error, order.slots.length === 1));
        done.push({ slot, landed: null, error: error instanceof Error ? error.message : String(error) });
      }
    }
  } finally {
    client.close();
  }
  if (context.json)
    context.output.json({ workflow: state.id, target: order.target, way: order.way, slots: done });
  return code;
}

/** The exit code; with several slots it says only that not all have landed. */
function tellFailure(context: Context, error: unknown, alone: boolean): number {
  if (context.json) return EXIT.failed;
  const code = reportError(error, context.output, false);
  return alone ? code : EXIT.failed;
}

/** Record after deed: what is on the target is found there again if the record gets lost in between. */
async function landOne(
  context: Context,
  client: CoordinatorClient,
  workflow: string,
  deps: LandingDependencies,
  { target, way, check }: Order,
  slot: string,
): Promise<Landed> {
  const state = await acceptFirst(context, client, await client.open(workflow), slot);
  const { landSlot } = await import("../../engine/landing.ts");
  const landed = await landSlot(deps, state, { subject: slot, way, target, check });
  const { commit, url } = landed;
  const result = await client.submit(workflow, {
    type: "landed",
    subject: slot,
    way,
    target,
    commit,
    ...(url === undefined ? {} : { url }),
    by: typist(context.io),
  });
  if (!result.ok) throw new RejectedError(result.rejection);
  if (!context.json) context.output.success(landedText(slot, target, way, landed));
  return landed;
}

function landedText(
  slot: string,
  target: string,
  way: Landing["way"],
  { commit, already, url, checks }: Landed,
): string {
  const id = commit.slice(0, 8);
  if (way === "pr") return `${slot}: pull request to ${target}, ${url ?? id}`;
  const again = already ? ", as an earlier call had done already" : "";
  const checked =
    checks === null ? "" : `, ${checks.length === 1 ? "its check passes" : "its checks pass"} there`;
  return `${slot} landed on ${target} as ${id}${way === "push" ? " and is pushed" : ""}${again}${checked}`;
}
