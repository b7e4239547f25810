import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, renderDuration } from "./durations.ts";

describe("durations", () => {
  it.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["1.5s", 1500],
    ["15m", 900_000],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
  ])("%s is %d ms", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(["", "15", "0s", "-1s", "1 h", "1w", "h", "1h ", "1e3s", "9".repeat(40)])("%j is none", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it("come back from their text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (ms) => parseDuration(renderDuration(ms)) === ms),
    );
  });
});
