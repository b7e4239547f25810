/** The coordinator as a real process: several viewers at once, a killed one, a stale socket. */
import { describe, expect, it } from "vitest";
import { livingClaims } from "../../src/adapters/coordinator/claim.ts";
import { openWorld } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const WAITS =
  "workflow: Waits\nreview: [plan]\nchecks: ['true']\nstages:\n  - phase: Fix\n    slots:\n      - { id: one, brief: do }\n";

describe("the coordinator process", () => {
  it("is one, however many commands start it at the same moment", async () => {
    const world = await openWorld();
    const path = await world.define("waits", WAITS);
    const ids = ["a", "b", "c", "d"];
    const ran = await Promise.all(
      ids.map((id) => world.run("run", path, "--use", "simulated", "--id", id, "--detach")),
    );
    expect(ran.map(({ code, stdout }) => `${code} ${stdout.trim()}`)).toEqual(ids.map((id) => `0 ${id}`));
    expect((await livingClaims(world.commonDir)).length).toBeLessThanOrEqual(1);
    for (const id of ids) expect((await world.state(id))?.status).toBe("ACTIVE");
  });

  it("leaves by itself when everything waits for a person, and comes back for the answer", async () => {
    const world = await openWorld();
    const path = await world.define("waits", WAITS);
    await world.ok("run", path, "--use", "simulated", "--id", "one-by-one", "--detach");
    await eventually("the coordinator has left", async () => (await world.coordinator()) === null);
    await world.ok("approve", "plan");
    const state = await world.until("one-by-one", "complete", ({ status }) => status === "COMPLETE");
    expect(state.decisions[0]).toMatchObject({ by: "ana", word: "approve" });
  });

  it("that was killed is replaced, stale socket and all", async () => {
    const world = await openWorld();
    const path = await world.define("waits", WAITS);
    await world.ok("run", path, "--use", "simulated", "--id", "killed", "--detach");
    const claim = await world.coordinator();
    if (claim !== null) process.kill(claim.pid, "SIGKILL");
    await world.ok("approve", "plan");
    await world.until("killed", "complete", ({ status }) => status === "COMPLETE");
  });

  it("in the foreground ends with the work and leaves no process behind", async () => {
    const world = await openWorld();
    const path = await world.define("waits", WAITS);
    const ran = await world.run("run", path, "--use", "simulated", "--id", "ci", "--yes", "--foreground");
    expect(ran.code).toBe(0);
    expect(await world.coordinator()).toBe(null);
    expect((await world.state("ci"))?.status).toBe("COMPLETE");
  });

  it("in the foreground pauses at the first Ctrl+C, keeps the work, and can be resumed", async () => {
    const world = await openWorld({ scenario: { delayMs: 1500 } });
    const path = await world.define("waits", WAITS.replace("review: [plan]\n", ""));
    const viewer = world.start("run", path, "--use", "simulated", "--id", "stopped", "--foreground");
    await world.until("stopped", "a running agent", ({ sessions }) => Object.keys(sessions).length > 0);
    viewer.signal("SIGINT");
    const ran = await viewer.ended;
    expect(ran.code).toBe(130);
    expect(ran.stderr).toContain("Go on: signalbox resume stopped");
    expect((await world.state("stopped"))?.status).toBe("PAUSED");
    await world.ok("resume", "stopped");
    await world.until("stopped", "complete", ({ status }) => status === "COMPLETE");
  });
});

describe("a clone", () => {
  it("goes on where the workflow stood elsewhere, from the branch alone", async () => {
    const world = await openWorld();
    const path = await world.define("waits", WAITS);
    await world.ok("run", path, "--use", "simulated", "--id", "travels", "--detach");
    await world.until("travels", "its first commit", ({ head }) => head !== null);
    await eventually("the coordinator has left", async () => (await world.coordinator()) === null);
    await world.git("clone", "-q", world.root, `${world.folder}/elsewhere`);
    const clone = world.at(`${world.folder}/elsewhere`);
    await clone.ok("resume", "travels");
    await clone.ok("approve", "plan", "-w", "travels");
    await clone.until("travels", "complete", ({ status }) => status === "COMPLETE");
  });
});
