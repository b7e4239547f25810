/** Predictions of a generated repository against what `git merge` does, pair by pair. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openConflicts } from "../../src/adapters/git/conflicts/index.ts";
import { plainGit, TEST_ENV } from "../../src/adapters/git/testing/temp-repository.ts";
import type { Pair } from "../../src/core/conflicts/matrix.ts";
import { makeFamily } from "./family.ts";
import { contentOf, type Listing, type RealMerge, realMerges } from "./real-merges.ts";

export interface Comparison {
  readonly pairs: number;
  /** How many pairs ended in which way, and conflicts of which kind. */
  readonly seen: Readonly<Record<string, number>>;
  /** What was predicted wrongly, in words. */
  readonly wrong: readonly string[];
}

/** Makes the family of a seed, predicts, merges, compares. */
export async function compareFamily(seed: number, branches: number): Promise<Comparison> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "signalbox-family-")));
  try {
    const root = join(folder, "project");
    await plainGit(["init", "-q", "-b", "main", root], folder);
    for (const [key, value] of [
      ["user.name", "Ada"],
      ["user.email", "ada@example.org"],
      ["gc.auto", "0"],
      ["advice.detachedHead", "false"],
    ] as const)
      await plainGit(["config", key, value], root);
    const { branches: names } = await makeFamily(root, seed, branches);
    const checkout = join(folder, "checkout");
    await plainGit(["worktree", "add", "-q", "--detach", checkout, "main"], root);
    await plainGit(["reset", "-q", "--hard"], root);
    const conflicts = await openConflicts(root, { env: TEST_ENV });
    const matrix = await conflicts.matrix(names.map((name) => ({ name, revision: name })));
    const commits = new Map(matrix.tips.map(({ name, commit }) => [name, commit]));
    const real = await realMerges(
      checkout,
      join(folder, "out"),
      matrix.pairs.map(({ first, second }) => [commits.get(first) ?? "", commits.get(second) ?? ""]),
    );
    const ids = [...commits.values(), ...real.flatMap((merge) => (merge.clean ? [merge.base] : []))];
    const contents = new Map<string, Listing>();
    for (const id of new Set(ids)) contents.set(id, await contentOf(root, id));
    const sides = ({ first, second }: Pair, base: string): readonly Listing[] =>
      [base, commits.get(first), commits.get(second)].map((id) => contents.get(id ?? "") ?? new Map());
    return judge(seed, matrix.pairs, real, sides);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Content of base, first and second. */
type SidesOf = (pair: Pair, base: string) => readonly Listing[];

function judge(
  seed: number,
  pairs: readonly Pair[],
  real: readonly RealMerge[],
  sidesOf: SidesOf,
): Comparison {
  const seen: Record<string, number> = {};
  const count = (word: string): void => {
    seen[word] = (seen[word] ?? 0) + 1;
  };
  const wrong: string[] = [];
  if (real.length !== pairs.length)
    wrong.push(`seed ${seed}: ${real.length} of ${pairs.length} pairs merged`);
  for (const [index, pair] of pairs.entries()) {
    const { first, second, prediction } = pair;
    const merged = real[index];
    count(prediction.result);
    if (prediction.result === "clean" && prediction.tree === null) count("clean without asking git");
    if (prediction.result === "conflicts")
      for (const kind of new Set(prediction.files.map((file) => file.kind))) count(`  ${kind}`);
    const fault = merged === undefined ? "not merged" : faultOf(pair, merged, sidesOf);
    if (fault !== null) wrong.push(`seed ${seed}: ${second} into ${first}: ${fault}`);
  }
  return { pairs: pairs.length, seen, wrong };
}

function faultOf(pair: Pair, real: RealMerge, sidesOf: SidesOf): string | null {
  const { prediction } = pair;
  if (!real.clean) {
    if (real.unrelated)
      return prediction.result === "unrelated" ? null : `${prediction.result}, but unrelated`;
    if (prediction.result !== "conflicts") return `${prediction.result}, but conflicts in ${real.files}`;
    const files = prediction.files.map((file) => file.path).toSorted();
    const missing = real.files.filter((file) => !files.includes(file));
    const invented = files.filter((file) => !real.files.includes(file) && !real.said.includes(file));
    if (missing.length + invented.length === 0) return null;
    return `conflicts in ${files}, but in ${real.files}`;
  }
  if (prediction.result === "conflicts" || prediction.result === "unrelated")
    return `${prediction.result}, but clean`;
  if (prediction.tree !== null)
    return prediction.tree === real.tree ? null : `tree ${prediction.tree}, but ${real.tree}`;
  return sameListing(bothTogether(sidesOf(pair, real.base)), real.content)
    ? null
    : "both sides together, but another tree";
}

/** What every side changed, from the base. */
function bothTogether([
  base = new Map(),
  first = new Map(),
  second = new Map(),
]: readonly Listing[]): Listing {
  const paths = new Set([...first.keys(), ...second.keys()]);
  const entries = [...paths].flatMap((path) => {
    const found = first.get(path) === base.get(path) ? second.get(path) : first.get(path);
    return found === undefined ? [] : [[path, found] as const];
  });
  return new Map(entries);
}

function sameListing(one: Listing, other: Listing): boolean {
  return one.size === other.size && [...one].every(([path, entry]) => other.get(path) === entry);
}
