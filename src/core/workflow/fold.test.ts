import { describe, expect, test } from "vitest";
import { COPYING, createFold } from "./fold.ts";

describe("a fold", () => {
  test("changes nothing that it did not make, and what it made in place", () => {
    const fold = createFold();
    const record: Readonly<Record<string, number>> = Object.freeze({ a: 1 });
    const list: readonly number[] = Object.freeze([1]);
    const state = Object.freeze({ name: "x" as string, record, list });
    const once = fold.patch(state, {
      record: fold.put(record, "b", 2),
      list: fold.replace(fold.append(list, [2]), 0, 0),
    });
    expect(once).toEqual({ name: "x", record: { a: 1, b: 2 }, list: [0, 2] });
    expect(state).toEqual({ name: "x", record: { a: 1 }, list: [1] });
    expect(fold.patch(once, { name: "y" })).toBe(once);
    expect(fold.put(once.record, "c", 3)).toBe(once.record);
    expect(fold.append(once.list, [3])).toBe(once.list);
    expect(fold.replace(once.list, 0, 9)).toBe(once.list);
  });

  test("changes nothing that another fold made", () => {
    const made = createFold().patch({ name: "x", list: [1] }, { name: "y" });
    const kept = structuredClone(made);
    const other = createFold();
    other.patch(made, { name: "z" });
    other.append(made.list, [2]);
    expect(made).toEqual(kept);
  });

  test("of a single event copies everything that it changes", () => {
    const state = Object.freeze({
      name: "x" as string,
      record: Object.freeze({ a: 1 }),
      list: Object.freeze([1, 2]),
    });
    expect(COPYING.patch(state, { name: "y" })).toEqual({ ...state, name: "y" });
    expect(COPYING.put<number>(state.record, "b", 2)).toEqual({ a: 1, b: 2 });
    expect(COPYING.append(state.list, [3])).toEqual([1, 2, 3]);
    expect(COPYING.replace(state.list, 1, 9)).toEqual([1, 9]);
  });
});
