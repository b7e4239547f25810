/**
 * Brings new commits of the target into a workflow that runs: as a candidate between two stages, where no attempt is under way that
 * started from something else. The branch moves only when it merges and the checks pass; otherwise a person is asked.
 */
import type { PersonCommand, Rejection } from "./command.ts";
import type { Draft } from "./draft.ts";
import type { Integration, SyncEntry } from "./integration.ts";
import type { CheckResult } from "./outcome.ts";
import { currentStage, hasEnded, openQuestion } from "./queries.ts";
import type { DecisionWord, Question } from "./question.ts";
import type { WorkflowState } from "./state.ts";

/** Subject of its question. */
export const SYNC_SUBJECT = "sync";

type Sync = Extract<PersonCommand, { type: "sync" }>;
type SyncIntegration = Extract<Integration, { type: "sync" }>;

/** A later wish takes the place of one that still waits, or that a person was asked about. */
export function onSync(draft: Draft, { commit, from, by }: Sync): Rejection | null {
  const { state } = draft;
  if (hasEnded(state))
    return {
      code: "ended",
      message: `workflow ${state.id} is ${state.status}; nothing is brought into it any more`,
      hint: "Merge its result where you want it: signalbox status",
    };
  if (state.sync?.commit === commit && openQuestion(state, SYNC_SUBJECT) === undefined) return null;
  const question = openQuestion(state, SYNC_SUBJECT);
  if (question !== undefined) draft.close(question, null, `${from} is brought in instead, by ${by}`);
  draft.emit({ type: "sync.asked", sync: { commit, from, by, at: draft.at } });
  draft.log("SYNC_ASKED", `${from} at ${commit.slice(0, 12)} by ${by}`);
  return null;
}

/** Rule of `advance`: queued where the next stage, or the end, would follow. */
export function queueSync(draft: Draft): void {
  const { sync } = draft.state;
  if (sync === undefined || !isBetweenStages(draft.state)) return;
  if (openQuestion(draft.state, SYNC_SUBJECT) !== undefined) return;
  const { commit, from, unchecked } = sync;
  draft.queue({ type: "sync", commit, from, ...(unchecked === undefined ? {} : { unchecked }) });
}

/** What a person is asked about at a boundary is not changed under their eyes. */
function isBetweenStages(state: WorkflowState): boolean {
  if (state.startedAt === undefined || state.head === null || state.integrations.length > 0) return false;
  if (state.openings[currentStage(state)] !== undefined) return false;
  return !state.questions.some(
    ({ kind }) => kind === "checkpoint" || kind === "phase-gate" || kind === "barrier",
  );
}

/** It is on the branch. */
export function onSynced(
  draft: Draft,
  { commit, from }: SyncIntegration,
  { mergeCommit, resolved = [] }: Pick<SyncEntry, "mergeCommit" | "resolved">,
): void {
  const sync = draft.state.sync?.commit === commit ? draft.state.sync : undefined;
  const by = sync?.by ?? "signalbox";
  if (sync?.unchecked === true) countAsRed(draft, sync.failed ?? []);
  const rules = resolved.length === 0 ? {} : { resolved };
  const done = { commit, from, by, at: draft.at, mergeCommit, ...rules };
  draft.emit({ type: "sync.settled", commit, done });
  draft.log(
    "SYNCED",
    `${from} at ${commit.slice(0, 12)}${mergeCommit === null ? ", which was in already" : ""}`,
  );
}

/** What a person took in although it fails is red before any later change: nobody's finding. */
function countAsRed(draft: Draft, failed: readonly CheckResult[]): void {
  const red = failed.filter(({ passed }) => !passed);
  if (red.length === 0) return;
  const before = (draft.state.baseChecks ?? []).filter(({ name }) => !red.some((one) => one.name === name));
  draft.emit({ type: "base.checked", results: [...before, ...red] });
}

/** Nothing of it is on the branch; the next stage waits for a person. */
export function askAboutSync(
  draft: Draft,
  { from, commit }: SyncIntegration,
  failure: {
    readonly text: string;
    readonly files?: readonly string[];
    readonly results?: readonly CheckResult[];
  },
): void {
  const { results } = failure;
  const options: readonly DecisionWord[] =
    results === undefined ? ["retry", "skip", "cancel"] : ["retry", "waive", "skip", "cancel"];
  const { sync } = draft.state;
  if (results !== undefined && sync?.commit === commit)
    draft.emit({ type: "sync.asked", sync: { ...sync, failed: results } });
  const extra = { commit, ...(failure.files === undefined ? {} : { files: failure.files }) };
  draft.askBlocking("sync", SYNC_SUBJECT, `${from} cannot be brought in: ${failure.text}`, options, extra);
  draft.log("SYNC_FAILED", failure.text);
}

/** `retry` leaves the wish as it is, so that the rule queues it again. */
export function decideSync(draft: Draft, question: Question, word: DecisionWord): void {
  const { sync } = draft.state;
  if (question.kind !== "sync" || sync === undefined) return;
  if (word === "skip") draft.emit({ type: "sync.settled", commit: sync.commit, done: null });
  if (word === "waive") draft.emit({ type: "sync.asked", sync: { ...sync, unchecked: true } });
}
