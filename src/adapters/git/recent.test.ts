import { describe, expect, test } from "vitest";
import { createRecent } from "./recent.ts";

function counting() {
  const asked: string[] = [];
  const ask = (answer: string) => () => {
    asked.push(answer);
    return Promise.resolve(answer);
  };
  return { asked, ask };
}

describe("recent answers", () => {
  test("are asked for once, also when they are wanted twice at the same time", async () => {
    const { asked, ask } = counting();
    const recent = createRecent<string>(4, 100, (text) => text.length);
    const answers = await Promise.all([recent.get("a", ask("one")), recent.get("a", ask("two"))]);
    expect([...answers, await recent.get("a", ask("three"))]).toEqual(["one", "one", "one"]);
    expect(asked).toEqual(["one"]);
  });

  test("that failed are asked for again", async () => {
    const recent = createRecent<string>(4, 100, (text) => text.length);
    await expect(recent.get("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await recent.get("a", () => Promise.resolve("yes"))).toBe("yes");
  });

  test("leave in the order of their last use when there are too many", async () => {
    const { asked, ask } = counting();
    const recent = createRecent<string>(2, 100, (text) => text.length);
    for (const key of ["a", "b", "a", "c", "a", "b"]) await recent.get(key, ask(key));
    expect(asked).toEqual(["a", "b", "c", "b"]);
  });

  test("leave when they take too much room, one that is too large by itself as well", async () => {
    const { asked, ask } = counting();
    const recent = createRecent<string>(10, 5, (text) => text.length);
    for (const key of ["aaa", "bbb", "bbb", "aaa", "eight888", "eight888"]) await recent.get(key, ask(key));
    expect(asked).toEqual(["aaa", "bbb", "aaa", "eight888", "eight888"]);
  });
});
