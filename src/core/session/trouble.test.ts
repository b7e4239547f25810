/** Defects these would catch: an alarm that cries at ordinary work, one that never comes, one that comes twice, one that stays. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromMs } from "../instant.ts";
import {
  type Activity,
  CALM,
  notice,
  spendingLimit,
  type TroubleRules,
  type TroubleStep,
} from "./trouble.ts";

const RULES: TroubleRules = { silentMs: 60_000, spendingUsd: 1, area: ["src/**"] };

function run(activities: readonly Activity[], rules = RULES): readonly TroubleStep[] {
  let watch = CALM;
  return activities.map((activity, index) => {
    const step = notice(watch, activity, fromMs(index * 1000), rules);
    watch = step.watch;
    return step;
  });
}

function raisedBy(activities: readonly Activity[], rules = RULES) {
  return run(activities, rules).flatMap((step) => step.raised);
}

function overBy(activities: readonly Activity[], rules = RULES) {
  return run(activities, rules).flatMap((step) => step.over);
}

const call = (target: string, input = target): Activity => ({ type: "call", tool: "Bash", target, input });
const failure = (said: string): Activity => ({ type: "failure", tool: "Edit", target: "src/a.ts", said });
const change = (path?: string): Activity => ({ type: "change", ...(path === undefined ? {} : { path }) });
const times = (count: number, one: Activity): readonly Activity[] => Array.from({ length: count }, () => one);

describe("a loop", () => {
  it("is the same call five times with no file changed in between, told once with the time of the first", () => {
    expect(raisedBy(times(4, call("npm test")))).toEqual([]);
    expect(raisedBy(times(9, call("npm test")))).toEqual([
      { number: 1, trouble: "loop", reason: "loops: Bash npm test, 5 times", since: fromMs(0) },
    ]);
  });

  it("is also two or three calls that take turns", () => {
    const turns = times(5, call("x")).flatMap((one) => [one, call("y"), call("z")]);
    expect(raisedBy(turns)).toHaveLength(1);
  });

  it("is the same failure five times although the calls differ", () => {
    const tries = [1, 2, 3, 4, 5].flatMap((n) => [call(`edit ${n}`), failure("text not found")]);
    expect(raisedBy(tries)[0]?.reason).toBe("loops: Edit src/a.ts failing alike, 5 times");
  });

  it("is over when a file changes, or when other things are done", () => {
    const looping = times(5, call("npm test"));
    expect(overBy([...looping, change("src/a.ts")])).toEqual([1]);
    const others = Array.from({ length: 10 }, (_, n) => call(`other ${n}`));
    expect(overBy([...looping, ...others])).toEqual([1]);
    expect(overBy([...looping, ...others.slice(1)])).toEqual([]);
  });

  it("is told again when it comes back after it was over", () => {
    const looping = times(5, call("npm test"));
    expect(raisedBy([...looping, change(), ...looping]).map((one) => one.number)).toEqual([1, 2]);
  });
});

describe("the other troubles", () => {
  it("are money with no file changed, not money as such", () => {
    const spent: Activity = { type: "spent", usd: 1.5, isEstimate: true };
    expect(raisedBy([spent])[0]).toMatchObject({
      trouble: "spending",
      reason: "spends without a result: about 1.50 USD, no file changed",
    });
    expect(raisedBy([change(), spent])).toEqual([]);
    expect(overBy([spent, change()])).toEqual([1]);
    expect(raisedBy([spent], { ...RULES, spendingUsd: null })).toEqual([]);
  });

  it("take a third of the session's money, and 2 USD where it has no limit", () => {
    expect(spendingLimit(9)).toBe(3);
    expect(spendingLimit(null)).toBe(2);
  });

  it("are a long silence, until the next sign of life", () => {
    const silence = (ms: number): Activity => ({ type: "silence", ms, since: fromMs(0) });
    expect(raisedBy([silence(59_999)])).toEqual([]);
    const raised = raisedBy([silence(60_000), silence(61_000)]);
    expect(raised).toMatchObject([{ trouble: "silent", since: fromMs(0) }]);
    expect(overBy([silence(60_000), { type: "life" }])).toEqual([1]);
  });

  it("are a file outside what the slot declared, until it is taken back", () => {
    expect(raisedBy([change("src/a.ts")])).toEqual([]);
    expect(raisedBy([change("docs/a.md"), change("docs/b.md")])).toMatchObject([
      { trouble: "stray-edit", reason: "writes outside what it declared: docs/a.md" },
    ]);
    const strays = (...paths: readonly string[]): Activity => ({ type: "strays", paths });
    expect(raisedBy([strays("a", "b", "src/c.ts")])[0]?.reason).toMatch(/: a and 1 more$/);
    expect(overBy([strays("a"), strays()])).toEqual([1]);
    expect(raisedBy([change("docs/a.md")], { ...RULES, area: null })).toEqual([]);
  });
});

const anyActivity: fc.Arbitrary<Activity> = fc.oneof(
  fc.constantFrom("a", "b", "c").map((target) => call(target)),
  fc.constantFrom("no", "never").map(failure),
  fc.constantFrom("src/a.ts", "docs/a.md", undefined).map(change),
  fc.record({ type: fc.constant("strays" as const), paths: fc.subarray(["docs/a.md", "src/a.ts"]) }),
  fc.record({
    type: fc.constant("spent" as const),
    usd: fc.double({ min: 0, max: 3, noNaN: true }),
    isEstimate: fc.boolean(),
  }),
  fc.record({ type: fc.constant("silence" as const), ms: fc.nat(120_000), since: fc.constant(fromMs(0)) }),
  fc.constant({ type: "life" as const }),
);
const anyHistory = fc.array(anyActivity, { maxLength: 80 });

describe("whatever a session does", () => {
  it("at most one trouble of a kind is open, numbers rise by one, and only an open one is over, once (W1 to W3)", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const open = new Map<number, string>();
        let count = 0;
        for (const step of run(history)) {
          for (const number of step.over) expect(open.delete(number)).toBe(true);
          for (const one of step.raised) {
            count += 1;
            expect(one.number).toBe(count);
            expect([...open.values()]).not.toContain(one.trouble);
            open.set(one.number, one.trouble);
          }
        }
        expect(
          Object.values(run(history).at(-1)?.watch.open ?? {})
            .map((one) => one?.number)
            .toSorted(),
        ).toEqual([...open.keys()].toSorted());
      }),
    );
  });

  it("no loop is seen where a file changes before the fifth call of a kind", () => {
    const steady = fc.array(
      fc.tuple(
        fc.array(
          fc.constantFrom("a", "b").map((t) => call(t)),
          { maxLength: 4 },
        ),
        fc.constant(change()),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(steady, (parts) => {
        const history = parts.flatMap(([calls, end]) => [...calls, end]);
        expect(raisedBy(history).filter((one) => one.trouble === "loop")).toEqual([]);
      }),
    );
  });

  it("five equal calls in a row always leave a loop open", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const steps = run([...history, ...times(5, call("again"))]);
        const all = [...history, ...times(5, call("again"))];
        expect(all.length).toBe(steps.length);
        expect(steps.at(-1)?.watch.open.loop).toBeDefined();
      }),
    );
  });
});
