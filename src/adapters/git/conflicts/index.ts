/**
 * The port `Conflicts` over git: overlap first, git's own merge only for pairs that meet, everything known by content.
 *
 * What is known is kept in memory, not in a file: a cold matrix costs a few processes, a process that watches keeps its own, and there
 * is nothing that could be stale or damaged.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type PairInput, predictionKey, splitDue } from "../../../core/conflicts/due.ts";
import type { Matrix, Prediction } from "../../../core/conflicts/matrix.ts";
import { touching } from "../../../core/conflicts/touching.ts";
import type { CommitId } from "../../../core/vocabulary.ts";
import type { Conflicts, Line } from "../../../ports/conflicts.ts";
import type { RepositoryContext } from "../context.ts";
import { discover, type OpenOptions } from "../discover.ts";
import type { Git } from "../git.ts";
import {
  type AttributeFiles,
  readAttributeFiles,
  readChanges,
  type TreeChanges,
  type TreePair,
  treePairKey,
} from "./changes.ts";
import { groupBy } from "./group-by.ts";
import { type History, readHistory } from "./history.ts";
import { conflictFiles } from "./kinds.ts";
import { type MergeAnswer, mergeTrees } from "./merge-trees.ts";
import { inQuarantine } from "./quarantine.ts";
import { gitUnderRules, inForce, rulesKey } from "./rules.ts";
import { readLines, type Stand } from "./snapshots.ts";

/** Everything that the next matrix may use again. */
interface Known {
  readonly floor: CommitId | null;
  readonly predictions: ReadonlyMap<string, Prediction>;
  readonly changes: ReadonlyMap<string, TreeChanges>;
  readonly attributes: ReadonlyMap<string, AttributeFiles>;
}

const NOTHING: Known = { floor: null, predictions: new Map(), changes: new Map(), attributes: new Map() };

/** A pair on its way to its prediction. */
interface Work extends PairInput {
  readonly names: { readonly first: string; readonly second: string };
  readonly one: TreeChanges;
  readonly other: TreeChanges;
  readonly attributes: AttributeFiles;
}

/** Opens the repository around `cwd` for comparing lines of work. Errors: see `discover`. */
export async function openConflicts(cwd: string, options: OpenOptions = {}): Promise<Conflicts> {
  return conflictsOf(await discover(cwd, options));
}

