import { dirname, relative } from "node:path";
import { builtInSettings } from "../../config/settings/built-in.ts";
import { SignalboxError } from "../../core/errors.ts";
import { hasEnded, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Repository } from "../../ports/repository.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText } from "../output/units.ts";
import { settingsAt } from "../planning/settings.ts";
import { loadAll, openProject, type Project, pickWorkflow, repositoryOf } from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** Something that would go. */
type Leftover =
  | { readonly kind: "worktree"; readonly workflow: string; readonly path: string }
  | {
      readonly kind: "branch";
      readonly workflow: string;
      readonly branch: string;
      readonly commit: string;
      readonly merged: boolean;
    };

interface Cleaned {
  readonly removed: readonly Leftover[];
  /** Refs that hold what would otherwise be lost. */
  readonly preserved: readonly string[];
  /** What could not go, with the reason. */
  readonly kept: readonly { readonly leftover: Leftover; readonly error: SignalboxError }[];
}

/**
 * `signalbox clean [workflow]`: worktrees and session branches of ended workflows. The integration branch, the journal and the
 * documents stay. What no other ref holds is preserved under `refs/signalbox/preserved/` and read back before it goes (P1).
 */
export async function clean(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  refuseInsideSession(context, project);
  const states = await endedWorkflows(context, project, workflowOf(input));
  const found: Leftover[] = [];
  const repositories = new Map<string, Repository>();
  for (const state of states) {
    const repository = await repositoryOf(context.io, state);
    repositories.set(state.id, repository);
    found.push(...(await leftoversOf(repository, state)));
  }
  const dry = input.flag("dryRun");
  if (dry || found.length === 0) return tell(context, { removed: found, preserved: [], kept: [] }, dry);
  const question = `Remove ${countText(found.filter((one) => one.kind === "worktree").length, "worktree")} and ${countText(found.filter((one) => one.kind === "branch").length, "branch", "branches")}?`;
  if (!context.json && context.canAsk) list(context, found);
  if (!(await confirm(context, question, input.flag("yes")))) return EXIT.done;
  return tell(context, await removeAll(repositories, found), false);
}

/** What cannot go stays with its reason and hinders nothing else. */
async function removeAll(
  repositories: ReadonlyMap<string, Repository>,
  found: readonly Leftover[],
): Promise<Cleaned> {
  const removed: Leftover[] = [];
  const preserved: string[] = [];
  const kept: Cleaned["kept"][number][] = [];
  for (const leftover of found) {
    const repository = repositories.get(leftover.workflow);
    if (repository === undefined) continue;
    try {
      preserved.push(...(await remove(repository, leftover)));
      removed.push(leftover);
    } catch (error) {
      if (!(error instanceof SignalboxError)) throw error;
      kept.push({ leftover, error });
    }
  }
  return { removed, preserved, kept };
}

async function endedWorkflows(
  { io }: Context,
  project: Project,
  reference: string | undefined,
): Promise<readonly WorkflowState[]> {
  if (reference !== undefined) {
    const state = await pickWorkflow(project, reference, "act");
    if (!hasEnded(state))
      throw new SignalboxError(
        "user",
        "not-ended",
        `${state.id} is ${state.status}; only ended workflows are cleaned`,
        [`End it first: signalbox cancel ${state.id}`],
      );
    return [state];
  }
  const { states } = await loadAll(project);
  const keepMs = await keptFor(project, io);
  const old = (state: WorkflowState): boolean =>
    state.status === "COMPLETE" || io.now() - Date.parse(state.completedAt ?? state.updatedAt) > keepMs;
  return states.filter((state) => hasEnded(state) && runningSessions(state).length === 0 && old(state));
}

/** How long the trees of a failed or cancelled workflow stay when it is not named (`keep`). */
async function keptFor({ repository }: Project, io: Context["io"]): Promise<number> {
  const { commit } = await repository.head();
  if (commit === null) return builtInSettings().keepMs;
  return (await settingsAt(repository, commit, io, {})).settings.keepMs;
}

/** Worktrees first: a branch that is checked out cannot go. */
async function leftoversOf(repository: Repository, state: WorkflowState): Promise<readonly Leftover[]> {
  const prefix = state.plan.layout.branchPrefix;
  const main = `${prefix}/main`;
  const folder = dirname(repository.worktreePath(main));
  const worktrees = (await repository.worktrees()).filter(
    ({ path }) => !relative(folder, path).startsWith(".."),
  );
  const branches = (await repository.branches(`${prefix}/`)).filter(({ branch }) => branch !== main);
  const tip = await repository.resolve(`refs/heads/${main}`);
  const found: Leftover[] = worktrees.map(({ path }) => ({ kind: "worktree", workflow: state.id, path }));
  for (const { branch, commit } of branches) {
    const merged = tip !== null && (await repository.isAncestor(commit, tip));
    found.push({ kind: "branch", workflow: state.id, branch, commit, merged });
  }
  return found;
}

/** Refs that keep what would otherwise be lost. */
async function remove(repository: Repository, leftover: Leftover): Promise<readonly string[]> {
  if (leftover.kind === "worktree") {
    const { preserved } = await repository.removeWorktree(leftover.workflow, leftover.path);
    return preserved === null ? [] : [preserved];
  }
  const name = leftover.branch.split("/").at(-1) ?? leftover.branch;
  const kept = leftover.merged ? [] : [await repository.preserve(leftover.workflow, name, leftover.commit)];
  await repository.deleteBranch(leftover.branch, leftover.commit);
  return kept;
}

function tell(context: Context, { removed, preserved, kept }: Cleaned, dry: boolean): number {
  const { output, json } = context;
  const exit = kept.length > 0 ? EXIT.failed : EXIT.done;
  if (json) {
    const reasons = kept.map(({ leftover, error }) => ({
      ...leftover,
      code: error.code,
      message: error.message,
    }));
    output.json({ dryRun: dry, removed, preserved, kept: reasons });
    return exit;
  }
  if (removed.length === 0 && kept.length === 0) output.success("nothing to clean");
  else if (dry) list(context, removed);
  else if (removed.length > 0) output.success(`${countText(removed.length, "item")} removed`);
  for (const ref of preserved) output.hint(`kept: git log ${ref}`);
  for (const { error } of kept) {
    output.warn(error.message);
    for (const hint of error.hints) output.hint(hint);
  }
  if (dry && removed.length > 0) output.hint("Remove them: signalbox clean --yes");
  return exit;
}

function list({ output }: Context, found: readonly Leftover[]): void {
  output.table(
    [{ title: "kind" }, { title: "workflow" }, { title: "what", flexible: true }, { title: "content" }],
    found.map((one) =>
      one.kind === "worktree"
        ? ["worktree", one.workflow, one.path, "preserved first"]
        : ["branch", one.workflow, one.branch, one.merged ? "merged" : "preserved first"],
    ),
  );
}
