import type { PlannedStage } from "../../core/plan/plan.ts";
import { gateOf, phaseGateView } from "../../core/view/gates.ts";
import { barrierView } from "../../core/view/stages.ts";
import { type Unit, unit } from "../../core/view/unit.ts";
import { waiting } from "../../core/view/waiting.ts";
import { type LiveFact, whyHere } from "../../core/view/why.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { checkpointLines, questionLines, stageLines, unitLines } from "../board/detail.ts";
import type { Context } from "../context.ts";
import { screenWidth } from "../io.ts";
import { readLiveFacts } from "../live-facts.ts";
import { EXIT } from "../output/exit-code.ts";
import { plainValue } from "../output/plain.ts";
import { commandSuffix, openJournals, pickWorkflow } from "../project.ts";
import { resolveReference } from "../resolve.ts";
import { subjectsOf } from "../subject.ts";
import type { VerbInput } from "../verb.ts";

/** What `show` was asked about. */
type Shown =
  | { readonly kind: "slot"; readonly unit: Unit }
  | { readonly kind: "stage"; readonly stage: PlannedStage }
  | { readonly kind: "checkpoint"; readonly id: string }
  | { readonly kind: "question"; readonly id: string };

/** `signalbox show <slot|phase|gate|barrier|checkpoint|question>`. */
export async function show(context: Context, input: VerbInput): Promise<number> {
  const project = await openJournals(context.io);
  const state = await pickWorkflow(project, input.text("workflow"), "look");
  const shown = find(state, input.argument(0) ?? "");
  const id = shown.kind === "slot" ? shown.unit.plan.id : null;
  const live = id === null ? undefined : (await readLiveFacts(project, state)).get(id);
  if (context.json)
    context.output.json({
      ...document(state, shown),
      ...(id === null ? {} : { why: whyHere(state, id, live) }),
    });
  else {
    const suffix = await commandSuffix(project, state.id);
    context.output.answer(lines(plainValue(state), plainValue(shown), context, { suffix, live }).join("\n"));
  }
  return EXIT.done;
}

function find(state: WorkflowState, reference: string): Shown {
  const gates = new Map(state.plan.deliverables.map((one) => [one.gate.id, one.id]));
  const phaseGates = new Map(
    state.plan.stages.flatMap((stage) =>
      stage.kind === "phase" && stage.gateId !== stage.id ? [[stage.gateId, stage.id]] : [],
    ),
  );
  const tasks = new Map(
    state.plan.deliverables.flatMap((one) => (one.task === undefined ? [] : [[one.task, one.id]])),
  );
  const questions = state.questions.map((question) => question.id);
  const names = [...subjectsOf(state), ...questions, ...gates.keys(), ...phaseGates.keys(), ...tasks.keys()];
  const name = resolveReference(reference, names, { name: "subject", listing: "signalbox status" });
  const id = gates.get(name) ?? phaseGates.get(name) ?? tasks.get(name) ?? name;
  const found = unit(state, id);
  if (found !== undefined) return { kind: "slot", unit: found };
  const stage = state.plan.stages.find((candidate) => candidate.id === id);
  if (stage !== undefined) return { kind: "stage", stage };
  const question = state.questions.find((one) => one.id === id || one.subject === id);
  if (/^CP-/.test(id)) return { kind: "checkpoint", id };
  return { kind: "question", id: question?.id ?? id };
}

function lines(
  state: WorkflowState,
  shown: Shown,
  { output, io }: Context,
  { suffix, live }: { readonly suffix: string; readonly live: LiveFact | undefined },
): readonly string[] {
  const facts = live === undefined ? {} : { live };
  const view = { style: output.style, now: io.now(), width: screenWidth(io), suffix, ...facts };
  switch (shown.kind) {
    case "slot":
      return unitLines(state, shown.unit, view);
    case "stage":
      return stageLines(state, shown.stage, view);
    case "checkpoint":
      return checkpointLines(state, shown.id, view);
    case "question":
      return questionLines(state, shown.id, view);
    default:
      return shown satisfies never;
  }
}

function document(state: WorkflowState, shown: Shown): Readonly<Record<string, unknown>> {
  const base = { workflow: state.id, kind: shown.kind };
  switch (shown.kind) {
    case "slot": {
      const { plan, state: standing } = shown.unit;
      const sessions = Object.values(state.sessions).filter((session) => session.subject === plan.id);
      return {
        ...base,
        plan,
        state: standing,
        gate: gateOf(state, shown.unit),
        sessions,
        waiting: waiting(state).filter((open) => open.subject === plan.id),
      };
    }
    case "stage":
      return {
        ...base,
        plan: shown.stage,
        view:
          shown.stage.kind === "phase" ? phaseGateView(state, shown.stage) : barrierView(state, shown.stage),
      };
    case "checkpoint":
      return {
        ...base,
        plan: state.plan.checkpoints.find((one) => one.id === shown.id) ?? null,
        made: state.checkpoints.filter((one) => one.id === shown.id),
      };
    case "question":
      return { ...base, question: waiting(state).find((open) => open.question === shown.id) ?? null };
    default:
      return shown satisfies never;
  }
}