function conflictsOf(context: RepositoryContext): Conflicts {
  let known = NOTHING;
  let settings = "";
  let turn: Promise<unknown> = Promise.resolve();
  const compute = async (lines: readonly Line[]): Promise<Matrix> => {
    const seen = settingsOf(context.commonDir);
    const found = await inQuarantine(context.git, context.commonDir, (git, folder) =>
      computeMatrix({ context, git, folder, known: seen === settings ? known : NOTHING }, lines),
    );
    [known, settings] = [found.known, seen];
    return found.matrix;
  };
  return {
    matrix: (lines) => {
      const next = turn.then(() => compute(lines));
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

/** Changes with whatever of the repository's own settings a merge may follow from. */
function settingsOf(commonDir: string): string {
  return ["config", "info/attributes"]
    .map((file) => {
      const stats = statSync(join(commonDir, file), { throwIfNoEntry: false });
      return stats === undefined ? "-" : `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
    })
    .join(" ");
}

interface Pass {
  readonly context: RepositoryContext;
  readonly git: Git;
  /** Removed when the pass is over. */
  readonly folder: string;
  readonly known: Known;
}

async function computeMatrix(
  pass: Pass,
  lines: readonly Line[],
): Promise<{ readonly matrix: Matrix; readonly known: Known }> {
  const stands = await readLines(pass.context, pass.git, pass.folder, lines);
  const tips = stands.map(({ tip }) => tip);
  if (stands.length < 2) return { matrix: { tips, pairs: [] }, known: pass.known };
  const commits = stands.map(({ commit }) => commit);
  const history = await readHistory(pass.git, commits, pass.known.floor);
  const { works, changes, attributes } = await prepare(pass, stands, history);
  const predictions = await predict(pass, works);
  return {
    matrix: {
      tips,
      pairs: works.map((work) => ({
        ...work.names,
        prediction: predictions.get(work) ?? { result: "unrelated" },
      })),
    },
    known: {
      floor: history.floor,
      changes,
      attributes,
      predictions: new Map([...predictions].map(([work, found]) => [predictionKey(work), found])),
    },
  };
}

interface Prepared {
  readonly works: readonly Work[];
  readonly changes: ReadonlyMap<string, TreeChanges>;
  readonly attributes: ReadonlyMap<string, AttributeFiles>;
}

/** All pairs with their bases, what both sides changed since, and the rules of the first. */
async function prepare(pass: Pass, stands: readonly Stand[], history: History): Promise<Prepared> {
  const pairs = stands.flatMap((first, at) =>
    stands.slice(at + 1).map((second, after) => ({
      first,
      second,
      bases: history.bases(at, at + 1 + after).map((commit) => ({ commit, tree: history.treeOf(commit) })),
    })),
  );
  const wanted = new Map<string, TreePair>();
  for (const { first, second, bases } of pairs) {
    const [base] = bases;
    if (base === undefined) continue;
    for (const { tip } of [first, second]) {
      const pair = { from: base.tree, to: tip.tree };
      wanted.set(treePairKey(pair), pair);
    }
  }
  const trees = [...new Set([...wanted.values()].map(({ from }) => from))];
  const [changes, attributes] = await Promise.all([
    reuse(pass.known.changes, [...wanted.keys()], (keys) =>
      readChanges(
        pass.git,
        keys.flatMap((key) => wanted.get(key) ?? []),
      ),
    ),
    reuse(pass.known.attributes, trees, (missing) => readAttributeFiles(pass.git, missing)),
  ]);
  const works = pairs.map(({ first, second, bases }): Work => {
    const from = bases[0]?.tree ?? "";
    const one = changes.get(treePairKey({ from, to: first.tip.tree })) ?? UNCHANGED;
    const other = changes.get(treePairKey({ from, to: second.tip.tree })) ?? UNCHANGED;
    const files = inForce(attributes.get(from) ?? new Map(), one.attributes);
    return {
      names: { first: first.tip.name, second: second.tip.name },
      first: { commit: first.commit, tree: first.tip.tree },
      second: { commit: second.commit, tree: second.tip.tree },
      bases,
      one,
      other,
      attributes: files,
      rules: rulesKey(files),
    };
  });
  return { works, changes, attributes };
}

const UNCHANGED: TreeChanges = {
  changes: { paths: new Set(), added: [], folders: new Set(), goneFolders: new Set() },
  attributes: new Map(),
};

/** What is known of the keys, and the rest from `read`; nothing else is kept. */
async function reuse<T>(
  known: ReadonlyMap<string, T>,
  keys: readonly string[],
  read: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, T>> {
  const found = await read(keys.filter((key) => !known.has(key)));
  return new Map(
    keys.flatMap((key) => {
      const value = known.get(key) ?? found.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

async function predict(pass: Pass, works: readonly Work[]): Promise<ReadonlyMap<Work, Prediction>> {
  const { known, due } = splitDue(works, pass.known.predictions);
  const predictions = new Map(known);
  const met = new Map<Work, readonly string[]>();
  for (const work of due) {
    const files = touching(work.one.changes, work.other.changes);
    // Where the history crosses, git first merges the bases, and what comes out of that may meet anywhere.
    if (files.length === 0 && work.bases.length === 1) predictions.set(work, { result: "clean", tree: null });
    else met.set(work, files);
  }
  for (const group of groupBy([...met.keys()], (work) => work.rules).values()) {
    const attributes = group[0]?.attributes ?? new Map();
    const git = await gitUnderRules(pass.git, pass.context.commonDir, attributes, pass.folder);
    const answers = await mergeTrees(
      git,
      group.map(({ first, second }) => ({ first: first.commit, second: second.commit })),
    );
    for (const [index, work] of group.entries()) {
      const answer = answers[index];
      if (answer !== undefined) predictions.set(work, predictionOf(answer, met.get(work) ?? []));
    }
  }
  return predictions;
}

function predictionOf(answer: MergeAnswer, met: readonly string[]): Prediction {
  if (!answer.clean) return { result: "conflicts", files: conflictFiles(answer.stages, answer.messages) };
  const { tree } = answer;
  if (met.length === 0) return { result: "clean", tree };
  return {
    result: "overlaps",
    files: met.map((path) => Buffer.from(path, "latin1").toString("utf8")),
    tree,
  };
}
