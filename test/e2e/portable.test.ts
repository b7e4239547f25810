import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { asks, type End, endOfCompleted, STEPS } from "../support/e2e-workflow.ts";
import { openWorld, runGit, type World } from "../support/e2e-world.ts";

const ID = "steps-20260220-001";
const BRANCH = `signalbox/${ID}/main`;
const QUICK = { deliverables: { "*": { scores: [0.95], delayMs: 0 } } };

/** A workflow that waits at its first checkpoint, pushed to a bare repository. */
async function pushed(
  branch = BRANCH,
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly world: World; readonly remote: string }> {
  const world = await openWorld({ scenario: QUICK, files });
  const definition = await world.define("steps", STEPS);
  expect((await world.run("run", definition, "--use", "simulated", "--id", ID)).code).toBe(5);
  const remote = join(world.folder, "remote.git");
  await runGit(world.folder, world.env, ["init", "-q", "--bare", "-b", "trunk", remote]);
  await world.git("remote", "add", "origin", remote);
  await world.git("push", "-q", "origin", "trunk", branch);
  return { world, remote };
}

async function cloned(world: World, remote: string): Promise<World> {
  const root = join(world.folder, "elsewhere");
  await runGit(world.folder, world.env, ["clone", "-q", remote, root]);
  return world.at(root);
}

async function approvedToTheEnd(world: World): Promise<End> {
  await world.ok("approve", "CP-001");
  return endOfCompleted(world, ID);
}

describe("the pushed integration branch", () => {
  it("is enough to go on in a clone, from the last checkpoint to the same end; the older machine cannot push over it", async () => {
    const { world, remote } = await pushed();
    const elsewhere = await cloned(world, remote);
    expect(existsSync(join(elsewhere.commonDir, "signalbox"))).toBe(false);
    await elsewhere.ok("resume", ID);
    await elsewhere.until(ID, "it asks what it asked", (state) => asks(state, "CP-001"));
    const there = await approvedToTheEnd(elsewhere);
    const here = await approvedToTheEnd(world);
    expect(there.files).toEqual(here.files);
    expect(there.merges).toEqual(here.merges);
    expect(there.checkpoints).toEqual(here.checkpoints);
    const push = ["push", "-q", "origin", BRANCH];
    await runGit(elsewhere.root, world.env, push);
    await expect(runGit(world.root, world.env, push)).rejects.toThrow(
      /rejected|non-fast-forward|fetch first/,
    );
  });
});

describe("rewind", () => {
  it("runs again what follows the checkpoint, in a new epoch; what was there is recorded and reachable", async () => {
    const { world } = await pushed();
    await approvedToTheEnd(world);
    const before = (await world.state(ID)) ?? expect.fail("no state");
    const [kept, , redone] = before.plan.deliverables;
    const old = before.deliverables[redone?.id ?? ""];
    const text = await world.git("show", `${BRANCH}:${old?.artifact}`);
    await world.ok("rewind", "CP-002", "--yes", "--note", "decide it with the new numbers");
    const after = await world.until(
      ID,
      "it completes again",
      (s) => s.epoch === 2 && s.status === "COMPLETE" && s.integrations.length === 0,
    );
    expect(after.deliverables[kept?.id ?? ""]).toMatchObject({ epoch: 1, step: "merged" });
    expect(after.deliverables[redone?.id ?? ""]).toMatchObject({ epoch: 2, step: "merged" });
    const [superseded] = after.deliverables[redone?.id ?? ""]?.superseded ?? [];
    expect(superseded?.ref).toBe(`${superseded?.ref.split(":")[0]}:${old?.artifact}`);
    expect(await world.git("show", superseded?.ref ?? "")).toBe(text);
    await world.git("merge-base", "--is-ancestor", superseded?.ref.split(":")[0] ?? "", BRANCH);
    expect(await world.git("show", `${BRANCH}:${after.plan.layout.trackerFile}`)).toContain(
      superseded?.ref.slice(0, 8),
    );
    expect(after.checkpoints.filter((c) => !c.rolledBack).map((c) => c.commit)).not.toContain(null);
  });
});

describe("an integration branch with a first part of its own (layout.branch_prefix)", () => {
  it("goes on in a clone to the same end, found without a name for the workflow's branch", async () => {
    const branch = `bots/${ID}/main`;
    const files = { "signalbox.yaml": "layout: { branch_prefix: bots }\n" };
    const { world, remote } = await pushed(branch, files);
    const elsewhere = await cloned(world, remote);
    await elsewhere.ok("resume", ID.slice(0, 5));
    await elsewhere.until(ID, "it asks what it asked", (state) => asks(state, "CP-001"));
    await elsewhere.ok("approve", "CP-001");
    await elsewhere.until(ID, "it completes", (state) => state.status === "COMPLETE");
    const merges = await elsewhere.git("log", "--merges", "--format=%s", branch);
    expect(merges.split("\n")).toHaveLength(3);
    expect(await elsewhere.git("for-each-ref", "--format=%(refname)", "refs/heads/signalbox")).toBe("");
    expect((await elsewhere.run("doctor")).stdout).not.toContain("of no workflow known here");
  });
});

describe("documents", () => {
  it("are checked byte for byte against their state, and rendered again from the journal", async () => {
    const { world } = await pushed();
    const checked = await world.run("docs", "--check");
    expect([checked.code, checked.stdout]).toEqual([0, ""]);
    const state = (await world.state(ID)) ?? expect.fail("no state");
    const path = state.plan.layout.planFile;
    const folder = join(world.folder, "edited");
    await world.git("worktree", "add", "-q", "--detach", folder, BRANCH);
    writeFileSync(
      join(folder, path),
      readFileSync(join(folder, path), "utf8").replace("Research", "Reserch"),
    );
    await runGit(folder, world.env, ["commit", "-q", "-am", "a byte"]);
    await world.git(
      "update-ref",
      `refs/heads/${BRANCH}`,
      await runGit(folder, world.env, ["rev-parse", "HEAD"]),
    );
    const found = await world.run("docs", "--check");
    expect([found.code, found.stdout]).toEqual([
      1,
      expect.stringMatching(new RegExp(`${path}:\\d+ differs`)),
    ]);
    await world.ok("docs", "--out", folder);
    expect(readFileSync(join(folder, path), "utf8")).not.toContain("Reserch");
    await runGit(folder, world.env, ["commit", "-q", "-am", "rendered again"]);
    await world.git(
      "update-ref",
      `refs/heads/${BRANCH}`,
      await runGit(folder, world.env, ["rev-parse", "HEAD"]),
    );
    expect((await world.run("docs", "--check")).code).toBe(0);
    const left = `${state.plan.layout.folder}escalations/agent-z-009-escalation.md`;
    mkdirSync(dirname(join(folder, left)), { recursive: true });
    writeFileSync(join(folder, left), "# A record of nothing\n");
    await runGit(folder, world.env, ["add", "-f", left]);
    await runGit(folder, world.env, ["commit", "-q", "-m", "left over"]);
    await world.git(
      "update-ref",
      `refs/heads/${BRANCH}`,
      await runGit(folder, world.env, ["rev-parse", "HEAD"]),
    );
    const leftover = await world.run("docs", "--check");
    expect([leftover.code, leftover.stdout]).toEqual([
      1,
      expect.stringContaining(`${left} is a record of nothing in its state`),
    ]);
    const told = await world.run("docs", "--check", "--json");
    expect(JSON.parse(told.stdout)).toMatchObject({
      ok: false,
      files: expect.arrayContaining([{ path: left, line: null, missing: false, unexpected: true }]),
    });
  });
});
