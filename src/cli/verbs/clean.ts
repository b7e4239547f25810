import { requireDuration } from "../../config/schema/durations.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Repository } from "../../ports/repository.ts";
import { requirePerson } from "../agent-typing.ts";
import { type CarriedOut, carryOut } from "../clean/carry-out.ts";
import { discardNamed } from "../clean/discard.ts";
import { type CleanPlan, planCleaning, type Removal, type Staying } from "../clean/plan.ts";
import { planLines, totalText } from "../clean/plan-lines.ts";
import { type CleanTarget, cleanTarget } from "../clean/target.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { screenWidth } from "../io.ts";
import { EXIT } from "../output/exit-code.ts";
import { keptFor } from "../planning/kept-for.ts";
import { openProject, type Project, repositoryOf } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** Longest that folders are measured. */
const MEASURE_MS = 5000;

/**
 * `signalbox clean [workflow|slot]`: worktrees and session branches that nobody needs any more. The integration branch, the
 * journal and the documents stay. What no other ref holds is preserved under `refs/signalbox/preserved/` and read back before
 * it goes (P1). A dry run prints the plan that a real run prints and carries out.
 */
export async function clean(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  const target = await cleanTarget(project, input.argument(0), input.text("workflow"));
  const repositories = await repositoriesOf(context, target);
  const plan = await planAll(context, project, target, repositories, input.text("olderThan"));
  const token = input.text("discard");
  if (token !== undefined) return discard(context, project, repositories, plan, token);
  const dry = input.flag("dryRun");
  if (!context.json) show(context, plan);
  const forReal = dry ? commandFor(input) : null;
  if (dry || plan.goes.length === 0) return tell(context, plan, NOTHING, forReal);
  const sure = await confirm(context, `Remove ${totalText(plan.goes)}?`, input.flag("yes"));
  if (!sure) return EXIT.done;
  return tell(context, plan, await carryOut(project, repositories, plan.goes), null);
}

/** Only what the token names goes, and nothing of it is kept; an agent may not say so. */
async function discard(
  context: Context,
  project: Project,
  repositories: ReadonlyMap<string, Repository>,
  plan: CleanPlan,
  token: string,
): Promise<number> {
  const { commit } = await project.repository.head();
  if (commit !== null) await requirePerson(context, project, commit, "--discard", WITHOUT_DISCARD);
  const gone = await discardNamed(project, repositories, plan, token);
  if (context.json) context.output.json({ discarded: { workflow: gone.workflow, name: gone.name } });
  else context.output.success(`${gone.name} of ${gone.workflow} is thrown away`);
  return EXIT.done;
}

const WITHOUT_DISCARD = "Without --discard it goes as well, and its content is preserved: signalbox clean";

/** The same as a real run. */
function commandFor(input: VerbInput): string {
  const [target, workflow, age] = [input.argument(0), input.text("workflow"), input.text("olderThan")];
  const words = [
    "signalbox clean",
    ...(target === undefined ? [] : [target]),
    ...(workflow === undefined ? [] : [`-w ${workflow}`]),
    ...(age === undefined ? [] : [`--older-than ${age}`]),
  ];
  return `${words.join(" ")} --yes`;
}

const NOTHING: CarriedOut = { removed: [], preserved: [], failed: [] };

async function repositoriesOf(
  { io }: Context,
  { states }: CleanTarget,
): Promise<ReadonlyMap<string, Repository>> {
  const opened = new Map<string, Repository>();
  for (const state of states) opened.set(state.id, await repositoryOf(io, state));
  return opened;
}

async function planAll(
  { io }: Context,
  project: Project,
  { states, slot, named }: CleanTarget,
  repositories: ReadonlyMap<string, Repository>,
  olderThan: string | undefined,
): Promise<CleanPlan> {
  const olderThanMs = parseAge(olderThan);
  const options = {
    now: io.now(),
    keepMs: await keptFor(project, io),
    named,
    signal: AbortSignal.timeout(MEASURE_MS),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(slot === undefined ? {} : { slot }),
  };
  const plans: CleanPlan[] = [];
  for (const state of states)
    plans.push(await planCleaning(repositories.get(state.id) ?? project.repository, state, options));
  return { goes: plans.flatMap(({ goes }) => goes), stays: plans.flatMap(({ stays }) => stays) };
}

function parseAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return requireDuration(text);
  } catch {
    throw new SignalboxError("user", "not-a-duration", `--older-than ${text} is no duration`, [
      "For example: signalbox clean --older-than 3d",
    ]);
  }
}

function show({ output, io }: Context, plan: CleanPlan): void {
  const lines = planLines(plan, output.style, screenWidth(io));
  if (lines.length > 0) output.answer(lines.join("\n"));
}

/** `forReal` is the command of a real run where this was a dry one. */
function tell(context: Context, plan: CleanPlan, done: CarriedOut, forReal: string | null): number {
  const { output, json } = context;
  const { removed, preserved, failed } = done;
  const exit = failed.length > 0 || plan.stays.some(({ refused }) => refused) ? EXIT.failed : EXIT.done;
  if (json) {
    output.json(document(plan, done, forReal !== null));
    return exit;
  }
  if (plan.goes.length === 0)
    output.success(plan.stays.length === 0 ? "nothing to clean" : "nothing to clean now");
  else if (forReal !== null)
    output.hint(`Nothing was removed. To remove ${totalText(plan.goes)}: ${forReal}`);
  else if (removed.length > 0) output.success(`removed ${totalText(removed)}`);
  for (const ref of preserved)
    output.hint(`kept: signalbox restore ${ref.replace(/^refs\/signalbox\/preserved\//, "")}`);
  for (const { error } of failed) {
    output.warn(error.message);
    for (const hint of error.hints) output.hint(hint);
  }
  return exit;
}

function document(plan: CleanPlan, done: CarriedOut, dry: boolean): Readonly<Record<string, unknown>> {
  return {
    dryRun: dry,
    goes: plan.goes.map(itemDocument),
    stays: plan.stays.map(itemDocument),
    removed: done.removed.map(({ workflow, name }) => ({ workflow, name })),
    preserved: done.preserved,
    failed: done.failed.map(({ removal: { workflow, name }, error: { code, message, hints } }) => ({
      workflow,
      name,
      code,
      message,
      hints,
    })),
  };
}

function itemDocument({ size, ...item }: Removal | Staying): unknown {
  return { ...item, bytes: size?.bytes ?? null, bytesAreFloor: size?.complete === false };
}
