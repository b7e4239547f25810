import fc from "fast-check";
import { expect, test } from "vitest";
import { type HistoryCommit, mergeBases } from "./merge-bases.ts";

const commit = (id: string, ...parents: string[]): HistoryCommit => ({ id, tree: `t${id}`, parents });

test("two branches from one commit have it as their merge base", () => {
  const history = [commit("b", "base"), commit("a", "base"), commit("base")];
  expect(mergeBases(history, ["a", "b"], true)?.(0, 1)).toEqual(["base"]);
});

test("a tip that is an ancestor of another one is their merge base", () => {
  const history = [commit("b", "a"), commit("a", "base"), commit("base")];
  expect(mergeBases(history, ["a", "b"], true)?.(1, 0)).toEqual(["a"]);
});

test("a crossed history has two merge bases", () => {
  const history = [
    commit("a2", "a1", "b1"),
    commit("b2", "b1", "a1"),
    commit("a1", "base"),
    commit("b1", "base"),
    commit("base"),
  ];
  expect(mergeBases(history, ["a2", "b2"], true)?.(0, 1)).toEqual(["a1", "b1"]);
});

test("tips without history in common have no merge base", () => {
  expect(mergeBases([commit("a"), commit("b")], ["a", "b"], false)?.(0, 1)).toEqual([]);
});

test("a floor that is not below every tip is refused", () => {
  const history = [commit("a", "base"), commit("b", "older"), commit("base", "older")];
  expect(mergeBases(history, ["a", "b"], true)).toBeNull();
});

test("bases are those that a search from every pair finds, in any history", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(3)), { minLength: 2, maxLength: 14 }),
      fc.array(fc.nat(), { minLength: 2, maxLength: 5 }),
      (shape, ends) => {
        // Commit n has parents among those before it; sometimes none, sometimes two.
        const commits = shape.map(([one, other, how], n) => {
          const parents = n === 0 || how === 0 ? [] : [one % n, ...(how === 3 ? [other % n] : [])];
          return commit(String(n), ...[...new Set(parents)].map(String));
        });
        const tips = ends.map((end) => String(end % commits.length));
        const bases = mergeBases(commits.toReversed(), tips, false);
        for (const [i, first] of tips.entries())
          for (const [j, second] of tips.entries())
            if (i < j) expect(new Set(bases?.(i, j))).toEqual(searched(commits, first, second));
      },
    ),
  );
});

/** Common ancestors that no other common ancestor has behind it. */
function searched(commits: readonly HistoryCommit[], first: string, second: string): ReadonlySet<string> {
  const parents = new Map(commits.map((one) => [one.id, one.parents]));
  const reached = (from: string): ReadonlySet<string> =>
    new Set([from, ...(parents.get(from) ?? []).flatMap((parent) => [...reached(parent)])]);
  const other = reached(second);
  const common = [...reached(first)].filter((id) => other.has(id));
  return new Set(common.filter((id) => !common.some((one) => one !== id && reached(one).has(id))));
}
