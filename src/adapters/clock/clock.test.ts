import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSeededIds, createSystemIds } from "./ids.ts";
import { createSimulatedClock } from "./simulated.ts";
import { createSystemClock, toInstant } from "./system.ts";

const NEVER = new AbortController().signal;

describe("the machine's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-02-20T10:00:00.750Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("tells whole seconds and never goes back", () => {
    const clock = createSystemClock();
    expect(clock.now()).toBe("2026-02-20T10:00:00Z");
    vi.setSystemTime(Date.parse("2026-02-20T09:00:00Z"));
    expect(clock.now()).toBe("2026-02-20T10:00:00Z");
    vi.setSystemTime(Date.parse("2026-02-20T10:00:01Z"));
    expect(clock.now()).toBe("2026-02-20T10:00:01Z");
  });

  test("waits until the time has come, at once for the past", async () => {
    const clock = createSystemClock();
    await clock.wait("2026-02-20T09:00:00Z", NEVER);
    let done = false;
    const waiting = clock.wait("2026-02-20T11:00:00Z", NEVER).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(3_598_000);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await waiting;
    expect(clock.now()).toBe("2026-02-20T11:00:00Z");
  });

  test("after a sleep of the machine a wait is over within 15 seconds of waking", async () => {
    const clock = createSystemClock();
    const waiting = clock.wait("2026-02-20T11:00:00Z", NEVER);
    await vi.advanceTimersByTimeAsync(1_000);
    vi.setSystemTime(Date.parse("2026-02-20T18:00:00Z")); // timers stood still, the wall clock did not
    await vi.advanceTimersByTimeAsync(15_000);
    await waiting;
  });

  test("pauses for so many milliseconds, or until the signal aborts", async () => {
    const clock = createSystemClock();
    const abort = new AbortController();
    let over = 0;
    void clock.pause(200, NEVER).then(() => {
      over += 1;
    });
    const given = clock.pause(60_000, abort.signal);
    await vi.advanceTimersByTimeAsync(199);
    expect(over).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(over).toBe(1);
    abort.abort();
    await given;
    await clock.pause(60_000, abort.signal);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a wait ends when its signal aborts, also one that was aborted before", async () => {
    const clock = createSystemClock();
    const abort = new AbortController();
    const waiting = clock.wait("2030-01-01T00:00:00Z", abort.signal);
    abort.abort();
    await waiting;
    await clock.wait("2030-01-01T00:00:00Z", abort.signal);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("an instant has no fractions", () => {
  expect(toInstant(Date.parse("2026-02-20T10:00:00.999Z"))).toBe("2026-02-20T10:00:00Z");
});

describe("a simulated clock", () => {
  test("moves only when told, and releases waits in their order with the time that they asked for", async () => {
    const clock = createSimulatedClock("2026-02-20T10:00:00Z");
    const seen: string[] = [];
    const note = (name: string): void => void seen.push(`${name} ${clock.now().slice(11, 19)}`);
    void clock.wait("2026-02-20T10:02:00Z", NEVER).then(() => note("second"));
    void clock
      .wait("2026-02-20T10:01:00Z", NEVER)
      .then(() => note("first"))
      .then(() => clock.wait("2026-02-20T10:01:30Z", NEVER))
      .then(() => note("started by the first"));
    await clock.advance(10_000);
    expect(seen).toEqual([]);
    expect(clock.waiting()).toBe(2);
    await clock.advance(600_000);
    expect(seen).toEqual(["first 10:01:00", "started by the first 10:01:30", "second 10:02:00"]);
    expect(clock.now()).toBe("2026-02-20T10:10:10Z");
  });

  test("goes to the next wait, and says when there is none", async () => {
    const clock = createSimulatedClock("2026-02-20T10:00:00Z");
    const waiting = clock.wait("2026-02-20T12:00:00Z", NEVER);
    expect(await clock.advanceToNext()).toBe(true);
    await waiting;
    expect(clock.now()).toBe("2026-02-20T12:00:00Z");
    expect(await clock.advanceToNext()).toBe(false);
  });

  test("pauses by its own time", async () => {
    const clock = createSimulatedClock("2026-02-20T10:00:00Z");
    const pausing = clock.pause(200, NEVER);
    expect(clock.waiting()).toBe(1);
    await clock.advance(200);
    await pausing;
    expect(clock.waiting()).toBe(0);
  });

  test("a wait ends when its signal aborts", async () => {
    const clock = createSimulatedClock("2026-02-20T10:00:00Z");
    const abort = new AbortController();
    const waiting = clock.wait("2026-02-20T12:00:00Z", abort.signal);
    abort.abort();
    await waiting;
    expect(clock.waiting()).toBe(0);
  });
});

describe("ids", () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  test("are well-formed and differ", () => {
    const [system, seeded] = [createSystemIds(), createSeededIds("a")];
    const ids = [system.uuid(), system.uuid(), seeded.uuid(), seeded.uuid()];
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(4);
  });

  test("of one seed are the same again, of another seed they are not", () => {
    const take = (seed: string): readonly string[] => {
      const ids = createSeededIds(seed);
      return [ids.uuid(), ids.uuid()];
    };
    expect(take("a")).toEqual(take("a"));
    expect(take("a")).not.toEqual(take("b"));
  });
});
