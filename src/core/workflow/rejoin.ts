/**
 * Approved work that does not go together with what is merged meanwhile goes back to its creator once, before a person is asked
 * (key `merge.returns`): its worktree takes in the integration branch, and the same conversation makes them fit in a further round
 * of the same gate. What an agent makes of a conflict is a proposal: whatever its gate says, a person approves it (domain §20 no. 5).
 */
import { checkFindings, numberFindings } from "../quality/findings.ts";
import { isDocumentOfOurs } from "../quality/integrity.ts";
import type { RawFinding } from "../quality/raw-finding.ts";
import type { CommitId } from "../vocabulary.ts";
import type { IntegrationFailure, OutcomeCommand } from "./command.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import type { JoinEffect } from "./effect.ts";
import { effectiveGate } from "./effective-gate.ts";
import type { CheckResult } from "./outcome.ts";
import { currentRounds, lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import type { Round } from "./round.ts";
import type { WorkflowState } from "./state.ts";

/** Work that goes back to its creator, with what it has to go together with. */
export interface Rejoin {
  readonly why: "conflict" | "checks";
  /** Tip of the integration branch that it has to fit. */
  readonly onto: CommitId;
  /** What was approved, and does not fit. */
  readonly from: CommitId;
  /** Files in which both conflict; none where only checks fail. */
  readonly files: readonly string[];
  /** Both sides in one commit, marks of the conflict included; absent until it is made. */
  readonly joined?: CommitId;
  /** Merged slots that changed the same files, in plan order. */
  readonly sides?: readonly string[];
  /** A person began to join them in its worktree, where both sides may not be one commit yet. */
  readonly byHand?: true;
}

type Failure = Extract<IntegrationFailure, { reason: "conflict" | "checks" }>;

/** The round that fits it, and one more in which findings about that are answered. */
const ROUNDS = 2;

/** True where its creator can be asked: by policy, once per attempt, for exactly the work that the creator's conversation ended with. */
export function mayReturn(state: WorkflowState, subject: string, failure: Failure): boolean {
  const deliverable = requireDeliverable(state, subject);
  const planned = requirePlanned(state, subject);
  const round = lastRound(deliverable);
  const returns = state.plan.merge?.returns ?? "none";
  if (returns === "none" || (failure.reason === "conflict" && returns !== "all")) return false;
  if (failure.reason === "checks" && !failure.results.some(isVerdict)) return false;
  // Git can refuse without naming a file: then nothing would show a person what the agent joined.
  if (failure.reason === "conflict" && failure.files.length === 0) return false;
  if (failure.reason === "conflict" && failure.files.some((path) => isDocumentOfOurs(state.plan, path)))
    return false;
  if (planned.kind !== "slot" || planned.byPerson || deliverable.manual) return false;
  const made = round?.creatorSession !== undefined && round.commit === deliverable.approval?.commit;
  return made && deliverable.rejoin === undefined && state.head !== null;
}

/** A check that gave no result, or was ended, says nothing that a creator could answer. */
function isVerdict({ passed, exitCode }: CheckResult): boolean {
  return !passed && exitCode !== null;
}

/** Its worktree is joined first: see `onJoined`. */
export function returnToCreator(draft: Draft, subject: string, failure: Failure): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const { approval } = deliverable;
  const { head } = draft.state;
  if (approval === undefined || head === null) return;
  if (failure.reason === "checks") recordFailures(draft, subject, failure);
  const files = failure.reason === "conflict" ? failure.files : [];
  draft.emit({
    type: "deliverable.returned",
    subject,
    rejoin: { why: failure.reason, onto: head, from: approval.commit, files },
    extraRounds: missingRounds(draft.state, deliverable),
  });
  draft.move(subject, "provision");
}

/** They stand in the round that was approved without them: what comes after it has to answer them. */
function recordFailures(
  draft: Draft,
  subject: string,
  { results }: Extract<Failure, { reason: "checks" }>,
): void {
  const round = lastRound(requireDeliverable(draft.state, subject));
  for (const { source, ...finding } of checkFindings(results, round?.round ?? 1)) {
    const { id: _, resolved: __, ...raw } = finding;
    const evidence = `Merged with what is on the integration branch by now: ${raw.evidence}`;
    const onTop: RawFinding = { ...raw, evidence };
    const now = lastRound(requireDeliverable(draft.state, subject));
    draft.emit({ type: "round.found", subject, findings: numberFindings([onTop], now, source) });
  }
}

function missingRounds(state: WorkflowState, deliverable: DeliverableState): number {
  const { loop } = effectiveGate(state, deliverable);
  const made = currentRounds(deliverable).at(-1)?.round ?? 0;
  return Math.max(0, made + ROUNDS - loop.max - deliverable.extraRounds);
}

/** Its worktree has both sides: the round begins in which they are made to fit. */
export function onJoined(
  draft: Draft,
  { subject }: JoinEffect,
  { commit, files, sides }: Extract<OutcomeCommand, { type: "joined" }>,
): null {
  const round = lastRound(requireDeliverable(draft.state, subject))?.round ?? 0;
  draft.emit({ type: "deliverable.joined", subject, commit, files, sides });
  draft.emit({ type: "round.started", subject, round: round + 1 });
  draft.log("RETURNED", `${subject} goes back to its creator, to fit what is merged`);
  draft.move(subject, "create");
  return null;
}

/** Rounds that can still be accepted: those before it went back made what does not fit. */
export function acceptableRounds(deliverable: DeliverableState): readonly Round[] {
  const rounds = currentRounds(deliverable);
  const { rejoin } = deliverable;
  const before = rejoin === undefined ? -1 : rounds.findLastIndex(({ commit }) => commit === rejoin.from);
  return rounds.slice(before + 1).filter(({ commit }) => commit !== undefined);
}

/** True while what is under way joins a conflict: a person approves it, and its gate asks for both sides' intents. */
export function isProposal({ rejoin }: DeliverableState): boolean {
  return rejoin?.why === "conflict" && (rejoin.joined !== undefined || rejoin.byHand === true);
}
