import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INTEGRATION } from "../conflicts/lines.ts";
import type { Matrix, Pair } from "../conflicts/matrix.ts";
import { planMerges, type Waiting } from "./plan.ts";

function waiting(subject: string, changes: Partial<Waiting> = {}): Waiting {
  return { subject, commit: subject, changes: 1, priority: 0, ...changes };
}

function conflicting(...pairs: readonly (readonly [string, string])[]): Matrix {
  const prediction: Pair["prediction"] = {
    result: "conflicts",
    files: [{ path: "src/app.ts", kind: "content" }],
  };
  return { tips: [], pairs: pairs.map(([first, second]) => ({ first, second, prediction })) };
}

const steps = (...args: Parameters<typeof planMerges>) =>
  planMerges(...args).map(({ subject, stoppedBy }) => [subject, ...stoppedBy].join(" < "));

describe("the plan of the queue", () => {
  it("tells which one would be stopped, and by whom", () => {
    const matrix = conflicting(["a", "b"], ["a", "c"]);
    expect(steps([waiting("a"), waiting("b"), waiting("c")], matrix)).toEqual(["b", "c", "a < b < c"]);
  });

  it("compares what comes behind one that is stopped with the branch without it", () => {
    const matrix = conflicting([INTEGRATION, "a"], ["a", "b"]);
    expect(steps([waiting("a"), waiting("b")], matrix)).toEqual(["b", `a < ${INTEGRATION} < b`]);
    const first = [waiting("a", { priority: 1 }), waiting("b")];
    expect(steps(first, matrix)).toEqual([`a < ${INTEGRATION}`, "b"]);
  });

  it("names everybody once, and stops nobody where nothing conflicts", () => {
    const names = ["a", "b", "c", "d"];
    const pairs = fc.subarray(names.flatMap((one) => names.map((other) => [one, other] as const)));
    fc.assert(
      fc.property(fc.subarray(names), pairs, (who, found) => {
        const some = found.filter(([one, other]) => one < other);
        const plan = planMerges(
          who.map((subject) => waiting(subject)),
          conflicting(...some),
        );
        expect(plan.map(({ subject }) => subject).toSorted()).toEqual(who.toSorted());
        for (const { subject, stoppedBy } of plan)
          for (const other of stoppedBy)
            expect(some.some((pair) => pair.includes(subject) && pair.includes(other))).toBe(true);
      }),
    );
  });
});
