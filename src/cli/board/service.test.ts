/** What people see while the model service refuses: why, until when, and that it goes on by itself. */
import { describe, expect, it } from "vitest";
import { aWorkflow } from "../../../test/builders/state.ts";
import type { ServiceHold } from "../../core/workflow/service.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { createStyle } from "../output/style.ts";
import { momentText } from "../output/units.ts";
import { boardLines } from "./board.ts";

const style = createStyle({ isTTY: false, write: () => {} }, {}, "never");
const UNTIL = "2026-02-20T14:20:00Z";
const NOW = Date.parse("2026-02-20T12:05:00Z");

function held(changes: Partial<ServiceHold>): WorkflowState {
  const service: ServiceHold = {
    reason: "usage-window",
    message: "usage limit reached",
    since: "2026-02-20T12:00:00Z",
    struckAt: "2026-02-20T12:00:00Z",
    waits: 0,
    places: 2,
    ...changes,
  };
  return aWorkflow().started().running("agent-a-001").set({ service }).build();
}

function foot(state: WorkflowState): string {
  return boardLines(state, { style, width: 100, now: NOW }).slice(-1).join("\n");
}

describe("a board while the model service refuses", () => {
  it("says what is waited for, until when, and how not to wait", () => {
    const state = held({ until: UNTIL });
    expect(foot(state)).toContain(
      `waiting: usage limit, resets ${momentText(UNTIL, NOW)}  sooner: signalbox resume`,
    );
  });

  it("says how many agents are let in once the wait is over", () => {
    expect(foot(held({ reason: "rate-limit", places: 1, waits: 2 }))).toContain(
      "1 of 2 agents at a time until the model service has recovered",
    );
  });
});

describe("the moment at which something goes on", () => {
  it("has seconds where it is soon, and the day where it is another one", () => {
    const at = new Date(2026, 1, 20, 14, 20, 5);
    const [soon, later] = [at.getTime() - 60_000, at.getTime() - 3_600_000];
    expect(momentText(at.toISOString(), soon)).toBe("14:20:05");
    expect(momentText(at.toISOString(), later)).toBe("14:20");
    expect(momentText(at.toISOString(), at.getTime() - 30 * 3_600_000)).toBe("2026-02-20 14:20");
  });
});
