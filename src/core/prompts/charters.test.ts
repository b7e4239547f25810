import { describe, expect, it } from "vitest";
import { ROSTER_ROLES } from "../plan/roster.ts";
import { builtInTools, CHARTERED_ROLES, charterText } from "./charters.ts";
import { toolNames } from "./tools.ts";

describe("charters", () => {
  it("exist for every role of the roster but the person", () => {
    expect([...CHARTERED_ROLES].sort()).toEqual(ROSTER_ROLES.filter((role) => role !== "user").sort());
  });

  it("of the configuration replace the built-in text, not the rules that hold for all", () => {
    const text = charterText(["coder"], { coder: { charter: "Writes Rust." } });
    expect(text).toContain("Role: coder.\nWrites Rust.");
    expect(text).not.toContain("Programmer.");
    expect(text).toContain("the coordinator commits");
  });

  it("of a pair stand one after the other", () => {
    const text = charterText(["ps-validator", "nse-verification"], {});
    expect(text.indexOf("Role: ps-validator.")).toBeLessThan(text.indexOf("Role: nse-verification."));
  });

  it("of an unknown role are plain, also for names of the prototype", () => {
    expect(charterText(["constructor"], {})).toContain("Does the work of this role");
    expect(builtInTools(["constructor"])).toEqual(["read", "edit"]);
  });
});

describe("tools", () => {
  it("of critics and scorers only read", () => {
    expect(builtInTools(["ps-critic", "adv-scorer", "adv-executor"])).toEqual(["read"]);
  });

  it("are exact names, each once, without those that start agents", () => {
    expect(toolNames(["edit", "read", "Read", "Task", "Agent(x)", "Bash(git *)"])).toEqual([
      "Edit",
      "Write",
      "Read",
      "Glob",
      "Grep",
      "Bash(git *)",
    ]);
  });
});
