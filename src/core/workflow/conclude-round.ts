/** From the verdict of a round to what follows. An approval names the commit that was reviewed (G3, P2). */
import type { Draft } from "./draft.ts";
import type { RoundDecision } from "./event.ts";
import { currentRounds, lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import type { Round } from "./round.ts";

/** Closes the round with its verdict and logs it. */
export function decided(draft: Draft, subject: string, decision: RoundDecision): void {
  draft.emit({ type: "round.decided", subject, decision });
  const round = lastRound(requireDeliverable(draft.state, subject));
  const score = decision.score === null ? "no score" : decision.score.toFixed(3);
  draft.log(
    `GATE_${decision.verdict}`,
    `${subject} round ${round?.round ?? "?"}: ${score}, ${decision.reason}`,
  );
}

/** What follows from a verdict: the approval and merge, the next round, or a question to a person. */
export function conclude(draft: Draft, subject: string, decision: RoundDecision): void {
  decided(draft, subject, decision);
  switch (decision.verdict) {
    case "PASS":
      return passed(draft, subject);
    case "HARDEN":
    case "REVISE":
      return nextRound(draft, subject, decision.verdict);
    case "ESCALATED":
      return escalate(draft, subject, decision);
    default:
      return decision.verdict satisfies never;
  }
}

const MOST_NAMED = 5;

/** `It skips a test: test/a.test.ts:12; changes CI: .github/ci.yml`; null where nothing protected changed. */
export function protectionText(round: Round): string | null {
  const files = round.protectedFiles ?? [];
  if (files.length === 0) return null;
  const reasons = round.protectedReasons ?? files.map((path) => `changes a protected file: ${path}`);
  const more = reasons.length > MOST_NAMED ? `; and ${reasons.length - MOST_NAMED} more` : "";
  return `It ${reasons.slice(0, MOST_NAMED).join("; ")}${more}`;
}

function passed(draft: Draft, subject: string): void {
  const round = lastRound(requireDeliverable(draft.state, subject));
  if (round?.commit === undefined) return;
  if ((round.protectedFiles ?? []).length > 0) {
    draft.move(subject, "waiting");
    const files = round.protectedFiles ?? [];
    draft.ask("protect", subject, protectionText(round) ?? "", ["approve", "reject", "skip"], {
      commit: round.commit,
      files,
    });
    return;
  }
  draft.emit({
    type: "deliverable.approved",
    subject,
    approval: {
      commit: round.commit,
      round: round.round,
      score: round.score ?? null,
      by: "gate",
      kind: "PASS",
      at: draft.at,
    },
  });
  draft.move(subject, "merge");
}

/** The next round; a handoff's failed one is a failed attempt of its barrier (domain §10). */
function nextRound(draft: Draft, subject: string, verdict: "HARDEN" | "REVISE"): void {
  const planned = requirePlanned(draft.state, subject);
  const round = lastRound(requireDeliverable(draft.state, subject))?.round ?? 0;
  const barrier = planned.handoff === undefined ? undefined : draft.state.barriers[planned.handoff.barrier];
  if (barrier !== undefined && verdict === "REVISE") {
    const retryCount = Math.max(
      barrier.retryCount,
      currentRounds(requireDeliverable(draft.state, subject)).filter((r) => r.verdict === "REVISE").length,
    );
    if (retryCount > draft.state.plan.constraints.maxBarrierRetries) {
      return escalate(draft, subject, {
        verdict: "ESCALATED",
        reason: "barrier retries used up",
        score: null,
        displayScore: null,
        band: null,
        panels: [],
      });
    }
    if (retryCount !== barrier.retryCount) {
      draft.emit({ type: "barrier.moved", barrier: barrier.id, status: barrier.status, retryCount });
      draft.log(
        "BARRIER_RETRY",
        `${barrier.id}: retry ${retryCount} of ${draft.state.plan.constraints.maxBarrierRetries} (${subject})`,
      );
    }
  }
  draft.emit({ type: "round.started", subject, round: round + 1 });
  draft.move(subject, "create");
}

/** A person decides; a record commit carries the escalation file (domain §9.5). */
function escalate(draft: Draft, subject: string, decision: RoundDecision): void {
  const planned = requirePlanned(draft.state, subject);
  const commit = lastRound(requireDeliverable(draft.state, subject))?.commit;
  draft.move(subject, "waiting");
  const score =
    decision.score === null
      ? "without a score"
      : `at ${decision.score.toFixed(3)} of ${planned.gate.threshold}`;
  draft.askBlocking(
    "escalation",
    subject,
    `The gate of ${subject} escalated ${score}: ${decision.reason}`,
    ["accept", "guide", "write", "back", "cancel"],
    commit === undefined ? {} : { commit },
  );
  if (planned.handoff !== undefined) {
    const barrier = draft.state.barriers[planned.handoff.barrier];
    draft.emit({
      type: "barrier.moved",
      barrier: planned.handoff.barrier,
      status: "BLOCKED",
      retryCount: barrier?.retryCount ?? 0,
    });
  }
  draft.queue({ type: "record", reason: `${subject} escalated` });
}
