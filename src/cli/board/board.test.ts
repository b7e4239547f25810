import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyHistory, stateAfter } from "../../../test/builders/any-state.ts";
import { World } from "../../../test/builders/world.ts";
import { MULTI, THREE } from "../../../test/builders/worlds.ts";
import { textWidth } from "../../core/text-width.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { createStyle } from "../output/style.ts";
import { type BoardOptions, boardLines } from "./board.ts";

const PLAIN = createStyle({ write: () => {}, isTTY: true }, {}, "never");
const COLOURED = createStyle({ write: () => {}, isTTY: true }, {}, "always");
const ASCII = createStyle({ write: () => {}, isTTY: true }, { TERM: "dumb" }, "never");

function underWay(): WorkflowState {
  const world = new World(MULTI);
  world.submit({ type: "approve", subject: "plan", by: "ana", note: "" });
  world.run((state) => Object.values(state.deliverables).some((d) => d.step === "merged"));
  return world.now;
}

function drawn(state: WorkflowState, options: Partial<BoardOptions> = {}): readonly string[] {
  const now = Date.parse(state.createdAt) + 252_000;
  return boardLines(state, { style: PLAIN, width: 100, now, ...options });
}

describe("the board", () => {
  it("keeps the elapsed time of every row at every width", () => {
    const state = underWay();
    for (const style of [PLAIN, ASCII])
      for (const width of [48, 60, 72, 80, 100, 160]) {
        const rows = drawn(state, { width, style }).filter((line) => line.includes("agent-a-001"));
        expect(rows[0]?.slice(0, width)).toMatch(/ \d+(s|m\d\ds|h\d\dm)\b/);
      }
  });

  it("has its columns below each other, in every alphabet", () => {
    const state = underWay();
    for (const style of [PLAIN, ASCII, COLOURED]) {
      const rows = drawn(state, { style, width: 160 }).filter((line) => /r\d\/\d/.test(line));
      expect(rows.length).toBeGreaterThan(1);
      const columns = rows.map((row) => textWidth(row.slice(0, row.search(/r\d\/\d/))));
      expect(new Set(columns).size).toBe(1);
    }
  });

  it("is plain ASCII where the terminal knows no more", () => {
    for (const width of [60, 100])
      expect(drawn(underWay(), { style: ASCII, width }).join("\n")).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it("keeps state, progress and time in the title where money and agents have no room", () => {
    expect(drawn(underWay(), { width: 44 })[1]).toMatch(/^running . \d+\/9 done . 4m12s/);
  });

  it("says paused where work waits for resume, not what it would do", () => {
    const world = new World(THREE);
    world.run((state) => Object.values(state.deliverables).some((d) => d.step === "commit"));
    world.submit({ type: "pause", reason: "lunch", by: "ana" });
    const text = drawn(world.now).join("\n");
    expect(text).not.toMatch(/committing|starting|working/);
    expect(text).toContain("○ ");
    expect(text).toMatch(/paused {2,}/);
  });

  it("tells the reason of a pause once, with its question", () => {
    const world = new World(THREE);
    world.run((state) => Object.values(state.deliverables).some((d) => d.step === "commit"));
    world.submit({ type: "pause", reason: "not logged in", by: "signalbox" });
    const asked = {
      ...world.now,
      questions: [
        {
          id: "Q-009",
          kind: "auth" as const,
          subject: "workflow",
          askedAt: world.now.updatedAt,
          reason: "not logged in",
          options: ["resume" as const],
        },
      ],
    };
    expect(
      drawn(asked)
        .join("\n")
        .match(/not logged in/g),
    ).toHaveLength(1);
    expect(
      drawn(world.now)
        .join("\n")
        .match(/not logged in/g),
    ).toHaveLength(1);
  });

  it("never has more lines than asked for, nor rows wider than the screen", () => {
    const heights = fc.integer({ min: 8, max: 50 });
    const widths = fc.integer({ min: 48, max: 170 });
    fc.assert(
      fc.property(anyHistory(), heights, widths, (history, height, width) => {
        const state = stateAfter(history);
        const lines = drawn(state, { height, width });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines.filter((one) => /^ {2}[●○✓✗–?] /.test(one)))
          expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 60 },
    );
  });

  it("leaves the question whole that is being asked, however low the screen", () => {
    const prompt = { question: "Q-001", lines: ["? plan", "  approve", "  reject"] };
    const lines = drawn(underWay(), { height: 10, prompt });
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines.slice(-3)).toEqual(prompt.lines);
  });
});
