import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inMergeOrder, isCurrent, type MergeForecast, placeText } from "./order.ts";

function forecast(subject: string, changes: Partial<MergeForecast> = {}): MergeForecast {
  return { subject, commit: `${subject}-commit`, conflicts: [], against: [], changes: 1, ...changes };
}

const CONFLICT = [{ path: "src/app.ts", kind: "content" }] as const;
const subjects = (forecasts: readonly MergeForecast[]) => forecasts.map(({ subject }) => subject);
const none = () => 0;

describe("the order of merges", () => {
  it("takes what merges cleanly before what conflicts with what is merged", () => {
    expect(
      subjects(inMergeOrder([forecast("a", { conflicts: CONFLICT }), forecast("b", { changes: 9 })], none)),
    ).toEqual(["b", "a"]);
  });

  it("takes what stands in the way of fewest others first, so that one conflict is left of two", () => {
    const between = [
      forecast("a", { against: ["b", "c"] }),
      forecast("b", { against: ["a"], changes: 7 }),
      forecast("c", { against: ["a"], changes: 3 }),
    ];
    expect(subjects(inMergeOrder(between, none))).toEqual(["c", "b", "a"]);
  });

  it("takes the smaller change first where nothing conflicts, and plan order where all is alike", () => {
    expect(
      subjects(inMergeOrder([forecast("a", { changes: 4 }), forecast("b"), forecast("c")], none)),
    ).toEqual(["b", "c", "a"]);
  });

  it("takes what its author gave priority before all of that", () => {
    const urgent = forecast("z", { conflicts: CONFLICT, against: ["a"], changes: 50 });
    expect(subjects(inMergeOrder([forecast("a"), urgent], (one) => (one === "z" ? 1 : 0)))).toEqual([
      "z",
      "a",
    ]);
  });

  it("loses and invents nobody", () => {
    const any = fc.array(
      fc.record({ changes: fc.nat(5), against: fc.array(fc.constantFrom("a", "b", "c")), hit: fc.boolean() }),
    );
    fc.assert(
      fc.property(any, (many) => {
        const forecasts = many.map(({ hit, ...one }, index) =>
          forecast(`s${index}`, { ...one, conflicts: hit ? CONFLICT : [] }),
        );
        expect(new Set(inMergeOrder(forecasts, none))).toEqual(new Set(forecasts));
      }),
    );
  });

  it("is that of one tip and exactly those who wait", () => {
    const order = { head: "tip", candidates: [forecast("a"), forecast("b")] };
    expect(isCurrent(order, "tip", [forecast("b"), forecast("a")])).toBe(true);
    expect(isCurrent(order, "later", order.candidates)).toBe(false);
    expect(isCurrent(order, "tip", [forecast("a")])).toBe(false);
    expect(isCurrent(order, "tip", [forecast("a"), forecast("b", { commit: "revised" })])).toBe(false);
    expect(isCurrent(undefined, "tip", order.candidates)).toBe(false);
  });
});

it("a place in the order explains itself", () => {
  expect(placeText(forecast("a"), 0)).toBe("merges cleanly, 1 file changed");
  expect(placeText(forecast("a", { conflicts: CONFLICT, against: ["b"], changes: 2 }), 3)).toBe(
    "priority 3, conflicts with what is merged in 1 file, in the way of b, 2 files changed",
  );
});
