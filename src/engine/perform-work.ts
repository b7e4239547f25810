/** Effects on worktrees: prepare, commit, check, clean. */
import type { RunSettings } from "../core/definition.ts";
import type { ChecksEffect, CleanupEffect, CommitEffect, ProvisionEffect } from "../core/workflow/effect.ts";
import type { CommitReport } from "../core/workflow/outcome.ts";
import { hasEnded, isActive, requirePlanned, runningSessions } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";
import { outsideOf } from "./look-around.ts";
import { joinedReport } from "./perform-join.ts";

export async function performProvision(
  deps: EngineDependencies,
  { effect, state }: Flight<ProvisionEffect>,
): Promise<PerformedOutcome> {
  const { path } = await deps.repository.addWorktree({
    workflow: state().id,
    branch: effect.branch,
    base: effect.base,
    ...(effect.start === undefined ? {} : { start: effect.start }),
    ...(isReused(effect.settings) ? { reuse: true } : {}),
  });
  const prepared = await deps.provisioner.prepare(path, effect.settings);
  if (!prepared.ok)
    return { command: { type: "provision-failed", effect: effect.id, message: prepared.message } };
  return { command: { type: "provisioned", effect: effect.id } };
}

/** The coordinator commits, not the agent; a handoff's file is written by the coordinator as well (design §6, §11 no. 1). */
export async function performCommit(
  deps: EngineDependencies,
  { effect, state }: Flight<CommitEffect>,
): Promise<PerformedOutcome> {
  const path = deps.repository.worktreePath(effect.branch);
  const planned = requirePlanned(state(), effect.subject);
  const isRendered =
    planned.kind === "handoff" &&
    planned.makes.kind === "file" &&
    state().deliverables[effect.subject]?.manual !== true;
  const rendered =
    isRendered && planned.makes.kind === "file"
      ? [{ path: planned.makes.path, content: deps.documents.renderHandoff(state(), effect.subject) }]
      : [];
  const files = [...effect.files, ...rendered];
  if (files.length > 0) await deps.files.write(path, files);
  const [subject = effect.message, ...body] = effect.message.split("\n");
  const text = { subject, body: body.join("\n").trim(), trailers: effect.trailers };
  const made = await deps.repository.commitWorktree(
    path,
    text,
    effect.id,
    effect.artifact === undefined ? [] : [effect.artifact],
  );
  return {
    command: {
      type: "committed",
      effect: effect.id,
      report: await reportOf(deps, effect, state(), path, made),
    },
  };
}

async function reportOf(
  deps: EngineDependencies,
  effect: CommitEffect,
  state: WorkflowState,
  worktree: string,
  made: string | null,
): Promise<CommitReport> {
  const tip = made ?? (await deps.repository.resolve(`refs/heads/${effect.branch}`)) ?? effect.base;
  const base = await baseOf(deps, effect, state, tip);
  const files = tip === base ? [] : await deps.repository.changedFiles(base, tip);
  const artifact =
    effect.artifact === undefined ? {} : await artifactOf(deps.files, worktree, effect.artifact);
  const nested = await deps.repository.nestedRepositories(worktree);
  const outside = await outsideOf(deps, state, effect);
  const { rejoin, manual = false } = state.deliverables[effect.subject] ?? {};
  // A person merges the branch as it is then.
  const other =
    manual && rejoin?.joined === undefined && rejoin !== undefined ? { ...rejoin, onto: base } : rejoin;
  const joined =
    other === undefined ? null : await joinedReport(deps, other, tip, manual || other.byHand === true);
  return {
    commit: files.length === 0 ? null : tip,
    base,
    files,
    ...artifact,
    ...outside,
    ...(joined === null ? {} : { joined }),
    nested,
  };
}

/**
 * A person who resolves a conflict merges the integration branch as it is then, which may be further on than when they said so: what
 * others have merged meanwhile is not theirs.
 */
