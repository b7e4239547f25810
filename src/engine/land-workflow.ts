/**
 * Lands the result of a whole workflow: its integration branch goes to the target, in the form that a person chose.
 *
 * Invariants: LW1 only a complete workflow lands, and exactly the commit at which it left its branch (P2); LW2 as LD2 to LD4 of
 * {@link landSlot}: nothing or a landed commit that the next call finds, and nothing of the user's is touched before.
 */
import { resultLandingId, resultPullRequestBody, resultWords } from "../core/landing/result-text.ts";
import { comparedWithBase, isHeldAgainst } from "../core/quality/against-base.ts";
import type { CommitId } from "../core/vocabulary.ts";
import { checksOf } from "../core/workflow/decide-checks.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { checkLanding } from "./check-landing.ts";
import { type Landed, type LandingDependencies, type LandingRequest, landAt } from "./landing-place.ts";
import { refused } from "./landing-refusals.ts";

/** `ff`: the target moves to the result; `merge`: both are joined; `squash`: the result is one commit on the target. */
export type LandingForm = "ff" | "merge" | "squash";

export interface WorkflowLanding extends LandingRequest {
  /** Of no account for a pull request: whoever accepts it decides. */
  readonly form: LandingForm;
}

/**
 * Lands. Throws `SignalboxError`, with nothing changed: `not-complete`, `result-moved`, `not-forward`, `forward-keeps-documents`,
 * `landed-before`, `landing-conflict`, `landing-checks`, and what {@link landAt} throws.
 */
export async function landWorkflow(
  deps: LandingDependencies,
  state: WorkflowState,
  request: WorkflowLanding,
): Promise<Landed> {
  const result = await completeResult(deps, state, request);
  const id = resultLandingId(state);
  const drops = dropsDocuments(state);
  return landAt(deps, request, {
    base: state.plan.base.commit,
    // A branch that has the documents is not the one that is asked to be taken over without them.
    branch: drops ? `${state.plan.layout.branchPrefix}/landing` : integrationOf(state),
    title: resultWords(state).subject,
    body: resultPullRequestBody(state),
    // By its id first: that is the commit which the first call has recorded.
    find: async (tip) =>
      (await deps.site.findLanded(tip, id)) ??
      ((await deps.repository.isAncestor(result, tip)) ? result : null),
    build: (onto) => {
      requireFirst(state, request);
      return build(deps, state, request, result, onto);
    },
    check: (commit) => checkResult(deps, state, request, commit),
  });
}

/** `finish.documents: drop`: the orchestration folder stays on the integration branch. */
function dropsDocuments({ plan }: WorkflowState): boolean {
  return plan.finish.documents === "drop";
}

function integrationOf(state: WorkflowState): string {
  return `${state.plan.layout.branchPrefix}/main`;
}

async function completeResult(
  { repository }: LandingDependencies,
  state: WorkflowState,
  { command }: WorkflowLanding,
): Promise<CommitId> {
  if (state.status !== "COMPLETE" || state.head === null) throw refused.notComplete(state);
  const branch = integrationOf(state);
  const tip = await repository.resolve(`refs/heads/${branch}`);
  if (tip !== state.head) throw refused.resultMoved(branch, state.head, tip, command);
  return state.head;
}

/** A result lands once: a second place, or another form of it, would be recorded nowhere. A pull request is found again. */
function requireFirst({ id, landed }: WorkflowState, { way }: WorkflowLanding): void {
  if (landed !== undefined && !(landed.way === "pr" && way === "pr")) throw refused.landedBefore(id, landed);
}

async function build(
  deps: LandingDependencies,
  state: WorkflowState,
  request: WorkflowLanding,
  result: CommitId,
  onto: CommitId,
): Promise<CommitId> {
  const drops = dropsDocuments(state);
  const words = resultWords(state);
  const without = folderOf(state);
  if (request.way === "pr") return drops ? deps.site.leaveOut(result, without, onto, words) : result;
  if (request.form === "ff") return forward(deps, request, drops, result, onto);
  const base = state.syncs?.at(-1)?.commit ?? state.plan.base.commit;
  const left = drops ? [without] : [];
  const made =
    request.form === "merge"
      ? await deps.site.join(onto, result, words, ...left)
      : await deps.site.build(onto, { base, commit: result }, words, ...left);
  if (!made.ok) throw refused.resultConflict(request, integrationOf(state), made.conflicts);
  return made.commit;
}

async function forward(
  { repository }: LandingDependencies,
  request: WorkflowLanding,
  drops: boolean,
  result: CommitId,
  onto: CommitId,
): Promise<CommitId> {
  if (drops) throw refused.forwardKeeps(request);
  if (await repository.isAncestor(onto, result)) return result;
  throw refused.notForward(request);
}

function folderOf({ plan }: WorkflowState): string {
  return plan.layout.folder.replace(/\/+$/, "");
}

async function checkResult(
  deps: LandingDependencies,
  state: WorkflowState,
  request: WorkflowLanding,
  commit: CommitId,
): Promise<readonly CheckResult[] | null> {
  const { plan, baseChecks = [] } = state;
  const results = await checkLanding(deps, state, request, {
    commit,
    checks: checksOf(plan),
    settings: plan.settings,
  });
  const red = comparedWithBase(results ?? [], baseChecks).filter(isHeldAgainst);
  if (red.length > 0) throw refused.resultChecks(request, red);
  return results;
}
