import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processesOf } from "../support/e2e-processes.ts";
import { asks, CROSS, endOfCompleted, openSessions } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const ID = "cross-20260220-001";
const SCENARIO = { delayMs: 100, deliverables: { "*": { scores: [0.95] } } };

async function worldWith(): Promise<{ readonly world: World; readonly definition: string }> {
  const world = await openWorld({ scenario: SCENARIO });
  return { world, definition: await world.define("cross", CROSS) };
}

const running = (world: World) => world.until(ID, "sessions run", (state) => openSessions(state).length > 0);

describe("Ctrl+C", () => {
  it("on a viewer leaves the work running, however often it comes", async () => {
    const { world, definition } = await worldWith();
    const viewer = world.start("run", definition, "--use", "simulated", "--id", ID);
    await running(world);
    viewer.signal("SIGINT");
    const left = await viewer.ended;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain("goes on in the background");
    const second = world.start("watch", ID);
    await eventually("the second viewer shows something", () => second.output() !== "");
    second.signal("SIGINT");
    second.signal("SIGINT");
    expect((await second.ended).code).toBe(130);
    await world.until(ID, "the work has gone on to its checkpoint", (state) => asks(state, "checkpoint"));
    const state = await world.state(ID);
    expect(Object.values(state?.sessions ?? {}).every((session) => session.outcome?.kind === "ok")).toBe(
      true,
    );
  });

  it("in the foreground pauses: agents end their turn, nothing new starts, the process ends and resume completes", async () => {
    const { world, definition } = await worldWith();
    const viewer = world.start("run", definition, "--use", "simulated", "--id", ID, "--foreground", "--yes");
    await running(world);
    viewer.signal("SIGINT");
    const left = await viewer.ended;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain(`signalbox resume ${ID}`);
    const state = (await world.state(ID)) ?? expect.fail("no state");
    expect(state.status).toBe("PAUSED");
    expect(openSessions(state)).toEqual([]);
    expect(Object.values(state.sessions).every((session) => session.outcome?.kind === "ok")).toBe(true);
    expect(await world.coordinator()).toBeNull();
    await world.ok("resume", ID);
    await world.until(ID, "the checkpoint asks", (s) => asks(s, "checkpoint"));
    await world.ok("approve");
    expect((await endOfCompleted(world, ID)).merges).toHaveLength(5);
  });

  it("a second time in the foreground ends at once, and resume completes without doing anything twice", async () => {
    const { world, definition } = await worldWith();
    const viewer = world.start("run", definition, "--use", "simulated", "--id", ID, "--foreground", "--yes");
    await running(world);
    viewer.signal("SIGINT");
    await world.until(ID, "it pauses", (state) => state.status === "PAUSED");
    viewer.signal("SIGINT");
    expect((await viewer.ended).code).toBe(130);
    await world.ok("resume", ID);
    await world.until(ID, "the checkpoint asks", (s) => asks(s, "checkpoint"));
    await world.ok("approve");
    expect((await endOfCompleted(world, ID)).merges).toHaveLength(5);
    expect((await world.state(ID))?.spend.retries).toBe(0);
  });
});

describe("SIGTERM", () => {
  it("in the foreground pauses, keeps the sessions, gives the lease back and ends with 143", async () => {
    const { world, definition } = await worldWith();
    const viewer = world.start("run", definition, "--use", "simulated", "--id", ID, "--foreground", "--yes");
    await running(world);
    viewer.signal("SIGTERM");
    const left = await viewer.ended;
    expect([left.code, left.stderr]).toEqual([143, expect.stringContaining(`signalbox resume ${ID}`)]);
    const state = (await world.state(ID)) ?? expect.fail("no state");
    expect([state.status, state.pausedReason]).toEqual(["PAUSED", "ended by SIGTERM"]);
    expect(await world.coordinator()).toBeNull();
    const lease = join(world.commonDir, "signalbox", ID, "lease.1.json");
    expect(JSON.parse(readFileSync(lease, "utf8"))).toMatchObject({ released: true });
    await world.ok("resume", ID);
    await world.until(ID, "the checkpoint asks", (s) => asks(s, "checkpoint"));
    await world.ok("approve");
    expect((await endOfCompleted(world, ID)).merges).toHaveLength(5);
    expect((await world.state(ID))?.spend.retries).toBe(0);
  });
});

