import { readStopNote } from "../../adapters/coordinator/stop-note.ts";
import { gateOf } from "../../core/view/gates.ts";
import { metrics } from "../../core/view/metrics.ts";
import { nextActions } from "../../core/view/next-actions.ts";
import { serviceView } from "../../core/view/service.ts";
import { barrierView, phaseShown } from "../../core/view/stages.ts";
import { shownStatus, units } from "../../core/view/unit.ts";
import { waiting } from "../../core/view/waiting.ts";
import { type LiveFact, whyHere } from "../../core/view/why.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { boardLines } from "../board/board.ts";
import { endLines } from "../board/end-lines.ts";
import { activityText } from "../board/row.ts";
import type { Context } from "../context.ts";
import { readActivities } from "../follow/activity.ts";
import { screenWidth } from "../io.ts";
import { landingsHere } from "../landing/landings-here.ts";
import { readLiveFacts } from "../live-facts.ts";
import { EXIT } from "../output/exit-code.ts";
import { ageText } from "../output/units.ts";
import {
  commandSuffix,
  type LivingCoordinator,
  livingCoordinator,
  openJournals,
  pickWorkflow,
} from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox status [workflow]`: from the journal alone, so it is true with or without a coordinator. */
export async function status(context: Context, input: VerbInput): Promise<number> {
  const project = await openJournals(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "look");
  const coordinator = await livingCoordinator(project);
  const note = coordinator === null ? readStopNote(project.commonDir, state.id) : null;
  const landings = await landingsHere(project.commonDir, state.id);
  if (context.json) {
    const live = await readLiveFacts(project, state);
    context.output.json({ ...statusDocument(state, live), coordinator, stopped: note, landings });
    return EXIT.done;
  }
  const suffix = await commandSuffix(project, state.id);
  const { output, io } = context;
  output.answer(
    boardLines(state, {
      style: output.style,
      width: screenWidth(io),
      now: io.now(),
      suffix,
      stopped: coordinator === null || coordinator.frozen,
      activities: await readActivities(project.commonDir, state),
      ...stopReason(coordinator, note?.reason),
    }).join("\n"),
  );
  if (landings.length > 0) {
    const { queueLines } = await import("../landing/queue-lines.ts");
    output.answer(["", ...queueLines(landings, (since) => ageText(since, io.now()))].join("\n"));
  }
  const after = endLines(state, output.style);
  if (after.length > 0) output.answer(["", ...after].join("\n"));
  return EXIT.done;
}

function stopReason(
  coordinator: LivingCoordinator | null,
  noted: string | undefined,
): { readonly stopReason?: string } {
  if (coordinator?.frozen === true)
    return { stopReason: `the coordinator, process ${coordinator.pid}, was frozen` };
  return noted === undefined ? {} : { stopReason: noted };
}

/** The JSON answer of `status`. */
export function statusDocument(
  state: WorkflowState,
  live: ReadonlyMap<string, LiveFact> = new Map(),
): Readonly<Record<string, unknown>> {
  return {
    id: state.id,
    name: state.plan.workflow.name,
    status: state.status,
    pausedReason: state.pausedReason ?? null,
    epoch: state.epoch,
    head: state.head,
    base: state.plan.base,
    integrationBranch: `${state.plan.layout.branchPrefix}/main`,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    completedAt: state.completedAt ?? null,
    stages: state.plan.stages.map((stage) => ({
      id: stage.id,
      kind: stage.kind,
      name: stage.name,
      status: stage.kind === "phase" ? phaseShown(state, stage) : barrierView(state, stage).shown,
    })),
    slots: units(state).map((unit) => {
      const gate = gateOf(state, unit);
      return {
        id: unit.plan.id,
        title: unit.plan.title,
        role: unit.plan.role,
        status: shownStatus(state, unit.plan.id),
        step: unit.state.step,
        activity: activityText(state, unit),
        why: whyHere(state, unit.plan.id, live.get(unit.plan.id)),
        attempt: unit.state.attempt,
        round: gate.round,
        maxRounds: gate.maxRounds,
        score: gate.score,
        gate: gate.status,
        commit: unit.state.commit ?? null,
        resolved: unit.state.resolved ?? [],
        error: unit.state.error ?? null,
      };
    }),
    service: serviceView(state),
    conflicts: state.conflicts ?? [],
    sync: state.sync ?? null,
    synced: state.syncs ?? [],
    baseChecks: state.baseChecks ?? null,
    waiting: waiting(state),
    blockers: state.blockers,
    checkpoints: state.checkpoints,
    metrics: metrics(state),
    next: nextActions(state),
  };
}
