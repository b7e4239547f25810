import { describe, expect, it } from "vitest";
import type { CheckResult } from "../workflow/outcome.ts";
import { againstBaseText, comparedWithBase, givesNoVerdict, isHeldAgainst } from "./against-base.ts";
import { failuresIn, MOST_LINES } from "./failures.ts";

describe("failures in an output", () => {
  it.each<[string, string, readonly string[], number | null]>([
    [
      "node's own runner",
      "✔ adds (0.4ms)\n▶ dates\n  ✖ parses (1.92ms)\n✖ dates (2ms)\nℹ tests 3\nℹ fail 1\n\n✖ failing tests:\n\ntest at a.test.js:3:1\n✖ parses (1.92ms)\n",
      ["dates", "parses"],
      1,
    ],
    [
      "TAP",
      "TAP version 13\n    not ok 2 - parses # time=3ms\nnot ok 1 - dates\n# fail 2\n",
      ["dates", "parses"],
      2,
    ],
    [
      "vitest",
      " FAIL  src/a.test.ts > dates > parses\nAssertionError: x\n Tests  1 failed | 3 passed (4)\n",
      ["src/a.test.ts > dates > parses"],
      1,
    ],
    [
      "jest",
      "FAIL src/a.test.js\n  ● dates › parses\n    ✕ parses (5 ms)\nTests:       1 failed, 2 passed\n",
      ["dates › parses", "parses", "src/a.test.js"],
      1,
    ],
    [
      "pytest",
      "FAILED tests/test_a.py::test_x - assert 1 == 2\nERROR tests/test_b.py::test_y\n=== 2 failed, 3 passed in 0.12s ===\n",
      ["tests/test_a.py::test_x", "tests/test_b.py::test_y"],
      2,
    ],
    ["go", "--- FAIL: TestX (0.00s)\nFAIL\texample.org/x\t0.012s\n", ["TestX", "example.org/x"], 2],
    ["cargo", "test a::b ... FAILED\ntest result: FAILED. 1 passed; 1 failed; 0 ignored\n", ["a::b"], 1],
    [
      "mocha",
      "  1 passing (5ms)\n  2 failing\n\n  1) dates parses:\n  2) dates prints:\n",
      ["dates parses:", "dates prints:"],
      2,
    ],
    [
      "tsc",
      "src/a.ts(3,5): error TS2322: Type 'x'.\nsrc/b.ts:10:2 - error TS1005: ';'.\nFound 2 errors.\n",
      ["src/a.ts: error TS2322: Type 'x'.", "src/b.ts - error TS1005: ';'."],
      2,
    ],
    ["anything else", "it is broken\n", [], null],
  ])("of %s", (_, output, lines, count) => {
    expect(failuresIn(output)).toEqual({ lines: lines.toSorted(), count });
  });

  it("are the same in two runs of the same code, whatever they print beside it", () => {
    const run = (ms: number, line: number, at: string): string =>
      `${at} start\n✖ parses 0x${ms}ff (${ms}.5ms)\n✖ reads x.ts:${line}:1 [${ms} ms]\nℹ duration_ms ${ms}\nnpm error code 1\n`;
    expect(failuresIn(run(1, 3, "10:00:01"))).toEqual(failuresIn(run(27, 9, "11:22:33.123Z")));
  });

  it("do not count a sum that changed as a failure", () => {
    expect(failuresIn("a.ts: error x\nFound 3 errors.\nnpm error Lifecycle script failed\n").lines).toEqual([
      "a.ts: error x",
    ]);
  });
});

function failing(failures: readonly string[], over: Partial<CheckResult> = {}): CheckResult {
  const count = failures.length;
  return {
    name: "test",
    passed: false,
    redAtBase: false,
    exitCode: 1,
    timedOut: false,
    tail: failures.join("\n"),
    failures,
    failureCount: count,
    ...over,
  };
}

describe("a failing check against the base", () => {
  const compare = (now: CheckResult, base: CheckResult): CheckResult =>
    comparedWithBase([now], [base])[0] ?? now;

  it("is held against the work where the base was green", () => {
    const [result = failing([])] = comparedWithBase([failing(["a"])], [{ ...failing([]), passed: true }]);
    expect([isHeldAgainst(result), result.redAtBase]).toEqual([true, false]);
  });

  it("gives no verdict where the same failed before, or less than before", () => {
    const same = compare(failing(["a"]), failing(["a", "b"]));
    expect([isHeldAgainst(same), givesNoVerdict(same)]).toEqual([false, true]);
    expect(againstBaseText(same)).toBe("red at base too: 1 failure, none of them new");
  });

  it("is held against the work with exactly what is new", () => {
    const worse = compare(failing(["a", "c"]), failing(["a", "b"]));
    expect([isHeldAgainst(worse), worse.newFailures]).toEqual([true, ["c"]]);
    expect(againstBaseText(worse)).toBe("red at base too, and 1 failure new");
  });

  it.each<[string, CheckResult, CheckResult]>([
    ["nothing could be read from either", failing([], { tail: "boom 1" }), failing([], { tail: "boom 2" })],
    ["the base did not get as far as its tests", failing(["a"]), failing([])],
    ["the work does not get as far as the tests", failing([]), failing(["a"])],
    ["only one of them ran out of time", failing(["a"], { timedOut: true }), failing(["a"])],
    [
      "the list of the base was cut",
      failing(["zz"]),
      failing(Array.from({ length: MOST_LINES }, (_, i) => `t${i}`)),
    ],
  ])("gives no verdict and is not called the same where %s", (_, now, base) => {
    const result = compare(now, base);
    expect([result.againstBase, givesNoVerdict(result)]).toEqual(["unknown", true]);
    expect(againstBaseText(result)).toContain("cannot be compared");
  });

  it("is the same where both print exactly the same and nothing could be read from it", () => {
    expect(compare(failing([], { tail: "boom" }), failing([], { tail: "boom" })).againstBase).toBe("same");
  });

  it("that passes is left alone", () => {
    const green = { ...failing([]), passed: true };
    expect(compare(green, failing(["a"]))).toEqual(green);
    expect([isHeldAgainst(green), givesNoVerdict(green), againstBaseText(green)]).toEqual([false, false, ""]);
  });
});
