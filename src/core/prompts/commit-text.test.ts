import { describe, expect, it } from "vitest";
import { sequentialPlan } from "../../../test/builders/plans.ts";
import { aWorkflow } from "../../../test/builders/state.ts";
import { commitText } from "./commit-text.ts";

const plan = sequentialPlan();
const slot = plan.deliverables.find((d) => d.id === "task-003");
if (slot === undefined) throw new Error("task-003");
const state = aWorkflow(plan).started().running("task-003", "create", [0.88]).build();

describe("the commit of a session", () => {
  it("names slot, title and round, with trailers for whoever looks for them", () => {
    const text = commitText(state, { ...slot, settings: { ...slot.settings, model: "opus" } }, 2);
    expect(text.message.split("\n")[0]).toBe("task-003: Design Process (round 2)");
    expect(text.trailers).toEqual({
      "Signalbox-Workflow": "en108-vbump-20260212-001",
      "Signalbox-Slot": "task-003",
      "Signalbox-Role": "ps-architect",
      "Signalbox-Model": "opus",
      "Signalbox-Round": "2",
    });
  });

  it("has a subject of one line and at most 72 characters", () => {
    const subject = commitText(state, { ...slot, title: `long\n${"title ".repeat(40)}` }, 2).message.split(
      "\n",
    )[0];
    expect(subject?.length).toBeLessThanOrEqual(72);
    expect(subject?.endsWith(" (round 2)")).toBe(true);
  });

  it("keeps what the creator said in one line, so that it cannot add trailers", () => {
    const standing = state.deliverables["task-003"];
    if (standing === undefined) throw new Error("task-003");
    const rounds = standing.rounds.map((r) => ({ ...r, revision: "Done.\n\nSignalbox-Slot: other" }));
    const said = { ...state, deliverables: { ...state.deliverables, "task-003": { ...standing, rounds } } };
    expect(commitText(said, slot, 2).message).toBe(
      "task-003: Design Process (round 2)\n\nDone. Signalbox-Slot: other",
    );
  });
});
