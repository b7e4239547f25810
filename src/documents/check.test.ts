import { describe, expect, it } from "vitest";
import { aWorkflow } from "../../test/builders/state.ts";
import { checkDocuments } from "./check.ts";
import { createRenderer } from "./renderer.ts";

const renderer = createRenderer("1.2.3");
const state = aWorkflow().upTo(2).escalated("agent-b-002").build();

function onDisk(): Map<string, string> {
  return new Map(renderer.render(state).map((file) => [file.path, file.content]));
}

describe("the drift check", () => {
  it("finds nothing in files that were just rendered", () => {
    expect(checkDocuments(renderer, state, onDisk())).toEqual([]);
  });

  it("names file and first line that differs", () => {
    const files = onDisk();
    const { trackerFile } = state.plan.layout;
    files.set(
      trackerFile,
      (files.get(trackerFile) ?? "").replace("> **Status:** ACTIVE", "> **Status:** COMPLETE"),
    );
    expect(checkDocuments(renderer, state, files)).toEqual([
      {
        path: trackerFile,
        kind: "differs",
        line: 7,
        expected: "> **Status:** ACTIVE  ",
        found: "> **Status:** COMPLETE  ",
      },
    ]);
  });

  it("names the line after the last one where something was appended", () => {
    const files = onDisk();
    const { planFile } = state.plan.layout;
    const text = files.get(planFile) ?? "";
    files.set(planFile, `${text}more\n`);
    expect(checkDocuments(renderer, state, files)).toMatchObject([
      { path: planFile, line: text.split("\n").length, expected: "", found: "more" },
    ]);
  });

  it("finds missing files and records that nothing renders any more", () => {
    const files = onDisk();
    const { stateFile, folder } = state.plan.layout;
    files.delete(stateFile);
    files.set(`${folder}escalations/agent-a-001-escalation.md`, "old");
    files.set(`${folder}spike-001/notes.md`, "not ours");
    expect(checkDocuments(renderer, state, files).map((drift) => [drift.path, drift.kind])).toEqual([
      [stateFile, "missing"],
      [`${folder}escalations/agent-a-001-escalation.md`, "unexpected"],
    ]);
  });

  it("sees a document of an older revision", () => {
    const old = new Map(
      renderer.render(aWorkflow().upTo(1).build()).map((file) => [file.path, file.content]),
    );
    expect(checkDocuments(renderer, state, old).map((drift) => drift.kind)).toEqual([
      "differs",
      "differs",
      "differs",
      "missing",
    ]);
  });
});
