/** Worktrees: of nobody known, gone, left in the middle of an operation, or no longer needed. */
import { basename, dirname, relative } from "node:path";
import { isStanding, type RecordedPlace, recordedPlaces } from "../../adapters/git/recorded-worktrees.ts";
import { attemptOf, isAtEnd } from "../../core/view/attempts.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { countText } from "../output/units.ts";
import { settingsAt } from "../planning/settings.ts";
import { type Loaded, type Project, repositoryOf } from "../project.ts";
import { FIX_HINT, type Finding } from "./finding.ts";

/** Folders that hold worktrees: as the settings say, and as workflows were planned with. */
export async function placesOf(
  { io }: Context,
  project: Project,
  { states }: Loaded,
): Promise<readonly string[]> {
  const { openRepository } = await import("../../adapters/git/index.ts");
  const { commit } = await project.repository.head();
  const layouts = states.map(({ plan }) => plan.layout.worktrees);
  if (commit !== null)
    layouts.push((await settingsAt(project.repository, commit, io, {})).settings.layout.worktrees);
  const repositories = [...new Set(layouts)].map((worktrees) =>
    openRepository(project.repository.root, { env: io.env, worktrees }),
  );
  return (await Promise.all(repositories)).map((one) => dirname(one.worktreePath("x")));
}

export async function worktreeFindings(
  context: Context,
  project: Project,
  loaded: Loaded,
  folders: readonly string[],
): Promise<readonly Finding[]> {
  // In this order: whatever is recorded by now has had its journal before.
  const places = await recordedPlaces(project.commonDir);
  const known = new Set(await project.store.list());
  const [orphans, ours] = split(places, ({ workflow }) => !known.has(workflow));
  return [
    ...(await strangerFindings(project, folders, known, orphans)),
    ...orphanFindings(project, orphans),
    ...(await goneFindings(context, loaded.states, ours)),
  ];
}

/** Below our folders without a record of ours: nothing of ours says what they are, so nobody here removes them. */
async function strangerFindings(
  { repository }: Project,
  folders: readonly string[],
  known: ReadonlySet<string>,
  orphans: readonly RecordedPlace[],
): Promise<readonly Finding[]> {
  const inside = (await repository.worktrees()).flatMap(({ path }) => {
    const folder = folders.find((it) => path.startsWith(`${it}/`));
    return folder === undefined || path === repository.root ? [] : [{ path, inside: relative(folder, path) }];
  });
  const strangers = inside.filter(
    (one) =>
      !one.inside.split("/").some((part) => known.has(part)) &&
      !orphans.some(({ path }) => path === one.path),
  );
  const [first] = strangers;
  if (first === undefined)
    return [{ level: "ok", subject: "worktrees", text: countText(inside.length, "worktree") }];
  return [
    {
      level: "warn",
      subject: "worktrees",
      text: `${countText(strangers.length, "worktree")} of no workflow known here, such as ${first.path}`,
      why: "no record of ours names it, so signalbox does not touch it",
      evidence: strangers.map(({ path }) => path),
      fix: `Look at it, then remove it: git worktree remove ${shellWord(first.path)}`,
    },
  ];
}

/** Our record names the workflow, and its journal is gone: nobody can go on with them. */
function orphanFindings(project: Project, orphans: readonly RecordedPlace[]): readonly Finding[] {
  if (orphans.length === 0) return [];
  const count = countText(orphans.length, "worktree");
  return [
    {
      level: "warn",
      subject: "worktrees",
      text: `${count} of workflows whose journal is gone`,
      why: "nobody can go on with them; what no ref holds is preserved before they go",
      evidence: orphans.map(({ workflow, path }) => `${workflow}: ${path}`),
      fix: FIX_HINT,
      repair: {
        kind: "worktrees",
        what: `preserve and remove ${count} of workflows whose journal is gone`,
        run: () => removeAll(project, orphans),
      },
    },
  ];
}

/** Folders that somebody deleted, while git still knows them. */
async function goneFindings(
  { io }: Context,
  states: readonly WorkflowState[],
  places: readonly RecordedPlace[],
): Promise<readonly Finding[]> {
  const standing = await Promise.all(places.map(isStanding));
  const gone = places.filter((_, index) => !standing[index]);
  const findings: Finding[] = [];
  for (const state of states) {
    const own = gone.filter(({ workflow }) => workflow === state.id);
    const [over, needed] = split(own, (place) => isSpare(place) || isOver(state, place.branch));
    if (over.length > 0) findings.push(goneOver(await repositoryOf(io, state), state, over));
    findings.push(...needed.map((place) => goneNeeded(state, place)));
  }
  return findings;
}

/** Another attempt can do without it. */
function isSpare({ path }: RecordedPlace): boolean {
  return basename(path).startsWith("spare-");
}

function isOver(state: WorkflowState, branch: string | null): boolean {
  const attempt = branch === null ? null : attemptOf(state, branch);
  return attempt === null ? hasEnded(state) : isAtEnd(attempt.standing);
}

function goneOver(
  repository: Project["repository"],
  { id }: WorkflowState,
  over: readonly RecordedPlace[],
): Finding {
  return {
    level: "warn",
    subject: "worktrees",
    text: `git still lists ${countText(over.length, "worktree")} of ${id} whose folder is gone`,
    why: "their branches cannot be removed while they are listed",
    evidence: over.map(({ path }) => path),
    fix: FIX_HINT,
    repair: {
      kind: "worktrees",
      what: `take ${countText(over.length, "worktree")} of ${id} off git's list, whose folder is gone; their commits stay`,
      run: async () => {
        const kept: string[] = [];
        for (const { workflow, path } of over) {
          const { preserved } = await repository.removeWorktree(workflow, path);
          if (preserved !== null) kept.push(preserved);
        }
        return kept;
      },
    },
  };
}

function goneNeeded({ id }: WorkflowState, { path, branch }: RecordedPlace): Finding {
  return {
    level: "warn",
    subject: "worktrees",
    text: `the folder of ${branch ?? path} is gone, and ${id} still needs it`,
    why: "what was not committed there is lost; the branch is not",
    evidence: [path],
    fix: `It is made again from its branch: signalbox resume ${id}`,
  };
}

/** Looks first, as `clean` does: a locked one stays, and so does one whose workflow is known again. */
async function removeAll(
  { repository, store }: Project,
  places: readonly RecordedPlace[],
): Promise<readonly string[]> {
  const kept: (string | null)[] = [];
  for (const { workflow, path, branch } of places) {
    if ((await store.list()).includes(workflow)) continue;
    await repository.forecastRemoval(workflow, { path, branch });
    kept.push((await repository.removeWorktree(workflow, path)).preserved);
    const tip = branch === null ? null : await repository.resolve(`refs/heads/${branch}`);
    if (branch !== null && tip !== null) kept.push((await repository.deleteBranch(branch, tip)).preserved);
  }
  return kept.filter((ref) => ref !== null);
}

function split<T>(items: readonly T[], belongs: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
