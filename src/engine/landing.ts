/**
 * Lands one slot: what its agent changed becomes one commit on the target, by the way that a person chose.
 *
 * Invariants: LD1 only work whose approval names exactly its commit is landed (P2); LD2 a kill between any two steps leaves either nothing or a
 * landed commit that the next call finds by its trailer; LD3 nothing of other slots and nothing of our documents comes along;
 * LD4 until the target moves nothing of the user's is touched.
 */
import { landingId, landingWords, pullRequestBody } from "../core/landing/landing-text.ts";
import type { CommitId } from "../core/vocabulary.ts";
import { candidateFailures } from "../core/workflow/decide-checks.ts";
import type { DeliverableState } from "../core/workflow/deliverable.ts";
import { effectiveGate } from "../core/workflow/effective-gate.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { requireDeliverable, requirePlanned } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { checkLanding } from "./check-landing.ts";
import { type Landed, type LandingDependencies, type LandingRequest, landAt } from "./landing-place.ts";
import { refused } from "./landing-refusals.ts";

/**
 * Lands. Throws `SignalboxError`, with nothing changed: `not-approved`, `work-missing`, `work-moved`, `landing-conflict`,
 * `landing-checks`, and what {@link landAt} throws.
 */
export async function landSlot(
  deps: LandingDependencies,
  state: WorkflowState,
  request: LandingRequest,
): Promise<Landed> {
  const { subject } = request;
  const work = await approvedWork(deps, state, subject);
  const [id, words] = [landingId(state, subject), landingWords(state, subject)];
  return landAt(deps, request, {
    base: state.plan.base.commit,
    branch: `${state.plan.layout.branchPrefix}/${subject}`,
    title: words.subject,
    body: pullRequestBody(state, subject),
    find: (tip) => deps.site.findLanded(tip, id),
    build: (onto) => candidate(deps, state, request, work, onto),
    check: (commit) => checkCandidate(deps, state, request, commit),
  });
}

interface Work {
  readonly base: CommitId;
  readonly commit: CommitId;
}

/** The approval is checked again here, so that nothing that changed since can come along (P2). */
async function approvedWork(
  { repository }: LandingDependencies,
  state: WorkflowState,
  subject: string,
): Promise<Work> {
  const deliverable = requireDeliverable(state, subject);
  const { base, commit, approval } = deliverable;
  if (
    deliverable.landing !== undefined ||
    deliverable.step !== "merged" ||
    base === undefined ||
    commit === undefined ||
    approval?.commit !== commit
  )
    throw refused.notApproved(state, deliverable);
  if ((await repository.resolve(commit)) === null) throw refused.missingWork(subject, commit);
  await requireUnmoved(repository, state, deliverable, commit);
  return { base, commit };
}

/** What somebody added to the branch of the attempt after the approval would silently stay behind. */
async function requireUnmoved(
  repository: LandingDependencies["repository"],
  { plan }: WorkflowState,
  { id, branch }: DeliverableState,
  commit: CommitId,
): Promise<void> {
  if (branch === undefined || !branch.startsWith(`${plan.layout.branchPrefix}/`)) return;
  const tip = await repository.resolve(`refs/heads/${branch}`);
  if (tip === null || tip === commit || !(await repository.isAncestor(commit, tip))) return;
  throw refused.workMoved(id, { branch, path: repository.worktreePath(branch) }, commit, tip);
}

async function candidate(
  { site }: LandingDependencies,
  state: WorkflowState,
  request: LandingRequest,
  work: Work,
  onto: CommitId,
): Promise<CommitId> {
  const built = await site.build(onto, work, landingWords(state, request.subject));
  if (!built.ok) throw refused.conflict(request, built.conflicts);
  return built.commit;
}

async function checkCandidate(
  deps: LandingDependencies,
  state: WorkflowState,
  request: LandingRequest,
  commit: CommitId,
): Promise<readonly CheckResult[] | null> {
  const { subject } = request;
  const { checks } = effectiveGate(state, requireDeliverable(state, subject));
  const { settings } = requirePlanned(state, subject);
  const results = await checkLanding(deps, state, request, { commit, checks, settings });
  const red = results === null ? [] : candidateFailures(state, subject, results);
  if (red.length > 0) throw refused.checks(request, red);
  return results;
}
