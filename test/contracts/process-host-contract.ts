/** What hosts must hold beside the contract of every host where their agents are programs and adapters: trees, pids, adapters. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAlive, type ProcessIdentity, processIdentity } from "../../src/adapters/process/identity.ts";
import type { SessionHost, SessionSpec } from "../../src/ports/session-host.ts";
import { eventually } from "../support/eventually.ts";
import { aSpec, doneAs, NEVER } from "./session-host-contract.ts";

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

/** `open` as for `sessionHostContract`; the test agent runs its orders' shell script as a process. */
export function processHostContract(name: string, open: () => Promise<SessionHost>): void {
  describe(`contract of hosts that run programs: ${name}`, () => {
    const outcomeOf = (host: SessionHost, spec: SessionSpec) => host.outcome(spec.workflow, spec.id, NEVER);

    test("a program knows its session, and what it prints is told", async () => {
      const host = await open();
      const spec = await aSpec({ shell: "echo hello; echo $SIGNALBOX_SESSION" });
      expect(await host.status(spec.workflow, spec.id)).toEqual({ state: "unknown" });
      await host.start(spec);
      const outcome = await outcomeOf(host, spec);
      expect(outcome).toMatchObject(doneAs(spec));
      const events = await host.events(spec.workflow, spec.id);
      expect(events.map((it) => it.type)).toEqual(["started", "text", "text", "ended"]);
      expect(events[2]).toMatchObject({ text: spec.id });
      expect(await host.status(spec.workflow, spec.id)).toMatchObject({
        state: "ended",
        lastEventAt: events.at(-1)?.at,
      });
      expect(await outcomeOf(host, spec)).toEqual(outcome);
    });

    test("two starts of one id run one program, and none after the end", async () => {
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

    test("a stop while the program starts is a cancellation", async () => {
      const host = await open();
      const spec = await aSpec({ shell: FAMILY, ending: "hang" });
      const started = host.start(spec);
      await Promise.all([started, host.stop(spec.workflow, spec.id, "rewind")]);
      expect(await outcomeOf(host, spec)).toMatchObject({ kind: "cancelled", reason: "rewind" });
      expect(await host.running()).toEqual([]);
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

    test("a session that repeats itself is told as trouble, once, while it goes on", async () => {
      const host = await open();
      const call = { type: "tool", tool: "Read", target: "a.md", input: "1" } as never;
      const result = { type: "tool-result", tool: "Read", error: false } as never;
      const events = Array.from({ length: 7 }, () => [call, result]).flat();
      const spec = await aSpec({ events, ending: "hang" });
      await host.start(spec);
      await eventually("the trouble", async () =>
        (await host.events(spec.workflow, spec.id)).some((event) => event.type === "trouble"),
      );
      await host.stop(spec.workflow, spec.id, "enough");
      const troubles = (await host.events(spec.workflow, spec.id)).filter(
        (event) => event.type === "trouble",
      );
      expect(troubles).toMatchObject([{ number: 1, trouble: "loop", reason: "loops: Read a.md, 5 times" }]);
    });
  });
}
