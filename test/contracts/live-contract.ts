/** What every session host must do between people and running sessions. */
import { describe, expect, test } from "vitest";
import { NOBODY } from "../../src/adapters/host/desk.ts";
import type { SessionMessage } from "../../src/core/workflow/live.ts";
import type { SessionEvent, SessionHost, SessionSpec } from "../../src/ports/session-host.ts";
import { eventually } from "../support/eventually.ts";
import { aSpec, NEVER, said, textsOf } from "./session-host-contract.ts";

const LONG = 60_000;

function message(spec: SessionSpec, changes: Partial<SessionMessage> = {}): SessionMessage {
  return {
    id: "M-001",
    session: spec.id,
    subject: spec.subject,
    kind: "answer",
    ask: 1,
    text: "the small one",
    by: "ana",
    at: "2026-02-20T10:00:00Z",
    ...changes,
  };
}

async function asked(host: SessionHost, spec: SessionSpec, count = 1): Promise<readonly SessionEvent[]> {
  return eventually(`question ${count}`, async () => {
    const events = await host.events(spec.workflow, spec.id);
    return events.filter((event) => event.type === "asked").length >= count ? events : null;
  });
}

/** `open` gives a host as for `sessionHostContract`, which also knows the agent `steered`. */
export function liveContract(name: string, open: () => Promise<SessionHost>): void {
  describe(`people and running sessions: ${name}`, () => {
    const outcomeOf = (host: SessionHost, spec: SessionSpec) => host.outcome(spec.workflow, spec.id, NEVER);

    test("a question waits for a person, and the answer reaches the agent once however often it is delivered", async () => {
      const host = await open();
      const spec = await aSpec({ ask: ["which one?", "sure?"] });
      await host.start({ ...spec, limits: { ...spec.limits, idleMs: 200, wallMs: LONG } });
      const events = await asked(host, spec);
      expect(events).toContainEqual(
        expect.objectContaining({
          type: "asked",
          number: 1,
          kind: "agent",
          question: "which one?",
          choices: ["yes", "no"],
        }),
      );
      expect(await host.deliver(spec.workflow, message(spec))).toBe("delivered");
      await asked(host, spec, 2);
      expect(await host.deliver(spec.workflow, message(spec))).toBe("delivered");
      expect(await host.deliver(spec.workflow, message(spec, { id: "M-002" }))).toBe("closed");
      expect(await host.deliver(spec.workflow, message(spec, { id: "M-003", ask: 2, text: "yes" }))).toBe(
        "delivered",
      );
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "ok" });
      expect(textsOf(await host.events(spec.workflow, spec.id))).toEqual(["ana: the small one", "ana: yes"]);
    });

    test("a delivery after the end is known when the agent heard it before, and is told when it did not", async () => {
      const host = await open();
      const spec = await aSpec({ ask: ["which one?"] });
      expect(await host.deliver(spec.workflow, message(spec))).toBe("not-started");
      await host.start(spec);
      await asked(host, spec);
      await host.deliver(spec.workflow, message(spec));
      await outcomeOf(host, spec);
      expect(await host.deliver(spec.workflow, message(spec))).toBe("delivered");
      expect(await host.deliver(spec.workflow, message(spec, { id: "M-002" }))).toBe("ended");
    });

    test("nobody waits longer than the question's time: the agent is told to be careful, and silence was no fault", async () => {
      const host = await open();
      const spec = await aSpec({ ask: ["which one?"] });
      await host.start({ ...spec, limits: { ...spec.limits, idleMs: 50, wallMs: 100, answerMs: 400 } });
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "ok" });
      const events = await host.events(spec.workflow, spec.id);
      expect(events).toContainEqual(expect.objectContaining({ type: "answered", number: 1, by: null }));
      expect(textsOf(events)).toEqual([`nobody: ${NOBODY}`]);
    });

    test("a stop does not wait for the person", async () => {
      const host = await open();
      const spec = await aSpec({ ask: ["which one?"], ending: "hang" });
      await host.start(spec);
      await asked(host, spec);
      await host.stop(spec.workflow, spec.id, "enough");
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "enough" });
    });

    test("an agent that listens hears what a person says, once; others are deaf or have hung up", async () => {
      const host = await open();
      const say = (spec: SessionSpec) =>
        host.deliver(spec.workflow, message(spec, { kind: "say", ask: null }));
      const spec = await aSpec({ listen: "hears", ending: "hang" }, { adapter: "steered" });
      await host.start(spec);
      await eventually("the message is taken", async () => (await say(spec)) === "delivered");
      expect(await say(spec)).toBe("delivered");
      const gone = await aSpec(
        { listen: "hangs-up", ending: "hang" },
        { adapter: "steered", id: "wf-001/gone" },
      );
      await host.start(gone);
      await eventually("it has hung up", async () => (await say(gone)) === "ended" || null);
      const deaf = await aSpec({ ending: "hang" }, { id: "wf-001/deaf" });
      await host.start(deaf);
      await eventually("it is deaf", async () => (await say(deaf)) === "deaf");
      await Promise.all([spec, gone, deaf].map((one) => host.stop(one.workflow, one.id, "enough")));
      const events = await host.events(spec.workflow, spec.id);
      expect(events.filter((event) => event.type === "said")).toMatchObject([
        { message: "M-001", by: "ana", text: "the small one" },
      ]);
      expect(textsOf(events)).toEqual(["ana says: the small one"]);
    });

    test("an interrupt is heard as one, and what the turn had asked waits for nobody any more", async () => {
      const host = await open();
      const spec = await aSpec({ listen: "hears", ask: ["which one?"] }, { adapter: "steered" });
      await host.start(spec);
      await asked(host, spec);
      const stop = message(spec, { kind: "interrupt", ask: null, text: "neither" });
      expect(await host.deliver(spec.workflow, stop)).toBe("delivered");
      expect(await host.deliver(spec.workflow, stop)).toBe("delivered");
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "ok" });
      const events = await host.events(spec.workflow, spec.id);
      expect(events.filter((event) => event.type === "said")).toMatchObject([
        { message: "M-001", by: "ana", text: "neither", interrupts: true },
      ]);
      expect(textsOf(events)).toEqual(["ana interrupts: neither", "ana: neither"]);
    });

    test("whoever follows gets every event from the first on, also when it is over, and no more after the end", async () => {
      const host = await open();
      const spec = await aSpec({ events: [said("one"), said("two")] });
      const follow = async (): Promise<readonly SessionEvent[]> => {
        const seen: SessionEvent[] = [];
        for await (const event of host.follow(spec.workflow, spec.id, NEVER)) seen.push(event);
        return seen;
      };
      const early = follow();
      await host.start(spec);
      const late = follow();
      await outcomeOf(host, spec);
      const events = await host.events(spec.workflow, spec.id);
      expect(textsOf(events)).toEqual(["one", "two"]);
      expect(events.at(-1)?.type).toBe("ended");
      expect(await early).toEqual(events);
      expect(await late).toEqual(events);
      expect(await follow()).toEqual(events);
    });

    test("following ends with its signal", async () => {
      const host = await open();
      const spec = await aSpec({ ending: "hang", events: [said("hello")] });
      await host.start(spec);
      const abort = new AbortController();
      const seen: string[] = [];
      for await (const event of host.follow(spec.workflow, spec.id, abort.signal)) {
        seen.push(event.type);
        abort.abort();
      }
      expect(seen).toHaveLength(1);
      await host.stop(spec.workflow, spec.id, "enough");
    });
  });
}
