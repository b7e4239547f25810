/** What the planner refuses, warns of and reports. Source: domain §9.6, §10, §11, §12, §23; definition "Derivations" 8. */
import { isHigher } from "../quality/criticality.ts";
import { weightsSumToOne } from "../quality/rubric.ts";
import { orderPatterns } from "../quality/strategies.ts";
import type { Draft, Planning } from "./draft.ts";
import { creatorsOf } from "./gates.ts";
import { inputDrafts } from "./inputs.ts";
import type { PlannedDeliverable, PlannedStage } from "./plan.ts";
import { validatorsFor } from "./roster.ts";

/** Rounds that H-14 asks for from C2 on. */
const H14_ROUNDS = 3;

/** Everything that can be said once the plan is derived; notices go into `planning.notices`. */
export function lintPlan(
  planning: Planning,
  drafts: readonly Draft[],
  deliverables: readonly PlannedDeliverable[],
): void {
  lintStages(planning);
  lintFinish(planning);
  lintRubric(planning);
  for (const draft of drafts) {
    const deliverable = deliverables.find((one) => one.id === draft.id);
    if (deliverable === undefined) continue;
    lintLoop(planning, draft, deliverable);
    lintPatterns(planning, draft, deliverable);
    lintIndependence(planning, draft, deliverable);
    lintLevel(planning, draft, deliverable);
    lintReaders(planning, draft, drafts);
  }
  lintRounds(planning, deliverables);
}

/** What a barrier leaves out of the level's strategies is printed with the reason, once per barrier. */
export function lintLeftOut(
  planning: Planning,
  stages: readonly PlannedStage[],
  deliverables: readonly PlannedDeliverable[],
): void {
  for (const deliverable of deliverables) {
    const { leftOut, order } = deliverable.gate.strategies;
    if (leftOut.length === 0) continue;
    const barrier = stages.find((stage) => stage.kind === "barrier" && stage.index === deliverable.stage);
    const why =
      barrier === undefined
        ? "the final synthesis has its own set"
        : "the author chose a lighter set for this barrier";
    const level = deliverable.criticality.effective;
    const subject = barrier?.id ?? deliverable.id;
    const message = `${subject} runs ${order.join(", ")}; ${level} also requires ${leftOut.join(", ")}, left out because ${why}.`;
    const text = { code: "strategies-left-out", subject, message };
    if (barrier === undefined) planning.notices.info(text);
    else planning.notices.warn(text);
  }
}

function lintStages(planning: Planning): void {
  const { frames, definition, notices } = planning;
  if (frames.length === 0) {
    notices.error({
      code: "stages",
      subject: "stages",
      message: `The definition "${definition.name}" has no stages.`,
    });
  }
  for (const frame of frames) {
    const { position } = frame.definition;
    if (frame.kind === "phase" && frame.definition.slots.length === 0) {
      notices.error({
        code: "slots",
        subject: frame.id,
        message: `${frame.id} (${frame.definition.name}) has no slots.`,
        position,
      });
    }
    if (frame.kind === "barrier" && frame.index === 0) {
      notices.error({
        code: "barrier",
        subject: frame.id,
        message: `${frame.id} stands before the first phase: there is nothing to hand over.`,
        position,
      });
    }
  }
}

/** Documents are of the whole workflow: slots that land one by one leave them behind, and a target that only moves forward cannot. */
function lintFinish({ definition, notices }: Planning): void {
  const { per, documents, merge } = definition.finish;
  const wrong = (message: string) => notices.error({ code: "finish", subject: "finish", message });
  if (per === "slot" && documents === "keep")
    wrong(
      "finish.documents: keep is for a workflow that lands as a whole; slots that land one by one bring none: write documents: drop, or per: workflow.",
    );
  if (per === "workflow" && documents === "drop" && merge === "ff")
    wrong(
      "finish.merge: ff takes the integration branch as it is, documents included, which finish.documents: drop excludes: write merge: squash, merge: merge, or documents: keep.",
    );
}

function lintRubric(planning: Planning): void {
  const { rubric } = planning.definition;
  if (rubric.length > 0 && weightsSumToOne(rubric)) return;
  const sum = rubric.reduce((total, { weight }) => total + weight, 0);
  const message = `The weights of the rubric sum to ${Number(sum.toFixed(4))}; they must sum to 1, none negative.`;
  planning.notices.error({ code: "rubric", subject: "rubric", message });
}

function lintLoop(planning: Planning, draft: Draft, { gate }: PlannedDeliverable): void {
  const fail = (message: string) =>
    planning.notices.error({ code: "loop", subject: draft.id, message, position: draft.position });
  const { min, max } = draft.loop;
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < 1) {
    fail(`The loop of ${draft.id} has ${min} to ${max} rounds; both must be whole numbers from 1.`);
  } else if (min > max) fail(`The loop of ${draft.id} has at least ${min} and at most ${max} rounds.`);
  if (!(gate.threshold > 0 && gate.threshold <= 1)) {
    fail(`The threshold of ${draft.id} is ${gate.threshold}; it must be above 0 and at most 1.`);
  }
}

