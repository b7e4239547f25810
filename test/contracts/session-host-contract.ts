/** What every session host must hold, whether its agents are programs or played in memory. */
import { describe, expect, test } from "vitest";
import type { SessionEvent, SessionHost, SessionSpec } from "../../src/ports/session-host.ts";
import { tempFolder } from "../support/temp-folder.ts";
import type { TestOrders } from "../support/test-agent.ts";

export const NEVER = new AbortController().signal;

/** The smallest session that a host accepts; its agent does what `orders` say. */
export async function aSpec(orders: TestOrders, changes: Partial<SessionSpec> = {}): Promise<SessionSpec> {
  return {
    id: "wf-001/1/agent-a-001/1/create.r1",
    workflow: "wf-001",
    purpose: "create",
    subject: "agent-a-001",
    role: "coder",
    round: 1,
    part: 1,
    adapter: "test",
    cwd: await tempFolder(),
    conversation: "0b0e2f9e-7d33-4a35-9f0e-0d8a3a6c1a11",
    resume: false,
    prompt: JSON.stringify(orders),
    charter: "",
    instructions: "",
    tools: [],
    boundary: null,
    writes: [],
    limits: { wallMs: 60_000, idleMs: 60_000, startupMs: 60_000, turns: 10, usd: null },
    costBefore: 0,
    env: { PATH: process.env.PATH ?? "", SECRET: "s3cret" },
    ...changes,
  };
}

export function said(text: string): Omit<SessionEvent, "at"> {
  return { type: "text", text } as never;
}

export function textsOf(events: readonly SessionEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "text" ? [event.text] : []));
}

/** Outcome of a session of the test agent that ends as it should. */
export function doneAs({ conversation }: SessionSpec) {
  return { kind: "ok", text: "done", sessionId: conversation, usage: { costUsd: 0.25, turns: 2 } } as const;
}

