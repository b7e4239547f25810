import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asks, CROSS, endOfCompleted, STEPS } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";

const ID = "cross-20260220-001";
const SCENARIO = { delayMs: 40, deliverables: { "*": { scores: [0.95] } } };

/** What the user did, as git must show it afterwards. */
interface Deeds {
  readonly commits: string[];
  readonly stashes: string[];
}

/** One turn of ordinary work: an edit that is committed, one that is stashed, one that is staged and one that is left alone. */
async function work(world: World, turn: number, deeds: Deeds): Promise<void> {
  world.write("src/app.ts", `export const turn = ${turn};\n`);
  await world.git("add", "src/app.ts");
  await world.git("commit", "-q", "-m", `turn ${turn}`, "--", "src/app.ts");
  deeds.commits.unshift(`turn ${turn}`);
  if (turn % 3 === 0) {
    world.write("src/app.ts", `stashed in turn ${turn}\n`);
    await world.git("stash", "push", "-q", "-m", `stash ${turn}`, "--", "src/app.ts");
    deeds.stashes.unshift(`On trunk: stash ${turn}`);
  }
  world.write("staged.txt", `staged in turn ${turn}\n`);
  await world.git("add", "staged.txt");
  world.write("notes.md", `left alone in turn ${turn}\n`);
}

/** Everything of the user's side of the repository. */
async function usersSide(world: World): Promise<Readonly<Record<string, unknown>>> {
  return {
    head: await world.git("symbolic-ref", "HEAD"),
    log: (await world.git("log", "--format=%s")).split("\n"),
    authors: [...new Set((await world.git("log", "--format=%an")).split("\n"))],
    stashes: (await world.git("stash", "list", "--format=%gs")).split("\n"),
    staged: await world.git("diff", "--cached", "--name-only"),
    changed: await world.git("diff", "--name-only"),
    untracked: await world.git("ls-files", "--others", "--exclude-standard"),
    config: readFileSync(join(world.commonDir, "config"), "utf8"),
    hooks: readdirSync(join(world.commonDir, "hooks")).filter((name) => !name.endsWith(".sample")),
    foreign: (await world.git("for-each-ref", "--format=%(refname)"))
      .split("\n")
      .filter((ref) => !ref.includes("signalbox")),
  };
}

describe("a user who works in the checkout while a workflow runs", () => {
  it("finds nothing there but the own work, and the workflow completes", async () => {
    const world = await openWorld({
      scenario: SCENARIO,
      files: { "src/app.ts": "export const turn = 0;\n", "staged.txt": "", "notes.md": "" },
    });
    const definition = await world.define("cross", CROSS);
    const config = readFileSync(join(world.commonDir, "config"), "utf8");
    const base = await world.git("rev-parse", "HEAD");
    await world.ok("run", definition, "--use", "simulated", "--id", ID, "--detach");
    const deeds: Deeds = { commits: [], stashes: [] };
    let turn = 1;
    for (let over = false; !over; turn += 1) {
      await work(world, turn, deeds);
      over = asks((await world.state(ID)) ?? expect.fail("no state"), "checkpoint");
    }
    expect(turn).toBeGreaterThan(3);
    expect(await usersSide(world)).toEqual({
      head: "refs/heads/trunk",
      log: [...deeds.commits, "define cross", "start"],
      authors: ["Ana"],
      stashes: deeds.stashes,
      staged: "staged.txt",
      changed: "notes.md",
      untracked: "",
      config,
      hooks: [],
      foreign: ["refs/heads/trunk", "refs/stash"],
    });
    expect(readFileSync(join(world.root, "notes.md"), "utf8")).toBe(`left alone in turn ${turn - 1}\n`);
    expect(existsSync(join(world.root, "orchestration"))).toBe(false);
    await world.ok("approve", "-w", ID);
    const end = await endOfCompleted(world, ID);
    expect(end.merges).toHaveLength(5);
    expect(end.files.filter((line) => /src\/app|staged|notes/.test(line))).toEqual(
      (await world.git("ls-tree", "-r", base))
        .split("\n")
        .filter((line) => /src\/app|staged|notes/.test(line)),
    );
  });
});

describe("a user who checks the integration branch out", () => {
  it("is asked to leave it before it moves, and nothing is changed under the user's feet", async () => {
    const world = await openWorld({ scenario: { deliverables: { "*": { scores: [0.95], delayMs: 0 } } } });
    const definition = await world.define("steps", STEPS);
    expect((await world.run("run", definition, "--use", "simulated", "--id", "steps-1")).code).toBe(5);
    await world.git("checkout", "-q", "signalbox/steps-1/main");
    const head = await world.git("rev-parse", "HEAD");
    await world.ok("approve", "CP-001");
    const stopped = await world.run("watch");
    expect([stopped.code, stopped.stderr]).toEqual([
      5,
      expect.stringContaining("is checked out in a working folder"),
    ]);
    expect(await world.git("rev-parse", "HEAD")).toBe(head);
    expect(await world.git("status", "--porcelain")).toBe("");
    await world.git("checkout", "-q", "trunk");
    await world.ok("resume");
    expect((await endOfCompleted(world, "steps-1")).merges).toHaveLength(3);
  });
});

describe("a user who moves the integration branch", () => {
  it("is told the command that puts it back; after it resume completes, before it nothing is built on it", async () => {
    const world = await openWorld({ scenario: { deliverables: { "*": { scores: [0.95], delayMs: 0 } } } });
    const definition = await world.define("steps", STEPS);
    await world.run("run", definition, "--use", "simulated", "--id", "steps-1");
    const ref = "refs/heads/signalbox/steps-1/main";
    await world.git(
      "update-ref",
      ref,
      await world.git("commit-tree", "trunk^{tree}", "-p", ref, "-m", "mine"),
    );
    const moved = await world.git("rev-parse", ref);
    await world.ok("approve", "CP-001");
    expect((await world.run("watch")).code).toBe(5);
    await world.ok("resume");
    expect((await world.run("watch")).code).toBe(5);
    expect(await world.git("rev-parse", ref)).toBe(moved);
    const reason = (await world.state("steps-1"))?.pausedReason ?? "";
    const command = /git (update-ref \S+ \S+)/.exec(reason)?.[1] ?? expect.fail(reason);
    await world.git(...command.split(" "));
    await world.ok("resume");
    const end = await endOfCompleted(world, "steps-1");
    expect(end.merges).toHaveLength(3);
    expect(await world.git("log", "--format=%s", ref)).not.toContain("mine");
  });
});