async function baseOf(
  { repository }: EngineDependencies,
  { base, subject }: CommitEffect,
  { head, deliverables }: WorkflowState,
  tip: string,
): Promise<string> {
  if (deliverables[subject]?.manual !== true || head === null || head === base) return base;
  return (await repository.isAncestor(head, tip)) ? head : base;
}

async function artifactOf(
  files: EngineDependencies["files"],
  worktree: string,
  path: string,
): Promise<Pick<CommitReport, "artifactBytes" | "artifactIs">> {
  const artifactBytes = await files.size(worktree, path);
  const artifactIs = artifactBytes === null ? await files.standIn(worktree, path) : null;
  return artifactIs === null ? { artifactBytes } : { artifactBytes, artifactIs };
}

/** Checks read exactly the commit, in a detached worktree that is prepared like the session's own. */
export async function performChecks(
  deps: EngineDependencies,
  { effect, state, signal }: Flight<ChecksEffect>,
): Promise<PerformedOutcome> {
  const { path } = await deps.repository.addReviewWorktree(state().id, effect.commit);
  const prepared = await deps.provisioner.prepare(path, effect.settings, "checks");
  if (!prepared.ok)
    return { command: { type: "provision-failed", effect: effect.id, message: prepared.message } };
  const red = redAtBase(state());
  const results = await deps.checks
    .run(path, effect.checks, effect.settings, red, signal, {
      workflow: state().id,
      subject: effect.subject,
      commit: effect.commit,
    })
    .finally(() => deps.provisioner.release(path));
  return { command: { type: "checked", effect: effect.id, results } };
}

/** Names of checks that fail without anybody's change. */
export function redAtBase(state: {
  readonly baseChecks?: readonly { readonly name: string; readonly passed: boolean }[];
}): ReadonlySet<string> {
  return new Set((state.baseChecks ?? []).filter((c) => !c.passed).map((c) => c.name));
}

/** The branch goes only when its tip is reachable from the integration branch, else it is preserved first and read back (P1). */
export async function performCleanup(
  deps: EngineDependencies,
  { effect, state }: Flight<CleanupEffect>,
): Promise<PerformedOutcome> {
  const { repository } = deps;
  const path = repository.worktreePath(effect.branch);
  if ((await repository.worktrees()).some((w) => w.path === path)) {
    await deps.provisioner.release(path);
    const isWanted = isReused(requirePlanned(state(), effect.subject).settings) && wantsSpares(state());
    if (isWanted) await repository.recycleWorktree(state().id, path);
    else await repository.removeWorktree(state().id, path);
  }
  const tip = await repository.resolve(`refs/heads/${effect.branch}`);
  const head = state().head;
  if (tip !== null) {
    const reachable = head !== null && (await repository.isAncestor(tip, head));
    if (!reachable)
      await repository.preserve(state().id, effect.branch.split("/").at(-1) ?? effect.subject, tip);
    await repository.deleteBranch(effect.branch, tip);
  }
  await cleanReviews(deps, state());
  if (!wantsSpares(state())) await repository.removeSpareWorktrees(state().id);
  return { command: { type: "cleaned", effect: effect.id } };
}

function isReused({ provision }: RunSettings): boolean {
  return provision.reuse === true;
}

/** True while there is work that has yet to get a worktree. */
function wantsSpares(state: WorkflowState): boolean {
  const { deliverables } = state;
  return (
    !hasEnded(state) && Object.values(deliverables).some(({ step }) => step === "blocked" || step === "ready")
  );
}

/** Review worktrees are shared by commit; they go when nobody can be reading one. `ended` names a session whose end is not journalled yet. */
export async function cleanReviews(
  deps: EngineDependencies,
  state: WorkflowState,
  ended?: string,
): Promise<void> {
  const readers = runningSessions(state).filter((session) => session.id !== ended);
  const working =
    Object.values(state.deliverables).some(isActive) || state.integrations.some((i) => i.type === "merge");
  if (readers.length > 0 || (working && !hasEnded(state))) return;
  await deps.repository.removeReviewWorktrees(state.id);
  if (hasEnded(state)) await deps.repository.removeSpareWorktrees(state.id);
}
