/** What every session host must do. The detached host and the one in the same process run it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAlive, type ProcessIdentity, processIdentity } from "../../src/adapters/process/identity.ts";
import type { SessionHost, SessionSpec } from "../../src/ports/session-host.ts";
import { eventually } from "../support/eventually.ts";
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

/** Identity of the process whose pid the agent printed as `<name> <pid>`. */
export async function printedProcess(
  host: SessionHost,
  spec: SessionSpec,
  name: string,
): Promise<ProcessIdentity> {
  return eventually(`the pid of ${name}`, async () => {
    const events = await host.events(spec.workflow, spec.id);
    const texts = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
    const pid = Number(texts.find((text) => text.startsWith(`${name} `))?.split(" ")[1]);
    return processIdentity(pid);
  });
}

/** A process in the agent's group, one in a session of its own, and one without the mark that is still a descendant. */
export const FAMILY = `
trap '' TERM
sleep 300 & echo "child $!"
setsid sleep 300 & echo "grandchild $!"
env -i sleep 300 & echo "bare $!"
wait`;

/** `open` gives a host on a repository of its own, with the test agent as its only adapter and a grace time of 300 ms. */
export function sessionHostContract(name: string, open: () => Promise<SessionHost>): void {
  describe(`session host contract: ${name}`, () => {
    const outcomeOf = (host: SessionHost, spec: SessionSpec) => host.outcome(spec.workflow, spec.id, NEVER);

    test("a session runs to its end and its outcome is the adapter's", async () => {
      const host = await open();
      const spec = await aSpec({ shell: "echo hello; echo $SIGNALBOX_SESSION" });
      expect(await host.status(spec.workflow, spec.id)).toEqual({ state: "unknown" });
      await host.start(spec);
      const outcome = await outcomeOf(host, spec);
      expect(outcome).toMatchObject({
        kind: "ok",
        text: "done",
        sessionId: spec.conversation,
        usage: { costUsd: 0.25, turns: 2 },
      });
      const events = await host.events(spec.workflow, spec.id);
      expect(events.map((it) => it.type)).toEqual(["started", "text", "text", "ended"]);
      expect(events[2]).toMatchObject({ text: spec.id });
      expect(await host.status(spec.workflow, spec.id)).toMatchObject({
        state: "ended",
        lastEventAt: events.at(-1)?.at,
      });
      expect(await outcomeOf(host, spec)).toEqual(outcome);
    });

    test("two starts of one id run it once, and a start after the end does nothing", async () => {
      const host = await open();
      const spec = await aSpec({ shell: "echo run >> runs; sleep 0.2" });
      await Promise.all([host.start(spec), host.start(spec)]);
      await host.start(spec);
      const outcome = await outcomeOf(host, spec);
      await host.start(spec);
      expect(await outcomeOf(host, spec)).toEqual(outcome);
      const counted = await aSpec({ shell: "wc -l < runs" }, { id: "wf-001/1/count", cwd: spec.cwd });
      await host.start(counted);
      await outcomeOf(host, counted);
      expect(await host.events(counted.workflow, counted.id)).toContainEqual(
        expect.objectContaining({ text: "1" }),
      );
    });

    test("many sessions run at one time, are listed while they do, and end apart", async () => {
      const host = await open();
      const specs = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          aSpec({ shell: "sleep 300" }, { id: `wf-00${n}/1/agent-a-001/1/create`, workflow: `wf-00${n}` }),
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

    test("stop ends the whole tree, also what left the group, the session or the environment", async () => {
      const host = await open();
      const spec = await aSpec({ shell: FAMILY, ending: "hang" });
      await host.start(spec);
      const family = await Promise.all(
        ["child", "grandchild", "bare"].map((it) => printedProcess(host, spec, it)),
      );
      expect(await host.status(spec.workflow, spec.id)).toMatchObject({
        state: "running",
        pid: expect.any(Number),
      });
      await host.stop(spec.workflow, spec.id, "rewind to CP-001");
      expect(family.map(isAlive)).toEqual([false, false, false]);
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "rewind to CP-001" });
    });

    test("what a session leaves running when it ends by itself is ended too", async () => {
      const host = await open();
      const spec = await aSpec({ shell: "setsid sleep 300 & echo left $!; sleep 0.3" });
      await host.start(spec);
      const left = await printedProcess(host, spec, "left");
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "ok" });
      expect(isAlive(left)).toBe(false);
    });

    test("a stop before the start is a cancellation, and the start that comes late does nothing", async () => {
      const host = await open();
      const spec = await aSpec({ shell: "touch ran" });
      await host.stop(spec.workflow, spec.id, "rewind");
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "rewind" });
      await host.start(spec);
      expect(await host.status(spec.workflow, spec.id)).toEqual({ state: "ended" });
      expect(await host.running()).toEqual([]);
    });

    test("a stop while the session starts is a cancellation", async () => {
      const host = await open();
      const spec = await aSpec({ shell: FAMILY, ending: "hang" });
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
      [
        "wall",
        { shell: "while :; do echo tick; sleep 0.05; done", ending: "hang" },
        { wallMs: 600 },
        "never",
      ],
      ["idle", { events: [{ type: "text", text: "hello" }], ending: "hang" }, { idleMs: 300 }, "backoff"],
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

    test("silence does not count while a tool runs", async () => {
      const host = await open();
      const spec = await aSpec({
        events: [{ type: "tool", tool: "Bash", target: "make" } as never],
        shell: "sleep 1",
      });
      await host.start({ ...spec, limits: { ...spec.limits, idleMs: 300 } });
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "ok" });
    });

    test.each([
      ["before it says a word", "echo work > kept.txt; exec sleep 300", "startup"],
      ["in the middle of its stream", "echo work > kept.txt; echo one; printf half; exec sleep 300", "idle"],
      [
        "after its stream has ended",
        "echo work > kept.txt; echo done; exec >&-; trap '' TERM; while :; do sleep 1; done",
        "idle",
      ],
      ["because somebody froze it", "echo work > kept.txt; echo one; kill -STOP $$", "idle"],
    ])(
      "an agent that hangs %s is ended in time with everything of its own, and its work stays",
      async (_, shell, which) => {
        const host = await open();
        const spec = await aSpec({ shell: `sleep 300 & echo $! > pid.txt; ${shell}`, ending: "hang" });
        await host.start({ ...spec, limits: { ...spec.limits, idleMs: 400, startupMs: 3000 } });
        expect(await outcomeOf(host, spec)).toMatchObject({ kind: "limit", which, retry: "backoff" });
        expect(readFileSync(join(spec.cwd, "kept.txt"), "utf8")).toBe("work\n");
        expect(processIdentity(Number(readFileSync(join(spec.cwd, "pid.txt"), "utf8")))).toBeNull();
      },
    );

    test("two sessions of one conversation do not run beside each other, and the next one can when it is over", async () => {
      const host = await open();
      const make = async (id: string) => aSpec({ ending: "hang" }, { id, boundary: await tempFolder() });
      const [first, beside, next] = [await make("wf-001/1"), await make("wf-001/2"), await make("wf-001/3")];
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

    test("an agent that ignores everything is ended all the same", async () => {
      const host = await open();
      const spec = await aSpec({ shell: FAMILY, ending: "deaf" });
      await host.start(spec);
      const child = await printedProcess(host, spec, "child");
      await host.stop(spec.workflow, spec.id, "enough");
      expect(isAlive(child)).toBe(false);
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "enough" });
    });

    test("an adapter that throws is a crash, and one that does not exist is not tried again", async () => {
      const host = await open();
      const thrown = await aSpec({ ending: "throw" });
      await host.start(thrown);
      expect(await outcomeOf(host, thrown)).toMatchObject({
        kind: "crashed",
        retry: "backoff",
        message: "the agent made a mistake",
      });
      const unknown = await aSpec({}, { id: "wf-001/other", adapter: "nobody" });
      await host.start(unknown);
      expect(await outcomeOf(host, unknown)).toMatchObject({ kind: "crashed", retry: "never" });
    });
  });
}
