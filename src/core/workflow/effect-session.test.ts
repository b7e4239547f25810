import { expect, it } from "vitest";
import { SETTINGS } from "../../../test/builders/definitions.ts";
import { judgeModel } from "./effect-session.ts";

const judge = { samples: 3, maxSamples: 7 };

it("judges with another model than the creator's by default", () => {
  expect(judgeModel({ ...SETTINGS, use: "claude", judge })).toBe("sonnet");
  expect(judgeModel({ ...SETTINGS, use: "claude-cli", model: "claude-sonnet-4", judge })).toBe("opus");
});

it("takes the model that was written", () => {
  expect(judgeModel({ ...SETTINGS, use: "claude", judge: { ...judge, model: "haiku" } })).toBe("haiku");
});

it("does not carry the name of one agent's model to another agent", () => {
  expect(
    judgeModel({ ...SETTINGS, use: "claude", model: "opus", judge: { ...judge, use: "simulated" } }),
  ).toBeUndefined();
  expect(judgeModel({ ...SETTINGS, use: "simulated", model: "x", judge })).toBe("x");
});
