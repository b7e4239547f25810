import { expect, test } from "vitest";
import { type PairInput, predictionKey, splitDue } from "./due.ts";
import type { Prediction } from "./matrix.ts";

const side = (name: string) => ({ commit: `c-${name}`, tree: `t-${name}` });
const pair = (first: string, second: string, ...bases: string[]): PairInput => ({
  first: side(first),
  second: side(second),
  bases: bases.map(side),
  rules: "",
});
const FOUND: Prediction = { result: "overlaps", files: ["x"], tree: "m" };

test("only pairs with a moved tip are due again", () => {
  const before = [pair("a", "b", "base"), pair("a", "c", "base"), pair("b", "c", "base")];
  const cache = new Map(before.map((one) => [predictionKey(one), FOUND]));
  const after = [pair("a", "b", "base"), pair("a", "c2", "base"), pair("b", "c2", "base")];
  expect(splitDue(after, cache).due).toEqual(after.slice(1));
});

test("a new commit with the same content is known", () => {
  const cache = new Map([[predictionKey(pair("a", "b", "base")), FOUND]]);
  const amended = { ...pair("a", "b", "base"), first: { commit: "c-other", tree: "t-a" } };
  expect(splitDue([amended], cache).known.get(amended)).toEqual(FOUND);
});

test("with several bases the commits count, because git merges the bases first", () => {
  const crossed = pair("a", "b", "one", "two");
  const cache = new Map([[predictionKey(crossed), FOUND]]);
  const amended = { ...crossed, first: { commit: "c-other", tree: "t-a" } };
  expect(splitDue([crossed, amended], cache).due).toEqual([amended]);
});

test("other rules for merging make a pair due", () => {
  const cache = new Map([[predictionKey(pair("a", "b", "base")), FOUND]]);
  const union = { ...pair("a", "b", "base"), rules: "union" };
  expect(splitDue([union], cache).due).toEqual([union]);
});

test("a side that changed nothing, and two sides with the same content, are clean without asking", () => {
  const [ahead, same] = [pair("base", "b", "base"), pair("a", "a", "base")];
  const { known, due } = splitDue([ahead, same], new Map());
  expect(due).toEqual([]);
  expect(known.get(ahead)).toEqual({ result: "clean", tree: "t-b" });
  expect(known.get(same)).toEqual({ result: "clean", tree: "t-a" });
});
