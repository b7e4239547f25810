import { describe, expect, it } from "vitest";
import { dispatchDefinition } from "./dispatch-definition.ts";
import { parseDefinition } from "./parse-definition.ts";

const TASKS = ["Fix #41: the login form", "- a list?\n{ with: braces }", "say \u0024{{ inputs.x }}"];

describe("a dispatched definition", () => {
  it("has one phase with one slot per task, at C1, each landing by itself without documents", () => {
    const result = dispatchDefinition({ tasks: TASKS }, {});
    expect(result).toMatchObject({
      ok: true,
      definition: {
        name: "Fix #41: the login form and 2 more",
        criticality: "C1",
        finish: { per: "slot", documents: "drop" },
        stages: [{ slots: [{ id: "fix-41-login-form" }, { id: "list" }, { id: "say-inputs-x" }] }],
      },
    });
  });

  it("keeps the words of a task, whatever they mean in YAML", () => {
    const result = dispatchDefinition({ tasks: TASKS }, {});
    const [stage] = result.ok ? result.definition.stages : [];
    expect(stage?.kind === "phase" && stage.slots.map(({ brief }) => brief[0])).toEqual([
      TASKS[0],
      TASKS[1],
      "say $ {{ inputs.x }}",
    ]);
  });

  it("is judged at C2 when asked, with its own checks", () => {
    const result = dispatchDefinition({ tasks: ["x"], name: "One", judge: true, checks: ["npm test"] }, {});
    expect(result).toMatchObject({
      ok: true,
      definition: { name: "One", criticality: "C2", checks: [{ run: "npm test" }] },
    });
  });

  it("can be written down and read again", () => {
    const { text, ...parsed } = dispatchDefinition({ tasks: TASKS }, {});
    expect(parseDefinition(text, { file: "dispatch" })).toEqual(parsed);
  });

  it("is an error without tasks", () => {
    expect(dispatchDefinition({ tasks: [] }, {}).ok).toBe(false);
  });
});
