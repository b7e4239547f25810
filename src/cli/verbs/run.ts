import { renderDiagnostics } from "../../config/source/render-diagnostics.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { requirePerson, typist } from "../agent-typing.ts";
import type { Context } from "../context.ts";
import { followWorkflow } from "../follow/follow-workflow.ts";
import { runInForeground } from "../follow/foreground.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { EXIT } from "../output/exit-code.ts";
import { type ChosenChecks, checksHint, withChecksChosen } from "../planning/choose-checks.ts";
import { type Consent, paymentAgreed } from "../planning/consent.ts";
import { behindText, requireFresh } from "../planning/freshness.ts";
import { type HeaderFacts, headerLines } from "../planning/header.ts";
import { particularsFor, requireWorkable, tellParticulars } from "../planning/particulars.ts";
import { payerOf } from "../planning/payer.ts";
import {
  dirtyNote,
  noticeText,
  type PlannedDefinition,
  type PlanRequest,
  planRequest,
} from "../planning/plan-definition.ts";
import { knownRedAtBase } from "../planning/red-base.ts";
import { requireSandbox } from "../planning/sandbox.ts";
import { secretFilesText, settleSecretFiles } from "../planning/secret-files.ts";
import { settingsAt } from "../planning/settings.ts";
import { fullText, requireSpace, spaceOf, spaceText } from "../planning/space.ts";
import { loaderFor, withUsableAgents } from "../planning/usable-agents.ts";
import { openProject, type Project, startedCoordinator } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox run <definition>`: plan, confirm, create, follow. */
export async function run(context: Context, input: VerbInput): Promise<number> {
  return planAndStart(context, await openedProject(context), planRequest(input), input);
}

/** The repository that work is to be started in; refused inside an agent's session. */
export async function openedProject(context: Context): Promise<Project> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  return project;
}

/** What `run` and `dispatch` have in common once it is known what is to be planned; `change` has the last word on the plan. */
export async function planAndStart(
  context: Context,
  project: Project,
  request: PlanRequest,
  input: VerbInput,
  consent: Consent = "every-time",
  change: (plan: Plan) => Plan | Promise<Plan> = (plan) => plan,
): Promise<number> {
  const chosen = await withChecksChosen(context, project, request, input);
  const usable = await startable(context, project, chosen.planned);
  const planned = { ...usable, plan: await change(usable.plan) };
  await requireSandbox(context.io, project.repository.root, planned.plan);
  const files = await settleSecretFiles(context, project, planned.plan, input.flag("yes"));
  const space = await spaceOf(project, context.io, planned.plan);
  const particulars = await particularsFor(context.io, planned.plan);
  const surroundings = { space: spaceText(space), files: secretFilesText(files) };
  tellPlan(context, project, { ...chosen, planned }, request.file, surroundings);
  for (const red of await knownRedAtBase(project.commonDir, planned.plan)) context.output.warn(red);
  tellParticulars(
    context.output,
    particulars.filter(({ level }) => level !== "refuse"),
  );
  const full = fullText(space);
  if (full !== null) context.output.warn(full);
  context.output.say("");
  requireWorkable(particulars);
  requireFresh(planned.plan, planned.behind, context.io.now());
  requireSpace(space);
  if (input.flag("yes"))
    await requirePerson(context, project, planned.plan.base.commit, "--yes", WITHOUT_YES);
  const payer = payerOf(planned.plan, context.io.env);
  if (!input.flag("yes") && !(await paymentAgreed(context, project, payer, consent))) {
    context.output.say("nothing was started");
    return EXIT.usage;
  }
  const named = { ...context, io: { ...context.io, user: typist(context.io) } };
  return startPlan(named, project, planned, {
    yes: input.flag("yes"),
    wait: input.flag("wait"),
    detach: input.flag("detach"),
    foreground: input.flag("foreground"),
  });
}

const WITHOUT_YES =
  "Without --yes it starts as well, and what asks waits: signalbox run <definition> --detach";

/** The same plan with agents that can run here; says so where one had to be replaced. */
async function startable(
  { io, output }: Context,
  { repository }: Project,
  planned: PlannedDefinition,
): Promise<PlannedDefinition> {
  const configured = async () =>
    (await settingsAt(repository, planned.plan.base.commit, io, {})).settings.agents;
  const { plan, replaced } = await withUsableAgents(planned.plan, loaderFor(configured, io.env));
  for (const [wanted, used] of replaced)
    output.warn(`${wanted} is not installed here; ${used} is used instead`);
  return { ...planned, plan };
}

export interface StartOptions {
  readonly yes: boolean;
  readonly wait: boolean;
  readonly detach: boolean;
  readonly foreground: boolean;
}

/** Creates the workflow and follows it as asked. */
export async function startPlan(
  context: Context,
  project: Project,
  { plan, snapshot }: PlannedDefinition,
  options: StartOptions,
): Promise<number> {
  if (options.foreground && options.detach)
    throw new SignalboxError("user", "contradiction", "--foreground and --detach exclude each other", [
      "Give one of the two: --foreground ends with this command, --detach goes on without it",
    ]);
  const { repository } = project;
  if (snapshot !== undefined) await repository.preserve(plan.workflow.id, "uncommitted", snapshot);
  for (const { id, adopted } of plan.deliverables)
    if (adopted !== undefined) await repository.preserve(plan.workflow.id, `adopted-${id}`, adopted.commit);
  if (options.foreground) return runInForeground(context, project, plan, options);
  const client = await startedCoordinator(project, context.io);
  try {
    const state = await client.create(plan, context.io.user);
    if (options.detach) {
      if (context.json) context.output.json({ workflow: state.id });
      else context.output.answer(state.id);
      return EXIT.done;
    }
    return await followWorkflow(context, project, state.id, { yes: options.yes, wait: options.wait, client });
  } finally {
    client.close();
  }
}

function tellPlan(
  context: Context,
  { repository }: Project,
  { planned, remembered, proposed }: ChosenChecks,
  file: string,
  surroundings: Pick<HeaderFacts, "space" | "files">,
): void {
  const { output, io } = context;
  const { plan } = planned;
  const facts = {
    plan,
    payer: payerOf(plan, io.env),
    dirty: dirtyNote(planned.dirty, file, io, repository.root),
    behind: planned.behind === "ignore" ? null : behindText(plan.base.upstream, io.now()),
    isSnapshot: planned.snapshot !== undefined,
    checksRemembered: remembered,
    checksHint: checksHint(proposed),
    ...surroundings,
  };
  for (const line of headerLines(facts, output.narration)) output.say(line);
  if (facts.behind !== null && planned.behind === "warn")
    output.warn(
      `${plan.base.branch} is ${facts.behind}; to start from there: --base ${plan.base.upstream?.commit.slice(0, 12)}`,
    );
  for (const warning of planned.warnings) output.warn(renderDiagnostics([warning], planned.text));
  for (const notice of plan.notices)
    if (notice.level === "warning" || notice.code.startsWith("AE-")) output.warn(noticeText(notice, file));
}
