import { describe, expect, it } from "vitest";
import { namedInVain } from "./claude-binary.ts";

describe("a claude program named in the environment", () => {
  it("that is none is told by its name, not as a missing package", () => {
    expect(namedInVain({ SIGNALBOX_CLAUDE_BIN: "/nope/claude", PATH: "/bin" })).toEqual({
      reason: "SIGNALBOX_CLAUDE_BIN names /nope/claude, which is no program",
      hint: "Name the right one, or use what is installed: unset SIGNALBOX_CLAUDE_BIN",
    });
  });

  it("is fine when it is a program, or when none is named", () => {
    expect(namedInVain({ SIGNALBOX_CLAUDE_BIN: process.execPath })).toBeNull();
    expect(namedInVain({ SIGNALBOX_CLAUDE_BIN: "", PATH: "" })).toBeNull();
  });
});