describe("pause and resume", () => {
  it("start nothing new while agents end their turn, and go on", async () => {
    const { world, definition } = await worldWith();
    await world.ok("run", definition, "--use", "simulated", "--id", ID, "--detach");
    await running(world);
    await world.ok("pause", "--note", "lunch");
    const paused = await world.until(
      ID,
      "agents have ended their turn",
      (state) => state.status === "PAUSED" && openSessions(state).length === 0,
    );
    expect(paused.pausedReason).toBe("lunch");
    const standing = await world.run("watch");
    expect([standing.code, standing.stderr]).toEqual([5, expect.stringContaining("lunch")]);
    expect(Object.keys((await world.state(ID))?.sessions ?? {})).toEqual(Object.keys(paused.sessions));
    await world.ok("resume");
    await world.until(ID, "it reaches its checkpoint", (state) => asks(state, "checkpoint"));
  });
});

describe("resume without a login", () => {
  it("says that it waits for one, once, and ends with 4", async () => {
    const world = await openWorld({ scenario: { deliverables: { "*": { fail: [{ fault: "api-401" }] } } } });
    const definition = await world.define("cross", CROSS);
    expect((await world.run("run", definition, "--use", "simulated", "--id", ID)).code).toBe(4);
    const resumed = await world.run("resume");
    expect([resumed.code, resumed.stdout]).toEqual([4, ""]);
    expect(resumed.stderr).toContain(`${ID} waits for a login`);
    expect(resumed.stderr.match(/not logged in/g)).toHaveLength(1);
    expect(resumed.stderr).not.toContain("goes on");
    const json = await world.run("resume", "--json");
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({ status: "PAUSED", waiting: [{ kind: "auth" }] });
  });
});

describe("cancel", () => {
  it("ends agents that would never end, keeps what is there and cannot be resumed", async () => {
    const world = await openWorld({
      scenario: { deliverables: { "agent-b-001": { fail: [{ fault: "stall" }] }, "*": { scores: [0.95] } } },
    });
    const definition = await world.define("cross", CROSS);
    await world.ok("run", definition, "--use", "simulated", "--id", ID, "--detach");
    await world.until(
      ID,
      "one is merged, one stalls",
      (state) => state.deliverables["agent-a-001"]?.step === "merged",
    );
    const unsaid = await world.run("cancel");
    expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    await world.ok("cancel", "--yes", "--note", "no longer wanted");
    expect((await world.run("watch")).code).toBe(1);
    const state = await world.until(
      ID,
      "it is cancelled",
      (s) => s.status === "CANCELLED" && openSessions(s).length === 0,
    );
    const stalled = Object.values(state.sessions).filter((session) => session.subject === "agent-b-001");
    expect(stalled.map((session) => session.outcome?.kind)).toEqual(["cancelled"]);
    const merged = state.deliverables["agent-a-001"]?.artifact;
    expect(await world.git("cat-file", "-t", `signalbox/${ID}/main:${merged}`)).toBe("blob");
    expect((await world.run("resume", ID)).code).toBe(2);
    await eventually("no process is left", () => processesOf(world.folder).length === 0, 30_000);
  });
});

describe("a second coordinator", () => {
  it("is told who holds the repository and ends with 7", async () => {
    const { world, definition } = await worldWith();
    await world.ok("run", definition, "--use", "simulated", "--id", ID, "--detach");
    await running(world);
    const holder = await world.coordinator();
    const second = await world.run(
      "run",
      definition,
      "--use",
      "simulated",
      "--id",
      "cross-20260220-002",
      "--foreground",
    );
    expect([second.code, second.stderr]).toEqual([7, expect.stringContaining(`pid ${holder?.pid}`)]);
    expect(await world.coordinator()).toEqual(holder);
    expect(await world.state("cross-20260220-002")).toBeNull();
    const json = await world.run("run", definition, "--use", "simulated", "--foreground", "--json");
    expect(JSON.parse(json.stdout.split("\n")[0] ?? "")).toMatchObject({
      error: { code: "coordinator-runs" },
    });
  });
});
