/** What a prompt is made from: plan and slot, where the slot stands, and what people have said since. */
import type { Plan, PlannedDeliverable, PlannedGate } from "../plan/plan.ts";
import { openFindings } from "../quality/findings.ts";
import { findingOf, isOfBefore, isUnanswered } from "../workflow/comment.ts";
import type { DeliverableState } from "../workflow/deliverable.ts";
import { effectiveGate } from "../workflow/effective-gate.ts";
import { handoffSources } from "../workflow/handoff-sources.ts";
import { currentRounds, requirePlanned } from "../workflow/queries.ts";
import type { DecisionRecord } from "../workflow/question.ts";
import type { Restart } from "../workflow/recovery.ts";
import type { Finding, Round } from "../workflow/round.ts";
import type { WorkflowState } from "../workflow/state.ts";

export interface PromptContext {
  readonly plan: Plan;
  readonly planned: PlannedDeliverable;
  /** The gate that really holds, after any rise of the level. */
  readonly gate: PlannedGate;
  readonly epoch: number;
  readonly attempt: number;
  /** 1-based. */
  readonly round: number;
  /** Rounds of the loop with those that a person granted. */
  readonly rounds: number;
  /** The round under way, when it has been recorded. */
  readonly current?: Round;
  /** The round before, of the same attempt. */
  readonly previous?: Round;
  /** Findings of earlier rounds that still have to be answered. */
  readonly open: readonly Finding[];
  readonly guidance?: string;
  /** What a conversation before this one left, where this is a fresh one. */
  readonly takeover?: Restart;
  /** What this work has to fit, where it was approved and went back (`merge.returns`). */
  readonly rejoin?: RejoinContext;
  /** Decisions whose text stands in every prompt after them. */
  readonly constraints: readonly DecisionRecord[];
  /** Paths of inputs that will never be there, because their slot was skipped. */
  readonly skipped: ReadonlySet<string>;
  /** Paths that a handoff may name. */
  readonly sources: readonly string[];
}

export interface RejoinContext {
  readonly why: "conflict" | "checks";
  /** Files with marks of the conflict. */
  readonly files: readonly string[];
  /** A person began to join both in the worktree. */
  readonly byHand?: true;
  /** Who changed the same files, or else everybody whose work is merged: slot, title, what its agent said of it. */
  readonly sides: readonly { readonly slot: string; readonly title: string; readonly said: string }[];
}

export function contextOf(state: WorkflowState, planned: PlannedDeliverable): PromptContext {
  const standing = state.deliverables[planned.id];
  const base = { ...planContext(state.plan, planned), epoch: state.epoch, constraints: constraintsOf(state) };
  if (standing === undefined) return base;
  const rounds = currentRounds(standing);
  const current = rounds.at(-1);
  const previous = rounds.at(-2);
  const isPlanned = state.plan.deliverables.some((other) => other.id === planned.id);
  const gate = isPlanned ? effectiveGate(state, standing) : planned.gate;
  return {
    ...base,
    gate,
    epoch: standing.epoch,
    attempt: Math.max(1, standing.attempt),
    round: current?.round ?? 1,
    rounds: Math.max(gate.loop.max + standing.extraRounds, current?.round ?? 1),
    ...(current === undefined ? {} : { current }),
    ...(previous === undefined ? {} : { previous }),
    open: [
      ...openFindings(rounds).filter((finding) => !(current?.findings ?? []).includes(finding)),
      ...remarksOfBefore(standing),
    ],
    ...(standing.guidance === undefined ? {} : { guidance: standing.guidance }),
    ...(standing.restart?.how === "fresh" && standing.conversation === undefined
      ? { takeover: standing.restart }
      : {}),
    ...rejoinOf(state, standing),
    skipped: skippedPaths(state),
    sources: planned.kind === "handoff" ? handoffSources(state, planned) : [],
  };
}

/** The same from the plan alone, as the first round of the first attempt will see it. */
export function planContext(plan: Plan, planned: PlannedDeliverable): PromptContext {
  return {
    plan,
    planned,
    gate: planned.gate,
    epoch: 1,
    attempt: 1,
    round: 1,
    rounds: planned.gate.loop.max,
    open: [],
    constraints: [],
    skipped: new Set(),
    sources: planned.handoff?.sources ?? [],
  };
}

/** What a person remarked on an earlier attempt, and nobody has answered: it was said to somebody else. */
function remarksOfBefore(standing: DeliverableState): readonly Finding[] {
  const open = (standing.comments ?? []).filter((one) => isUnanswered(one) && isOfBefore(one, standing));
  return open.map((comment) => findingOf(comment, comment.id, undefined));
}

function constraintsOf(state: WorkflowState): readonly DecisionRecord[] {
  return state.decisions.filter((decision) => decision.constraint && decision.text.trim() !== "");
}

function skippedPaths(state: WorkflowState): ReadonlySet<string> {
  const skipped = state.plan.deliverables.filter((d) => state.deliverables[d.id]?.step === "skipped");
  return new Set(skipped.flatMap((d) => (d.makes.kind === "file" ? [d.makes.path] : [])));
}

/** Work that others did in the same stage, at most so many. */
const MOST_SIDES = 12;

function rejoinOf(
  state: WorkflowState,
  { id, rejoin }: DeliverableState,
): { readonly rejoin?: RejoinContext } {
  if (rejoin === undefined) return {};
  const { why, files, sides = [], byHand } = rejoin;
  const { stage } = requirePlanned(state, id);
  const merged = state.plan.deliverables.filter(
    (one) => one.stage === stage && one.id !== id && state.deliverables[one.id]?.step === "merged",
  );
  const named = sides.length > 0 ? merged.filter((one) => sides.includes(one.id)) : merged;
  return {
    rejoin: {
      why,
      files,
      ...(byHand === undefined ? {} : { byHand }),
      sides: named.slice(0, MOST_SIDES).map((one) => ({
        slot: one.id,
        title: one.title,
        said: state.deliverables[one.id]?.summary ?? "",
      })),
    },
  };
}
