/** What may not be wrong after a run, looked at from outside: in the repository, in the documents of every commit, among the processes. */
import { isDeepStrictEqual } from "node:util";
import { markedPids, processTable } from "../../src/adapters/process/table.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { checkDocuments } from "../../src/documents/check.ts";
import { lintDocuments } from "../../src/documents/lint/lint.ts";
import type { RenderedFile } from "../../src/documents/renderer.ts";
import { parseStateDocument } from "../../src/documents/state/parse-state.ts";
import type { Run } from "./drive.ts";
import { type Place, renderer } from "./place.ts";
import { readBlobs } from "./read-blobs.ts";

/** Sentences that say what is wrong; empty where nothing is. */
export async function inspect(place: Place, run: Run): Promise<readonly string[]> {
  const parts = await Promise.all([
    journalProblems(place, run),
    mergeProblems(place, run),
    documentProblems(place, run.state),
    leftovers(place, run.state),
    checkoutProblems(place),
  ]);
  return [...parts.flat(), ...place.narrated.map((line) => `narrated: ${line}`)];
}

/** The journal alone gives the state that the engine ended with (P8). */
async function journalProblems({ dependencies, plan }: Place, { state }: Run): Promise<readonly string[]> {
  const again = replay(await dependencies.store.load(plan.workflow.id));
  return isDeepStrictEqual(again, state) ? [] : ["the replayed journal gives another state"];
}

/** Every merge takes exactly a commit that was approved, and a deliverable is merged at most once in an epoch (P2, P4). */
async function mergeProblems({ scratch, plan }: Place, { events }: Run): Promise<readonly string[]> {
  const approved = new Set(
    events.flatMap((e) => (e.type === "deliverable.approved" ? [`${e.subject} ${e.approval.commit}`] : [])),
  );
  const log = await scratch.git(
    "log",
    "--merges",
    "--first-parent",
    "--format=%P%x09%(trailers:key=Signalbox-Slot,valueonly)%x09%(trailers:key=Signalbox-Effect,valueonly)",
    "-z",
    `${plan.layout.branchPrefix}/main`,
  );
  const merges = log
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.split("\t").map((part) => part.trim()));
  const unapproved = merges.flatMap(([parents = "", slot = ""]) => {
    const commit = parents.split(" ")[1] ?? "";
    return approved.has(`${slot} ${commit}`) ? [] : [`${slot}: merged ${commit} without approval`];
  });
  const merged = events.flatMap((e, index) =>
    e.type === "deliverable.merged" ? [`${e.subject} in epoch ${epochAt(events, index)}`] : [],
  );
  const twice = merged
    .filter((one, index) => merged.indexOf(one) !== index)
    .map((one) => `merged twice: ${one}`);
  const effects = merges.map(([, , effect = ""]) => effect);
  const again = effects
    .filter((one, index) => effects.indexOf(one) !== index)
    .map((one) => `two merge commits of ${one}`);
  const lost =
    merged.length < merges.length ? [`${merges.length} merge commits, ${merged.length} in the journal`] : [];
  return [...unapproved, ...twice, ...again, ...lost];
}

function epochAt(events: readonly WorkflowEvent[], index: number): number {
  const rewound = events.slice(0, index).findLast((e) => e.type === "workflow.rewound");
  return rewound?.type === "workflow.rewound" ? rewound.epoch : 1;
}

