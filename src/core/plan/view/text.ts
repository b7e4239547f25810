/** A plan as lines for a terminal: no colours, no width assumed, everything that a person decides on before it runs. */
import { strategyName } from "../../quality/strategies.ts";
import type { Notice, Plan, PlannedDeliverable, PlannedPhase, PlannedStage } from "../plan.ts";
import { gateLines, loopWords, makesWords, roleWords } from "./words.ts";

/** One paragraph of the overview; an empty title is the head. */
export interface TextSection {
  readonly title: string;
  readonly lines: readonly string[];
}

/** All lines, sections separated by an empty one; what belongs to something stands indented below it. */
export function planText(plan: Plan): readonly string[] {
  return planSections(plan).flatMap(({ title, lines }, index) => [
    ...(index === 0 ? [] : [""]),
    ...(title === "" ? [] : [title]),
    ...lines.map((line) => (title === "" ? line : `  ${line}`)),
  ]);
}

/** The same by section, for a caller that prints titles its own way; empty sections are left out. */
export function planSections(plan: Plan): readonly TextSection[] {
  const sections: readonly TextSection[] = [
    { title: "", lines: headLines(plan) },
    { title: "Stages", lines: plan.stages.flatMap((stage) => stageLines(plan, stage)) },
    { title: "Synthesis", lines: synthesisLines(plan) },
    { title: "Queue", lines: queueLines(plan) },
    { title: "Checkpoints", lines: checkpointLines(plan) },
    { title: "Gates", lines: gateLines(plan) },
    { title: "Notices", lines: noticeLines(plan.notices) },
    { title: "Cost", lines: costLines(plan) },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** `warning  AE-003  agent-c-001  message`, one line each; usable for errors too, where there is no plan. */
export function noticeLines(notices: readonly Notice[]): readonly string[] {
  return notices.map(({ level, code, message, position }) => {
    const place = position === undefined ? "" : ` (line ${position.line})`;
    return `${level.padEnd(7)}  ${code}: ${message}${place}`;
  });
}

function headLines(plan: Plan): readonly string[] {
  const { workflow, base, totals } = plan;
  const target = base.target === null ? "" : ` -> ${base.target}`;
  const late = base.upstream?.behind ?? 0;
  const behind = late === 0 ? "" : `, ${late} behind ${base.upstream?.name}`;
  const counts = [
    count(plan.stages.filter(({ kind }) => kind === "phase").length, "phase"),
    count(totals.barriers, "barrier"),
    count(totals.agents, "agent"),
    count(totals.artifacts, "artifact"),
    count(totals.checkpoints, "checkpoint"),
  ];
  return [
    `${workflow.id}  ${workflow.name}`,
    ...(workflow.goal === "" ? [] : [workflow.goal]),
    `project ${workflow.project} | ${workflow.criticality} | ${workflow.patterns.join(", ")}`,
    `base ${base.branch ?? "detached"} @ ${base.commit.slice(0, 8)}${behind}${target} | folder ${plan.layout.folder}`,
    counts.join(", "),
  ];
}

function stageLines(plan: Plan, stage: PlannedStage): readonly string[] {
  const members = plan.deliverables.filter((deliverable) => deliverable.stage === stage.index);
  if (stage.kind === "phase") {
    const head = `Phase ${stage.number} ${stage.name}  ${stage.mode} ${stage.criticality}`;
    return [head, ...phaseTexts(stage), ...members.flatMap((member) => slotLines(plan, member))];
  }
  const head = `Barrier ${stage.number} ${stage.name}  ${stage.criticality}  after ${stage.dependsOn.join(", ")}`;
  return [head, ...members.flatMap(handoffLines)];
}

function phaseTexts(phase: PlannedPhase): readonly string[] {
  return [
    ...phase.exit.map((text) => `    exit: ${text}`),
    ...phase.conditions.map((text) => `    condition: ${text}`),
    ...phase.deliverables.map((text) => `    deliverable: ${text}`),
  ];
}

function slotLines(plan: Plan, slot: PlannedDeliverable): readonly string[] {
  const alias = plan.pipelines.find((pipeline) => pipeline.key === slot.pipeline)?.alias ?? "-";
  return [
    `  ${slot.id}  ${roleWords(slot)}  [${alias}]  ${slot.criticality.effective}  ${loopWords(slot)}`,
    `    ${slot.title}`,
    `    makes ${makesWords(slot)}`,
    ...slot.inputs.map((input) => `    reads ${input}`),
    ...(slot.after.length === 0 ? [] : [`    after ${slot.after.join(", ")}`]),
    ...slot.criticality.escalations.map(
      ({ rule, condition, from, to }) => `    raised from ${from} to ${to} by ${rule}: ${condition}`,
    ),
  ];
}

function handoffLines(deliverable: PlannedDeliverable): readonly string[] {
  const { handoff, id } = deliverable;
  if (handoff === undefined) return [];
  const content = handoff.keyContent === "" ? "" : `: ${handoff.keyContent}`;
  return [
    `  ${id}  ${handoff.from} --> ${handoff.to}${content}  ${loopWords(deliverable)}`,
    `    makes ${makesWords(deliverable)}`,
  ];
}

function synthesisLines(plan: Plan): readonly string[] {
  return plan.deliverables
    .filter(({ kind }) => kind === "synthesis")
    .flatMap((synthesis) => [
      `${synthesis.id}  ${synthesis.role}  ${synthesis.criticality.effective}  ${loopWords(synthesis)}`,
      `  makes ${makesWords(synthesis)}`,
      `  reads ${count(synthesis.inputs.length, "artifact")} and handoffs of the workflow`,
    ]);
}

function queueLines(plan: Plan): readonly string[] {
  return plan.groups.map(({ order, id, name, mode, agents, tasks, checkpoint }) => {
    const named = id === String(order) ? name : id;
    const members = [...agents, ...tasks, ...(checkpoint === undefined ? [] : [checkpoint])];
    return `${String(order).padStart(2)}  ${named}  ${mode}  ${members.join(", ")}`;
  });
}

function checkpointLines(plan: Plan): readonly string[] {
  return plan.checkpoints.map(({ id, trigger, recoveryPoint, approval }) => {
    const asks = approval === undefined ? "" : `  waits for a person: ${approval}`;
    return `${id}  ${trigger}  ${recoveryPoint}${asks}`;
  });
}

function costLines(plan: Plan): readonly string[] {
  const { agentRuns, judgeCalls, criticalPath } = plan.forecast;
  const strategies = new Set(
    plan.deliverables.flatMap(({ gate }) => (gate.judged ? gate.strategies.order : [])),
  );
  return [
    `agent runs ${range(agentRuns)}, judge calls ${range(judgeCalls)} (without retries)`,
    limitWords(plan),
    ...(criticalPath.length === 0 ? [] : [`longest chain: ${criticalPath.join(" > ")}`]),
    ...(strategies.size === 0
      ? []
      : [`strategies: ${[...strategies].map((id) => `${id} ${strategyName(id)}`).join(", ")}`]),
  ];
}

function limitWords({ settings, constraints, stages }: Plan): string {
  const { usd, sessions } = settings.limits;
  const money = usd === null ? "no money limit" : `${usd} USD`;
  const starts = sessions === null ? "" : `, ${count(sessions, "session")}`;
  const parts = stages.flatMap((stage) =>
    stage.usd === undefined ? [] : [`, ${stage.usd} USD for ${stage.id}`],
  );
  return `limits: ${constraints.maxConcurrentAgents} at one time, ${money}${starts}${parts.join("")}`;
}

function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? String(min) : `${min} to ${max}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
