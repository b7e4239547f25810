/** What a change of the integration branch would make of it: its shape, its words, and its checks. */
import type { ResolvedFile } from "../core/conflicts/resolved-file.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { IntegrationFailure, MergedMember } from "../core/workflow/command.ts";
import { completeResults } from "../core/workflow/decide-checks.ts";
import type { IntegrateEffect } from "../core/workflow/effect.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { requirePlanned } from "../core/workflow/queries.ts";
import { SYNC_SUBJECT } from "../core/workflow/sync.ts";
import type { CommitText } from "../ports/repository.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight } from "./flight.ts";
import { redAtBase } from "./perform-work.ts";

export interface Candidate {
  /** What the documents' commit is put on. */
  readonly parent: CommitId;
  readonly mergeCommit: CommitId | null;
  /** Files in conflict that its merge resolved by rules; of a batch those of its first. */
  readonly resolved?: readonly ResolvedFile[];
  /** Of a batch: what was merged behind its first. */
  readonly also?: readonly MergedMember[];
}

export type Built =
  | Candidate
  | { readonly failure: IntegrationFailure }
  /** The worktree for its checks could not be prepared, and why. */
  | { readonly unprepared: string };

/** The project's checks on a candidate, in a worktree of its own. */
export async function candidateChecks(
  deps: EngineDependencies,
  { effect, state, signal }: Flight<IntegrateEffect>,
  subject: string,
  candidate: CommitId,
): Promise<readonly CheckResult[] | { readonly unprepared: string }> {
  if (effect.checks.length === 0) return [];
  const { plan } = state();
  const settings = subject === SYNC_SUBJECT ? plan.settings : requirePlanned(state(), subject).settings;
  const { path } = await deps.repository.addReviewWorktree(state().id, candidate);
  const prepared = await deps.provisioner.prepare(path, settings, "checks");
  if (!prepared.ok) return { unprepared: prepared.message };
  const results = await deps.checks
    .run(path, effect.checks, settings, redAtBase(state()), signal, {
      workflow: state().id,
      subject: `${subject}.merge`,
      commit: candidate,
    })
    .finally(() => deps.provisioner.release(path));
  return completeResults(effect.checks, results);
}

/** Words of a commit; `marked` ones are found again by the id of the effect. */
export function commitText(effect: IntegrateEffect, marked: boolean): CommitText {
  return {
    subject: effect.message,
    trailers: marked ? { ...effect.trailers, "Signalbox-Effect": effect.id } : effect.trailers,
  };
}
