/** Checks on what would land, in a worktree of its own. */
import type { Check, RunSettings } from "../core/definition.ts";
import { landingWorktrees } from "../core/landing/queue-text.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { LandingDependencies, LandingRequest } from "./landing-place.ts";
import { refused } from "./landing-refusals.ts";
import { redAtBase } from "./perform-work.ts";

interface Checked {
  readonly commit: CommitId;
  readonly checks: readonly Check[];
  readonly settings: RunSettings;
}

/**
 * Results of the checks on `commit`; null where there are none, or exactly the same content was checked: the slot's commit, or a
 * merge candidate of the integration branch. Throws `landing-checks` where its worktree cannot be prepared.
 */
export async function checkLanding(
  deps: LandingDependencies,
  state: WorkflowState,
  request: LandingRequest,
  { commit, checks, settings }: Checked,
): Promise<readonly CheckResult[] | null> {
  if (checks.length === 0 || (await wasChecked(deps, state, commit))) return null;
  const names = checks.map((check) => check.name).join(", ");
  deps.narrate(`${request.subject}: running ${names} on what would land`);
  const owner = landingWorktrees(state.id, request.target);
  // Of an earlier one that could not remove it: it is our turn, so nobody else checks for this target.
  await deps.repository.removeReviewWorktrees(owner);
  const { path } = await deps.repository.addReviewWorktree(owner, commit);
  try {
    const prepared = await deps.provisioner.prepare(path, settings);
    if (!prepared.ok) throw refused.provision(request, prepared.message);
    return await deps.checks.run(path, checks, settings, redAtBase(state));
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
