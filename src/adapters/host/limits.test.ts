import { describe, expect, test } from "vitest";
import type { SessionEvent } from "../../ports/session-host.ts";
import { createLimitMeter, type LimitMeter } from "./limits.ts";

const LIMITS = { wallMs: 3_600_000, idleMs: 60_000, startupMs: 120_000, turns: 10, usd: null };
const START = { monotonic: 0, wall: 1_000_000 };
const HOUR = 3_600_000;
const at = "2026-02-20T10:00:00Z";
const text: SessionEvent = { at, type: "text", text: "hello" };
const tool: SessionEvent = { at, type: "tool", tool: "Bash", target: "make" };
const toolResult: SessionEvent = { at, type: "tool-result", tool: "Bash", error: false };

/** Ticks once a second; both clocks go on together, the wall clock `aheadMs` further. */
function run(meter: LimitMeter, fromS: number, toS: number, aheadMs = 0, asleepMs = 0): string | null {
  for (let second = fromS + 1; second <= toS; second += 1) {
    const { hit } = meter.tick(second * 1000 + asleepMs, START.wall + second * 1000 + asleepMs + aheadMs);
    if (hit !== null) return `${hit.which} at ${second} s`;
  }
  return null;
}

describe("limits of a session", () => {
  test("the whole time ends a session however busy it is", () => {
    const meter = createLimitMeter({ ...LIMITS, idleMs: HOUR * 9 }, START);
    meter.seen(text);
    expect(run(meter, 0, 4000)).toBe("wall at 3600 s");
  });

  test("an agent without any sign of life is ended at the startup limit, not at the idle limit", () => {
    expect(run(createLimitMeter(LIMITS, START), 0, 200)).toBe("startup at 120 s");
  });

  test("silence is counted from the last event", () => {
    const meter = createLimitMeter(LIMITS, START);
    meter.seen(text);
    expect(run(meter, 0, 50)).toBeNull();
    meter.seen(text);
    expect(run(meter, 50, 200)).toBe("idle at 110 s");
  });

  test("waiting for a person counts for neither silence nor the whole time, and both go on after the answer", () => {
    const meter = createLimitMeter({ ...LIMITS, wallMs: 100_000 }, START);
    meter.seen({ at, type: "asked", number: 1, kind: "agent", question: "?", choices: [], limitMs: HOUR });
    expect(run(meter, 0, 3000)).toBeNull();
    expect(meter.awakeMs).toBe(3_000_000);
    meter.seen({ at, type: "answered", number: 1, by: "ana", text: "yes" });
    expect(run(meter, 3000, 3200)).toBe("idle at 3060 s");
  });

  test("silence is not counted while any tool runs, and is again when the last one ended", () => {
    const meter = createLimitMeter(LIMITS, START);
    meter.seen(tool);
    meter.seen(tool);
    expect(run(meter, 0, 600)).toBeNull();
    meter.seen(toolResult);
    expect(run(meter, 600, 1200)).toBeNull();
    meter.seen(toolResult);
    expect(run(meter, 1200, 1400)).toBe("idle at 1260 s");
  });

  test("a tool whose result never comes does not stop the count for ever", () => {
    const meter = createLimitMeter(LIMITS, START);
    meter.seen(tool);
    meter.seen(text);
    expect(run(meter, 0, 100)).toBe("idle at 60 s");
  });

  test.each([
    ["both clocks jump", 0, 8 * HOUR],
    ["only the wall clock jumps", 8 * HOUR, 0],
  ])("a night's sleep counts for nothing where %s, and the silence starts anew", (_, aheadMs, asleepMs) => {
    const meter = createLimitMeter(LIMITS, START);
    meter.seen(text);
    expect(run(meter, 0, 50)).toBeNull();
    const woken = meter.tick(51_000 + asleepMs, START.wall + 51_000 + asleepMs + aheadMs);
    expect(woken).toEqual({ hit: null, slept: true });
    expect(run(meter, 51, 300, aheadMs, asleepMs)).toBe("idle at 111 s");
    expect(meter.awakeMs).toBeLessThan(120_000);
  });

  test("a wall clock that is set back changes nothing", () => {
    const meter = createLimitMeter(LIMITS, START);
    meter.seen(text);
    expect(run(meter, 0, 30)).toBeNull();
    expect(run(meter, 30, 200, -2 * HOUR)).toBe("idle at 60 s");
  });
});
