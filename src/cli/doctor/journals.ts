/** Journals and branches that should go together and do not. */
import { readdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { livingClaims } from "../../adapters/coordinator/claim.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { countText } from "../output/units.ts";
import type { Loaded, Project } from "../project.ts";
import { FIX_HINT, type Finding } from "./finding.ts";

/** `now` in milliseconds since the epoch. */
export async function journalFindings(
  project: Project,
  { states }: Loaded,
  now: number,
): Promise<readonly Finding[]> {
  const idle = (await livingClaims(project.commonDir)).length === 0;
  const perState = await Promise.all(states.map((state) => branchFinding(project, state, idle)));
  return [
    ...perState.flat(),
    ...(await unjournalled(project)),
    ...(await folderFindings(project, now)),
    ...(await preservedFinding(project)),
  ];
}

/** A branch is where the journal left it, except while a coordinator moves it. */
async function branchFinding(
  { repository }: Project,
  state: WorkflowState,
  idle: boolean,
): Promise<readonly Finding[]> {
  const { id, head, plan } = state;
  if (head === null) return [];
  const branch = `${plan.layout.branchPrefix}/main`;
  const found = await repository.resolve(`refs/heads/${branch}`);
  if (found === head || (found !== null && (!idle || hasEnded(state)))) return [];
  if (found !== null)
    return [
      {
        level: "warn",
        subject: "branches",
        text: `${branch} stands at ${found.slice(0, 12)}, its journal left it at ${head.slice(0, 12)}`,
        why: "a coordinator was killed between the two, or somebody moved it",
        evidence: [`git log ${head.slice(0, 12)}..${found.slice(0, 12)}`],
        fix: `It is looked at, and asked where somebody moved it: signalbox resume ${id}`,
      },
    ];
  const known = (await repository.resolve(head)) !== null;
  return [
    {
      level: hasEnded(state) ? "warn" : "bad",
      subject: "branches",
      text: `${branch} is gone; its journal left it at ${head.slice(0, 12)}`,
      why: hasEnded(state) ? "the result has no branch any more" : `${id} cannot go on without it`,
      evidence: [`journal of ${id}`],
      fix: known
        ? `The commit is still there, so make the branch again: git branch ${branch} ${head}`
        : `Fetch it from where it was pushed to: git fetch origin ${branch}:${branch}`,
    },
  ];
}

/** Local integration branches of workflows that this machine knows nothing else of. */
async function unjournalled({ repository, store }: Project): Promise<readonly Finding[]> {
  const known = new Set(await store.list());
  const branches = await repository.integrationBranches();
  return branches
    .filter(({ workflow, remote }) => remote === null && !known.has(workflow))
    .map(({ workflow, branch, commit }) => ({
      level: "warn",
      subject: "journals",
      text: `${branch} has no journal here`,
      why: "it came from elsewhere, or its folder of state was removed; the branch carries the whole state",
      evidence: [`${branch} at ${commit.slice(0, 12)}`],
      fix: `Go on with it from the branch: signalbox resume ${workflow}; where nobody needs it: git branch -D ${branch}`,
    }));
}

/** Folders of state without a journal: empty ones may go, the others are told. */
async function folderFindings({ commonDir, store }: Project, now: number): Promise<readonly Finding[]> {
  const root = join(commonDir, "signalbox");
  const known = new Set(await store.list());
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const strange = entries.filter(
    (one) => one.isDirectory() && !one.name.startsWith(".") && !known.has(one.name),
  );
  const folders = await Promise.all(strange.map(({ name }) => contentOf(join(root, name))));
  const empty = folders
    .filter(({ names, changedAt }) => names.length === 0 && now - changedAt > FRESH_MS)
    .map(({ path }) => path);
  const full = folders.filter(({ names }) => names.length > 0);
  return [
    ...full.map(
      ({ path, names }): Finding => ({
        level: "warn",
        subject: "journals",
        text: `${path} has no journal`,
        why: "what happened there cannot be told any more; what it made is on branches and preserved refs",
        evidence: names,
        fix: `Look at what is in it before it goes: ls -R ${path}`,
      }),
    ),
    ...(empty.length === 0 ? [] : [emptyFolders(empty)]),
  ];
}

/** A workflow that is being made has no journal for a moment. */
const FRESH_MS = 3_600_000;

async function contentOf(
  path: string,
): Promise<{ readonly path: string; readonly names: readonly string[]; readonly changedAt: number }> {
  return { path, names: await readdir(path), changedAt: (await stat(path)).mtimeMs };
}

function emptyFolders(empty: readonly string[]): Finding {
  return {
    level: "warn",
    subject: "files",
    text: `${countText(empty.length, "empty folder")} of workflows that were never created`,
    why: "they mean nothing",
    evidence: empty,
    fix: FIX_HINT,
    repair: {
      kind: "files",
      what: `remove ${countText(empty.length, "empty folder")} of ours`,
      run: async () => {
        // Only an empty one goes: what somebody puts there meanwhile keeps it.
        for (const path of empty) await rmdir(path).catch(() => {});
        return [];
      },
    },
  };
}

async function preservedFinding({ repository }: Project): Promise<readonly Finding[]> {
  const count = (await repository.preservedWork()).length;
  return count === 0
    ? []
    : [{ level: "ok", subject: "preserved", text: `${count} kept; to list them: signalbox restore` }];
}
