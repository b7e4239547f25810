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
import type { Landing } from "../core/workflow/deliverable.ts";
import { effectiveGate } from "../core/workflow/effective-gate.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { requireDeliverable, requirePlanned } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { LandingSite, MoveResult, PullRequests, RemoteTarget } from "../ports/landing.ts";
import type { CheckRunner, Provisioner } from "../ports/provisioner.ts";
import type { Repository } from "../ports/repository.ts";
import { refused } from "./landing-refusals.ts";
import { redAtBase } from "./perform-work.ts";

export interface LandingDependencies {
  readonly repository: Repository;
  readonly site: LandingSite;
  readonly pullRequests: PullRequests;
  readonly checks: CheckRunner;
  readonly provisioner: Provisioner;
  /** Tells what is under way, such as checks that take a while. */
  readonly narrate: (line: string) => void;
}

export interface LandingRequest {
  readonly subject: string;
  readonly way: Landing["way"];
  /** Local branch name; for `push` and `pr` what it follows on the remote is the target. */
  readonly target: string;
  /** False = land without running the checks on what lands. */
  readonly check: boolean;
}

export interface Landed {
  readonly commit: CommitId;
  /** True where an earlier call had landed it and only the record was missing. */
  readonly already: boolean;
  /** Checks that ran on what landed; null where they ran on the same content before, or there are none. */
  readonly checks: readonly CheckResult[] | null;
  readonly url?: string;
}

/** How often a target that moves under us is tried again. */
const TRIES = 3;

/**
 * Lands. Throws `SignalboxError`, with nothing changed: `not-approved`, `no-target`, `target-changed`, `target-moved`, `target-refused`,
 * `landing-conflict`, `landing-checks`, `no-remote`, `pull-request`.
 */
export async function landSlot(
  deps: LandingDependencies,
  state: WorkflowState,
  request: LandingRequest,
): Promise<Landed> {
  const work = approvedWork(state, request.subject);
  const place = await placeOf(deps, state, request);
  for (let attempt = 1; ; attempt += 1) {
    const onto = await place.tip();
    const before = await deps.site.findLanded(onto, landingId(state, request.subject));
    if (before !== null) return { commit: before, already: true, checks: null };
    const commit = await candidate(deps, state, request, work, onto);
    const checks = request.check ? await checkCandidate(deps, state, request.subject, commit) : null;
    const moved = await place.move(commit, onto);
    if (moved.ok) {
      const { url } = moved;
      return {
        commit: moved.commit ?? commit,
        already: false,
        checks,
        ...(url === undefined ? {} : { url }),
      };
    }
    if (moved.reason === "refused" || attempt === TRIES) throw refused.move(request, moved);
    deps.narrate(`${request.target} has moved, building on its new tip`);
  }
}

interface Work {
  readonly base: CommitId;
  readonly commit: CommitId;
}

/** The approval is checked again here, so that nothing that changed since can come along (P2). */
function approvedWork(state: WorkflowState, subject: string): Work {
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
  return { base, commit };
}

/** `url` and `commit` where they are not the ones that were asked for: a pull request. */
type Moved = MoveResult & { readonly url?: string; readonly commit?: CommitId };

interface Place {
  tip(): Promise<CommitId>;
  move(commit: CommitId, onto: CommitId): Promise<Moved>;
}

function placeOf(deps: LandingDependencies, state: WorkflowState, request: LandingRequest): Promise<Place> {
  return request.way === "here" ? localPlace(deps, request) : remotePlace(deps, state, request);
}

async function localPlace({ site }: LandingDependencies, { target }: LandingRequest): Promise<Place> {
  return {
    tip: async () => {
      const local = await site.local(target);
      if (local === null) throw refused.noTarget(target);
      if (local.checkout !== null && local.checkout.changed.length > 0)
        throw refused.changedTarget(target, local.checkout.path, local.checkout.changed);
      return local.tip;
    },
    move: (commit, onto) => site.moveLocal(target, commit, onto),
  };
}

async function remotePlace(
  deps: LandingDependencies,
  state: WorkflowState,
  request: LandingRequest,
): Promise<Place> {
  const { site, pullRequests } = deps;
  const remote = await site.remote(request.target);
  if (remote === null) throw refused.noRemote(request);
  const problem = request.way === "pr" ? await pullRequests.available() : null;
  if (problem !== null) throw refused.noPullRequests(problem);
  return {
    tip: async () => {
      const tip = await site.fetch(remote);
      if (tip === null) throw refused.noRemoteBranch(remote);
      return tip;
    },
    move: (commit) =>
      request.way === "pr" ? pullRequest(deps, state, request, remote, commit) : site.push(remote, commit),
  };
}

/** The commit goes to a branch of its own, which the pull request asks to take over; one that an earlier call pushed is taken as it is (LD2). */
async function pullRequest(
  { site, pullRequests }: LandingDependencies,
  state: WorkflowState,
  { subject }: LandingRequest,
  { remote, branch: base }: RemoteTarget,
  commit: CommitId,
): Promise<Moved> {
  const head = `${state.plan.layout.branchPrefix}/${subject}`;
  const there = await site.fetch({ remote, branch: head });
  const before = there === null ? null : await site.findLanded(there, landingId(state, subject));
  const pushed = before === null ? await site.push({ remote, branch: head }, commit) : { ok: true as const };
  if (!pushed.ok) return { ...pushed, reason: "refused" };
  const { subject: title } = landingWords(state, subject);
  const { url } = await pullRequests.open({ title, body: pullRequestBody(state, subject), base, head });
  return { ok: true, url, commit: before ?? commit };
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

/** What lands is checked unless exactly the same content was: the slot's commit, or a merge candidate of the integration branch. */
async function checkCandidate(
  deps: LandingDependencies,
  state: WorkflowState,
  subject: string,
  commit: CommitId,
): Promise<readonly CheckResult[] | null> {
  const planned = requirePlanned(state, subject);
  const { checks } = effectiveGate(state, requireDeliverable(state, subject));
  if (checks.length === 0 || (await wasChecked(deps, state, commit))) return null;
  deps.narrate(`${subject}: running ${checks.map((check) => check.name).join(", ")} on what would land`);
  // Under a name of its own: the coordinator clears the review worktrees of the workflow while this one is in use.
  const owner = `${state.id}.landing`;
  const { path } = await deps.repository.addReviewWorktree(owner, commit);
  try {
    const prepared = await deps.provisioner.prepare(path, planned.settings);
    if (!prepared.ok) throw refused.provision(subject, prepared.message);
    const results = await deps.checks.run(path, checks, planned.settings, redAtBase(state));
    const red = candidateFailures(state, subject, results);
    if (red.length > 0) throw refused.checks(subject, red);
    return results;
  } finally {
    await deps.repository.removeWorktree(owner, path);
  }
}

async function wasChecked(
  { site }: LandingDependencies,
  state: WorkflowState,
  commit: CommitId,
): Promise<boolean> {
  const folder = state.plan.layout.folder.replace(/\/+$/, "");
  const checked = Object.values(state.deliverables).flatMap((d) =>
    d.step === "merged" ? [d.commit, d.mergeCommit] : [],
  );
  for (const one of checked) {
    if (one !== undefined && (await site.sameApartFrom(folder, commit, one))) return true;
  }
  return false;
}
