/** The part of the history that decides merge bases: one walk for all tips. */
import { type HistoryCommit, type MergeBases, mergeBases } from "../../../core/conflicts/merge-bases.ts";
import type { CommitId } from "../../../core/vocabulary.ts";
import type { Git } from "../git.ts";
import { resolveAll } from "../reads.ts";

export interface History {
  readonly bases: MergeBases;
  readonly treeOf: (commit: CommitId) => string;
  /** A common ancestor of all tips, to be tried first the next time; null where there is none. */
  readonly floor: CommitId | null;
}

/** `floor` is a guess; what turns out wrong costs one question more. */
export async function readHistory(
  git: Git,
  tips: readonly CommitId[],
  floor: CommitId | null,
): Promise<History> {
  // It may be gone altogether, after branches were rewritten.
  const guessed = floor === null ? null : await walk(git, tips, floor).catch(() => null);
  if (guessed !== null) return guessed;
  const common = await commonAncestor(git, tips);
  const found = await walk(git, tips, common);
  if (found === null) throw new Error(`${common} is no common ancestor of ${tips.join(" ")}`);
  return found;
}

/** One best common ancestor of all; null where they share none. */
async function commonAncestor(git: Git, tips: readonly CommitId[]): Promise<CommitId | null> {
  const result = await git.run(["merge-base", "--octopus", ...tips], { accept: [1] });
  return result.code === 0 ? (result.stdout.toString("utf8").split("\n")[0] ?? null) : null;
}

/** Null where `floor` is no ancestor of a tip. */
async function walk(git: Git, tips: readonly CommitId[], floor: CommitId | null): Promise<History | null> {
  const args = ["rev-list", "--topo-order", "--no-commit-header", "--format=%H %T %P", "--stdin"];
  const ends = floor === null ? tips : [...tips, `^${floor}`];
  const [text, lowest] = await Promise.all([
    git.text(args, { input: `${ends.join("\n")}\n` }),
    floor === null ? [] : resolveAll(git, [`${floor}^{tree}`]),
  ]);
  const commits = text.split("\n").flatMap(parseCommit);
  const [tree] = lowest;
  if (floor !== null) {
    if (tree === undefined || tree === null) return null;
    commits.push({ id: floor, tree, parents: [] });
  }
  const bases = mergeBases(commits, tips, floor !== null);
  if (bases === null) return null;
  const trees = new Map(commits.map(({ id, tree: content }) => [id, content]));
  return { bases, floor, treeOf: (commit) => trees.get(commit) ?? "" };
}

function parseCommit(line: string): readonly HistoryCommit[] {
  const [id, tree, ...parents] = line.trimEnd().split(" ");
  return id === undefined || tree === undefined ? [] : [{ id, tree, parents }];
}