/** Documents of every commit that changed the state: no lint defect, rendered from what they say, a fixed point. */
async function documentProblems(place: Place, end: WorkflowState): Promise<readonly string[]> {
  const { layout } = place.plan;
  const range = ["--first-parent", "--reverse", "--format=%H %s", `${layout.branchPrefix}/main`];
  const log = await place.scratch.git("log", ...range, "--", layout.stateFile);
  const commits = log.split("\n").map((line) => ({ id: line.slice(0, 40), subject: line.slice(41) }));
  const names = commits.map(({ id }) => `${id}:${layout.stateFile}`);
  const states = await readBlobs(place.scratch, names);
  const rendered = commits.map(({ id, subject }) => {
    const parsed = parseStateDocument(states.get(`${id}:${layout.stateFile}`) ?? "");
    return { id, subject, parsed, files: parsed.ok ? renderer.render(parsed.state) : [] };
  });
  const all = rendered.flatMap(({ id, files }) => files.map(({ path }) => `${id}:${path}`));
  const blobs = await readBlobs(place.scratch, all);
  const problems = rendered.flatMap(({ id, subject, parsed, files }) => {
    const committed = new Map(files.flatMap(({ path }) => entry(path, blobs.get(`${id}:${path}`))));
    const found = parsed.ok ? commitProblems(files, committed) : parsed.errors;
    return found.map((problem) => `commit "${subject}": ${problem}`);
  });
  return [...problems, ...driftProblems(end)];
}

function entry(path: string, content: string | undefined): readonly (readonly [string, string])[] {
  return content === undefined ? [] : [[path, content]];
}

/**
 * What is committed is the rendering of what is committed in the state file: nothing was typed by hand, and
 * `render(parse(render(s))) = render(s)`.
 */
function commitProblems(
  rendered: readonly RenderedFile[],
  committed: ReadonlyMap<string, string>,
): readonly string[] {
  const files = [...committed].map(([path, content]) => ({ path, content }));
  return [
    ...rendered
      .filter(({ path, content }) => committed.get(path) !== content)
      .map(({ path }) => `${path} is not what its state renders`),
    ...lintDocuments(files).map((d) => `${d.file}:${d.line} ${d.rule}: ${d.message}`),
  ];
}

/** One changed byte anywhere in any document is found. */
function driftProblems(end: WorkflowState): readonly string[] {
  const files = renderer.render(end);
  return files.flatMap(({ path, content }) => {
    const at = Math.floor(content.length / 2);
    const other = content.charAt(at) === "x" ? "y" : "x";
    const changed = `${content.slice(0, at)}${other}${content.slice(at + 1)}`;
    const found = checkDocuments(
      renderer,
      end,
      contentsOf(files.map((f) => (f.path === path ? { path, content: changed } : f))),
    );
    return found.length === 1 && found[0]?.path === path ? [] : [`a changed byte in ${path} is not found`];
  });
}

function contentsOf(files: readonly RenderedFile[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, content }) => [path, content]));
}

/** No session, process or worktree of a session is left; branches of attempts only where work was not merged. */
async function leftovers(place: Place, state: WorkflowState): Promise<readonly string[]> {
  const { repository, host } = place.dependencies;
  const running = (await host.running()).map(({ id }) => `session ${id} still runs`);
  const pids = [...markedPids(processTable(), place.marker)].map((pid) => `process ${pid} is left`);
  const ours = (await repository.worktrees()).filter(
    (w) => w.path !== repository.root && !w.path.endsWith("/integration"),
  );
  const worktrees = ours.filter((w) => !mayStay(state, w.branch)).map((w) => `worktree ${w.path} is left`);
  return [...running, ...pids, ...worktrees];
}

/** A cancelled workflow keeps what was not merged, for whoever looks into it. */
function mayStay(state: WorkflowState, branch: string | null): boolean {
  return state.status === "CANCELLED" && branch !== null;
}

/** The user's checkout, branch and target are as they were (P6). */
async function checkoutProblems({ scratch, plan }: Place): Promise<readonly string[]> {
  const status = await scratch.git("status", "--porcelain");
  const head = await scratch.git("rev-parse", "HEAD", "trunk");
  const branches = (await scratch.git("for-each-ref", "--format=%(refname:short)", "refs/heads")).split("\n");
  const foreign = branches.filter((b) => b !== "trunk" && !b.startsWith(`${plan.layout.branchPrefix}/`));
  return [
    ...(status === "" ? [] : [`the checkout changed: ${status}`]),
    ...(head.split("\n").every((commit) => commit === plan.base.commit) ? [] : ["the user's branch moved"]),
    ...foreign.map((b) => `branch ${b} appeared`),
  ];
}
