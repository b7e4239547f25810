import { expect, it } from "vitest";
import { loadScenario, parseScenario, settingsFor } from "./scenario.ts";

it("puts a deliverable's own keys over those for all", () => {
  const scenario = parseScenario(
    '{"delayMs":5,"deliverables":{"*":{"scores":[0.5],"findings":4},"alpha":{"scores":[0.9]}}}',
  );
  expect(settingsFor(scenario, "alpha")).toEqual({ delayMs: 5, scores: [0.9], findings: 4 });
  expect(settingsFor(scenario, "beta")).toEqual({ delayMs: 5, scores: [0.5], findings: 4 });
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