/** `open` gives a host of its own with the agent `test`, which does what its orders say but for `shell`, and a grace time of 300 ms. */
export function sessionHostContract(name: string, open: () => Promise<SessionHost>): void {
  describe(`session host contract: ${name}`, () => {
    const outcomeOf = (host: SessionHost, spec: SessionSpec) => host.outcome(spec.workflow, spec.id, NEVER);

    test("a session runs to its end, and its outcome is the agent's", async () => {
      const host = await open();
      const spec = await aSpec({ events: [said("hello"), said("done soon")] });
      expect(await host.status(spec.workflow, spec.id)).toEqual({ state: "unknown" });
      await host.start(spec);
      const outcome = await outcomeOf(host, spec);
      expect(outcome).toMatchObject(doneAs(spec));
      const events = await host.events(spec.workflow, spec.id);
      expect(textsOf(events)).toEqual(["hello", "done soon"]);
      expect(events.at(-1)).toMatchObject({ type: "ended", outcome: "ok" });
      expect(await host.status(spec.workflow, spec.id)).toMatchObject({
        state: "ended",
        lastEventAt: events.at(-1)?.at,
      });
      expect(await outcomeOf(host, spec)).toEqual(outcome);
    });

    test("two starts of one id run it once, and a start after the end does nothing", async () => {
      const host = await open();
      const spec = await aSpec({ events: [said("run")] });
      await Promise.all([host.start(spec), host.start(spec)]);
      await host.start(spec);
      const outcome = await outcomeOf(host, spec);
      // The first waits until the host has let go of it, the second for another run, which would leave its end behind.
      await host.stop(spec.workflow, spec.id, "over already");
      await host.start(spec);
      await host.stop(spec.workflow, spec.id, "over already");
      expect(await outcomeOf(host, spec)).toEqual(outcome);
      const events = await host.events(spec.workflow, spec.id);
      expect(textsOf(events)).toEqual(["run"]);
      expect(events.filter(({ type }) => type === "ended")).toHaveLength(1);
    });

    test("many sessions run at one time, are listed while they do, and end apart", async () => {
      const host = await open();
      const specs = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          aSpec({ ending: "hang" }, { id: `wf-00${n}/1/agent-a-001/1/create`, workflow: `wf-00${n}` }),
        ),
      );
      await Promise.all(specs.map((spec) => host.start(spec)));
      expect([...(await host.running())].sort((a, b) => a.id.localeCompare(b.id))).toEqual(
        specs.map(({ workflow, id }) => ({ workflow, id })),
      );
      await Promise.all(specs.map((spec) => host.stop(spec.workflow, spec.id, "enough")));
      for (const spec of specs)
        expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "enough" });
      expect(await host.running()).toEqual([]);
    });

    test("a stop before the start is a cancellation, and the start that comes late does nothing", async () => {
      const host = await open();
      const spec = await aSpec({});
      await host.stop(spec.workflow, spec.id, "rewind");
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "rewind" });
      await host.start(spec);
      expect(await host.status(spec.workflow, spec.id)).toEqual({ state: "ended" });
      expect(await host.running()).toEqual([]);
    });

    test("a stop while the session starts is a cancellation", async () => {
      const host = await open();
      const spec = await aSpec({ ending: "hang" });
      const started = host.start(spec);
      await Promise.all([started, host.stop(spec.workflow, spec.id, "rewind")]);
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "rewind" });
      expect(await host.running()).toEqual([]);
    });

    test("a stop of an ended session changes nothing", async () => {
      const host = await open();
      const spec = await aSpec({});
      await host.start(spec);
      const outcome = await outcomeOf(host, spec);
      await host.stop(spec.workflow, spec.id, "too late");
      expect(await outcomeOf(host, spec)).toEqual(outcome);
    });

    test("the outcome of a session that was never started is an error, and waiting ends with its signal", async () => {
      const host = await open();
      await expect(host.outcome("wf-001", "wf-001/none", NEVER)).rejects.toMatchObject({
        code: "session-unknown",
      });
      const spec = await aSpec({ ending: "hang" });
      await host.start(spec);
      await expect(host.outcome(spec.workflow, spec.id, AbortSignal.timeout(100))).rejects.toThrow();
      await host.stop(spec.workflow, spec.id, "done waiting");
    });

    test.each([
      ["wall", { events: [said("hello")], ending: "hang" }, { wallMs: 600 }, "never"],
      ["idle", { events: [said("hello")], ending: "hang" }, { idleMs: 300 }, "backoff"],
      ["startup", { ending: "hang" }, { startupMs: 300 }, "backoff"],
    ] as const)("the %s limit ends the session with advice", async (which, orders, limit, retry) => {
      const host = await open();
      const spec = await aSpec(orders as TestOrders);
      await host.start({ ...spec, limits: { ...spec.limits, ...limit } });
      expect(await outcomeOf(host, spec)).toMatchObject({
        kind: "limit",
        which,
        retry,
        usage: { costUsd: 0.25 },
      });
    });

    test("two sessions of one conversation do not run beside each other, and the next one can when it is over", async () => {
      const host = await open();
      const make = async (id: string, script: object) => aSpec(script, { id, boundary: await tempFolder() });
      const first = await make("wf-001/1", { ending: "hang" });
      const beside = await make("wf-001/2", {});
      const next = await make("wf-001/3", { ending: "hang" });
      await host.start(first);
      await host.start(beside);
      expect(await outcomeOf(host, beside)).toMatchObject({
        kind: "crashed",
        retry: "backoff",
        message: expect.stringMatching(/conversation is open in another program \(pid \d+\)/),
      });
      await host.stop(first.workflow, first.id, "enough");
      await host.start(next);
      expect((await host.status(next.workflow, next.id)).state).toBe("running");
      await host.stop(next.workflow, next.id, "enough");
      expect(await outcomeOf(host, next)).toMatchObject({ kind: "cancelled" });
    });
  });
}
