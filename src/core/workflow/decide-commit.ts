/** What the committed files of a session mean: integrity, criticality of what really changed, then checks. */
import { escalateForFiles, isHigher } from "../quality/criticality.ts";
import { artifactTrouble, integrityFindings, isElsewhere } from "../quality/integrity.ts";
import type { Protection } from "../quality/protection.ts";
import type { CommitId } from "../vocabulary.ts";
import { onStoppedCommit } from "./decide-stop.ts";
import type { Draft } from "./draft.ts";
import type { CommitEffect } from "./effect.ts";
import { afterChecks, decideWithoutJudge } from "./judge-round.ts";
import { askAboutLeftOut, isUnseen, leftOutText, ofPerson, onlyLeavesOut, proposed } from "./left-out.ts";
import type { ChangedFile, CommitReport } from "./outcome.ts";
import { currentRounds, lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import type { Round } from "./round.ts";
import type { WorkflowState } from "./state.ts";
import { writtenOptions } from "./take-over.ts";
import { failDeliverable } from "./trouble.ts";

type Rise = ReturnType<typeof escalateForFiles>;

export function onCommitted(draft: Draft, effect: CommitEffect, report: CommitReport): null {
  const { subject } = effect;
  if (draft.state.deliverables[subject]?.stopping !== undefined) {
    onStoppedCommit(draft, subject, report);
    return null;
  }
  const planned = requirePlanned(draft.state, subject);
  const deliverable = requireDeliverable(draft.state, subject);
  const { round = 1 } = lastRound(deliverable) ?? {};
  // A reason that was given holds in later rounds too: nobody repeats it in a report about something else.
  const leftOut = currentRounds(deliverable).flatMap((one) => one.leftOut ?? []);
  const unseen = isUnseen(deliverable, report);
  const seen = deliverable.manual && !unseen ? ofPerson(report) : report;
  const integrity = integrityFindings(planned, draft.state.plan, seen, round, leftOut);
  const isThere = (report.artifactBytes ?? 0) > 0 || isElsewhere(report);
  const commit = report.commit ?? (isThere ? report.base : null);
  if (commit === null || integrity.empty) {
    nothingMade(draft, subject, commit, report);
    return null;
  }
  const artifact = planned.makes.kind === "file" ? planned.makes.path : commit;
  draft.emit({
    type: "round.noted",
    subject,
    patch: {
      commit,
      artifact,
      ...protectionPatch([...integrity.protections, ...proposed(draft.state, subject, report)]),
    },
  });
  if (integrity.findings.length > 0) {
    draft.emit({ type: "round.found", subject, findings: integrity.findings });
    if (unseen && onlyLeavesOut(report, integrity.findings.length))
      return askAboutLeftOut(draft, subject, report, commit);
    decideWithoutJudge(draft, subject, "Integrity", 0);
    return null;
  }
  raiseCriticality(draft, subject, report, commit);
  return null;
}

function protectionPatch(found: readonly Protection[]): Partial<Round> {
  if (found.length === 0) return {};
  return {
    protectedFiles: found.map(({ path }) => path),
    protectedReasons: found.map(({ reason }) => reason),
  };
}

/** `makes: commit` without a change asks a person (design §11 no. 3); a missing artifact is a failed round, never a pass. */
function nothingMade(draft: Draft, subject: string, commit: CommitId | null, report: CommitReport): void {
  const planned = requirePlanned(draft.state, subject);
  if (planned.makes.kind === "commit") {
    draft.move(subject, "waiting");
    draft.askBlocking(
      "empty",
      subject,
      nothingText(draft.state, subject, report),
      ["done", "retry", "skip"],
      commit === null ? {} : { commit },
    );
    return;
  }
  const deliverable = requireDeliverable(draft.state, subject);
  const trouble = `${planned.makes.path} ${artifactTrouble(report)}`;
  if (deliverable.manual) {
    draft.move(subject, "waiting");
    const reason = `${trouble} (branch ${deliverable.branch ?? ""})`;
    draft.ask("user-artifact", subject, reason, writtenOptions(draft, subject));
    return;
  }
  const { retries } = planned.settings.limits;
  const missing = lastRound(deliverable)?.findings.filter((f) => f.source === "integrity").length ?? 0;
  if (missing >= retries) return failDeliverable(draft, subject, `artifacts_missing: ${trouble}`);
  draft.emit({
    type: "round.found",
    subject,
    findings: [
      {
        id: `F-${lastRound(deliverable)?.round ?? 1}-missing-${missing + 1}`,
        type: "MISSING_EVIDENCE",
        severity: "CRITICAL",
        source: "integrity",
        section: planned.makes.path,
        evidence: `the session ended and this file ${artifactTrouble(report)}`,
        action: `write ${planned.makes.path} as a regular file`,
        resolved: false,
      },
    ],
  });
  draft.move(subject, "create");
}

function nothingText(state: WorkflowState, subject: string, report: CommitReport): string {
  const gone = leftOutText(report);
  if (gone !== null) return `Nothing of what was approved is left. ${gone}`;
  return requireDeliverable(state, subject).rejoin?.joined === undefined
    ? "The session ended without changing a file"
    : "Beside what is merged nothing of its own is left";
}

/** AE rules on the files that really changed; a rise re-opens the gate with the larger set and asks before it costs. */
function raiseCriticality(draft: Draft, subject: string, report: CommitReport, commit: CommitId): void {
  const rise = riseFor(draft.state, subject, report.files);
  if (rise === null) toChecks(draft, subject);
  else raise(draft, subject, rise, commit);
}

/** To which level changed files raise a slot, and by which rules (domain §11); null where its gate is enough, or was waived. */
export function riseFor(state: WorkflowState, subject: string, files: readonly ChangedFile[]): Rise | null {
  const { criticality } = requireDeliverable(state, subject);
  const rise = escalateForFiles(state.plan, requirePlanned(state, subject), files, criticality);
  return isHigher(rise.level, criticality) && !wasWaived(state, subject) ? rise : null;
}

/** What merging the work changes is more than what its gate was for: it goes through the gate of that level, in a round of its own. */
export function reopenGate(draft: Draft, subject: string, files: readonly ChangedFile[]): void {
  const round = lastRound(requireDeliverable(draft.state, subject));
  const rise = riseFor(draft.state, subject, files);
  if (round?.commit === undefined || rise === null) return;
  const { commit, artifact = commit } = round;
  draft.emit({ type: "round.started", subject, round: round.round + 1 });
  draft.emit({ type: "round.noted", subject, patch: { commit, artifact } });
  raise(draft, subject, rise, commit);
}

function raise(draft: Draft, subject: string, { level, escalated }: Rise, commit: CommitId): void {
  const { escalations } = requireDeliverable(draft.state, subject);
  draft.emit({
    type: "deliverable.escalated",
    subject,
    criticality: level,
    escalations: [...escalations, ...escalated],
  });
  draft.log(
    "CRITICALITY_RAISED",
    `${subject}: ${escalated.map((e) => `${e.rule} ${e.condition} (${e.from} to ${e.to})`).join("; ")}`,
  );
  if (draft.state.plan.escalateAuto) return toChecks(draft, subject);
  draft.move(subject, "waiting");
  const why = escalated.map((e) => `${e.rule}: ${e.condition}`).join("; ");
  draft.ask(
    "criticality",
    subject,
    `What changed raises ${subject} to ${level} (${why}), which costs more reviews`,
    ["approve", "waive", "cancel"],
    { commit },
  );
}

function wasWaived(state: WorkflowState, subject: string): boolean {
  return state.decisions.some((d) => d.word === "waive" && (d.subject === subject || d.subject === "plan"));
}

export function toChecks(draft: Draft, subject: string): void {
  const { gate } = requirePlanned(draft.state, subject);
  if (gate.checks.length > 0) draft.move(subject, "checks");
  else afterChecks(draft, subject);
}
