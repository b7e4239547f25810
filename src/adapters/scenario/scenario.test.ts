import { expect, it } from "vitest";
import { createPacer } from "./delay.ts";
import { loadScenario, parseScenario, settingsFor } from "./scenario.ts";

it("puts a deliverable's own keys over those for all", () => {
  const scenario = parseScenario(
    '{"delayMs":5,"deliverables":{"*":{"scores":[0.5],"findings":4},"alpha":{"scores":[0.9]}}}',
  );
  expect(settingsFor(scenario, { deliverable: "alpha", epoch: 1 })).toEqual({
    delayMs: 5,
    scores: [0.9],
    findings: 4,
  });
  expect(settingsFor(scenario, { deliverable: "beta", epoch: 1 })).toEqual({
    delayMs: 5,
    scores: [0.5],
    findings: 4,
  });
});

it("plays other settings from an epoch on", () => {
  const scenario = parseScenario(
    '{"deliverables":{"alpha":{"scores":[0.5],"findings":4,"epochs":{"3":{"findings":5},"2":{"scores":[0.9]}}}}}',
  );
  const findings = (epoch: number) => settingsFor(scenario, { deliverable: "alpha", epoch });
  expect([1, 2, 4].map(findings)).toMatchObject([
    { scores: [0.5], findings: 4 },
    { scores: [0.9], findings: 4 },
    { scores: [0.9], findings: 5 },
  ]);
});

it("waits as long as chance decides between two bounds, the same for the same key", () => {
  const waits = (key: string) => Array.from({ length: 20 }, createPacer([10, 30], key, 5));
  expect(waits("a")).toEqual(waits("a"));
  expect(new Set(waits("a")).size).toBeGreaterThan(10);
  expect(waits("b").every((ms) => ms >= 10 && ms < 30)).toBe(true);
  expect(createPacer(undefined, "a", 5)()).toBe(5);
});

it("is empty when the environment names none", () => {
  expect(loadScenario({})).toEqual({});
});

it.each([
  ["{", "scenario"],
  ['{"deliverables":{"*":{"fial":[]}}}', "fial"],
  ['{"deliverables":{"*":{"fail":[{"fault":"explode"}]}}}', "fault"],
])("refuses %s and names what is wrong", (text, part) => {
  expect(() => parseScenario(text)).toThrow(
    expect.objectContaining({ code: "bad-scenario", message: expect.stringContaining(part) }),
  );
});