/** H-16: the strongest version of the work is built before it is attacked. */
function lintPatterns(planning: Planning, draft: Draft, { gate }: PlannedDeliverable): void {
  if (!gate.judged || !orderPatterns(draft.slot?.critics ?? []).steelmanInserted) return;
  const message = `${draft.id} uses Devil's Advocate without Steelman; H-16 wants Steelman first, so it was added.`;
  planning.notices.warn({ code: "H-16", subject: draft.id, message, position: draft.position });
}

/** Nobody scores what they made, unless the author accepts exactly that (domain §9.6). */
function lintIndependence(planning: Planning, draft: Draft, { gate }: PlannedDeliverable): void {
  const creators = creatorsOf(draft);
  const { notices } = planning;
  const common = { subject: draft.id, position: draft.position };
  for (const { role } of gate.reviewers.filter((reviewer) => creators.includes(reviewer.role))) {
    if (draft.slot?.allow.includes("self-validation") === true) {
      const message = `${role} both makes and scores ${draft.id}, accepted with \`allow: [self-validation]\`.`;
      notices.warn({ ...common, code: "self-validation", message });
      continue;
    }
    const other = validatorsFor(draft.pipeline?.skill ?? null, creators)[0] ?? "adv-scorer";
    const message = `${role} both makes and scores ${draft.id}; \`validator: ${other}\` is independent, \`allow: [self-validation]\` accepts it.`;
    notices.error({ ...common, code: "self-validation", message });
  }
  const { critic, scorer } = draft.loop;
  for (const role of [critic, scorer].filter((name) => name !== undefined && creators.includes(name))) {
    const message = `The loop names ${role} as reviewer, who makes ${draft.id}; ${gate.critic ?? "nobody"} criticises and ${gate.reviewers[0]?.role ?? "nobody"} scores it instead.`;
    notices.warn({ ...common, code: "independence", message });
  }
}

function lintLevel(planning: Planning, draft: Draft, { criticality }: PlannedDeliverable): void {
  const { notices, definition } = planning;
  for (const { rule, condition, from, to } of criticality.escalations) {
    const cost = definition.escalate.auto
      ? "`escalate: auto` accepts it"
      : "a person is asked before it costs";
    const text = {
      code: rule,
      subject: draft.id,
      message: `${draft.id} rises from ${from} to ${to} (${rule}: ${condition}); ${cost}.`,
      position: draft.position,
    };
    if (definition.escalate.auto) notices.info(text);
    else notices.warn(text);
  }
  if (criticality.effective !== "C4") return;
  const causes = criticality.escalations.map(({ rule, condition }) => `${rule}: ${condition}`);
  const why = causes.length === 0 ? "" : ` (${causes.join("; ")})`;
  const message = `${draft.id} is C4${why}; tournaments of all ten strategies are not built yet, C3 is the highest level that runs.`;
  notices.error({ code: "C4", subject: draft.id, message, position: draft.position });
}

function lintReaders(planning: Planning, draft: Draft, drafts: readonly Draft[]): void {
  if (draft.handoff === undefined) return;
  const readers = drafts.filter(
    (other) => other.kind !== "handoff" && inputDrafts(other, drafts).includes(draft),
  );
  if (readers.length > 0) return;
  const message = `${draft.id} is read by nobody: no slot after ${draft.handoff.barrier} takes it as input.`;
  planning.notices.warn({ code: "handoff-unread", subject: draft.id, message, position: draft.position });
}

/** H-14 asks for three rounds from C2 on; a profile that allows fewer is a deviation that the plan must print. */
function lintRounds(planning: Planning, deliverables: readonly PlannedDeliverable[]): void {
  const short = deliverables.filter(
    ({ gate, criticality }) =>
      gate.judged && isHigher(criticality.effective, "C1") && gate.loop.min < H14_ROUNDS,
  );
  for (const profile of new Set(short.map(({ gate }) => gate.loop.profile))) {
    const members = short.filter(({ gate }) => gate.loop.profile === profile);
    const fewest = Math.min(...members.map(({ gate }) => gate.loop.min));
    const rounds = fewest === 1 ? "1 round" : `${fewest} rounds`;
    const message = `Loop ${profile} lets C2 and C3 work pass after ${rounds}, H-14 asks for ${H14_ROUNDS}: ${members.map(({ id }) => id).join(", ")}.`;
    const text = { code: profile === "disc-002" ? "DISC-002" : "H-14", subject: "loop", message };
    if (profile === "standard") planning.notices.info(text);
    else planning.notices.warn(text);
  }
}
