/** A repository whose branches a seed decides: small changes of every kind, stacked branches, crossed history, strangers. */

import { TEST_ENV } from "../../src/adapters/git/testing/temp-repository.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { type Random, seeded } from "../chaos/random.ts";
import { anyEdit, type File, pick, start, type Tree } from "./edits.ts";

export interface Family {
  readonly branches: readonly string[];
}

interface Commit {
  readonly mark: number;
  readonly parents: readonly Commit[];
  readonly tree: Tree;
}

/** Writes `count` branches `b0`, `b1`, … into the repository at `root`, which must be empty. */
export async function makeFamily(root: string, seed: number, count: number): Promise<Family> {
  const random = seeded(seed);
  const first: Commit = { mark: 1, parents: [], tree: start(random) };
  const second: Commit = { mark: 2, parents: [first], tree: edited(first.tree, random, 1) };
  const tips: Commit[] = [];
  for (let at = 0; at < count; at += 1) tips.push(nextCommit(at + 3, first, second, tips, random));
  const stream = [first, second, ...tips].map((commit, at) => render(commit, at < 2 ? "main" : `b${at - 2}`));
  const result = await runProgram("git", ["fast-import", "--quiet", "--force"], {
    cwd: root,
    env: TEST_ENV,
    input: Buffer.from(stream.join(""), "latin1"),
  });
  if (result.code !== 0) throw new Error(`git fast-import (seed ${seed}): ${result.stderr}`);
  return { branches: tips.map((_, at) => `b${at}`) };
}

function nextCommit(
  mark: number,
  first: Commit,
  second: Commit,
  tips: readonly Commit[],
  random: Random,
): Commit {
  const dice = random();
  const edits = 1 + Math.floor(random() * 4);
  if (dice < 0.02) return { mark, parents: [], tree: edited(start(random), random, edits) };
  const base = dice < 0.12 ? second : dice < 0.2 && tips.length > 0 ? pick(tips, random) : first;
  if (dice < 0.28 || tips.length < 2 || dice > 0.36)
    return { mark, parents: [base], tree: edited(base.tree, random, dice > 0.97 ? 0 : edits) };
  const [one, other] = [pick(tips, random), pick(tips, random)];
  if (one === other) return { mark, parents: [one], tree: edited(one.tree, random, edits) };
  // What a merge made of them is anybody's guess, which is what merge bases have to live with.
  return { mark, parents: [one, other], tree: edited(random() < 0.5 ? one.tree : other.tree, random, edits) };
}

function edited(tree: Tree, random: Random, edits: number): Tree {
  const next: Tree = new Map(tree);
  for (let at = 0; at < edits; at += 1) anyEdit(random)(next, random);
  return next;
}

function render({ mark, parents, tree }: Commit, branch: string): string {
  const [from, merge] = parents;
  return [
    // A branch without a parent must not go on from an earlier commit of the same name.
    from === undefined ? `reset refs/heads/${branch}\n` : "",
    `commit refs/heads/${branch}\nmark :${mark}\n`,
    `committer Ada <ada@example.org> ${1_700_000_000 + mark} +0000\ndata 1\nx\n`,
    from === undefined ? "" : `from :${from.mark}\n`,
    merge === undefined ? "" : `merge :${merge.mark}\n`,
    "deleteall\n",
    ...[...tree].map(([path, file]) => renderFile(path, file)),
    "\n",
  ].join("");
}

function renderFile(path: string, { mode, content }: File): string {
  const name = Buffer.from(path, "utf8").toString("latin1");
  if (mode === "160000") return `M ${mode} ${content} ${name}\n`;
  return `M ${mode} inline ${name}\ndata ${content.length}\n${content}\n`;
}
