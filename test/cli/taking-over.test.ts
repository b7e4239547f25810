/** The words of taking over on the command line: what is asked first, what is refused, what is said. */
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { takeConversation } from "../../src/adapters/host/conversation-lock.ts";
import { aPlanContext, threeFixes } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import type { FakeEngine } from "./fake-engine.ts";
import { aWorld, type Ran, told, type World } from "./harness.ts";

const ID = "fixes-20260220-001";
const BRANCH = `signalbox/${ID}/login.1.1`;

async function withFixes(): Promise<World> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(threeFixes(), aPlanContext({ id: ID })).plan, "ada");
  return world;
}

describe("a word on a slot that asks nothing", () => {
  it("is meant only with a yes, and then carried out in the name of whoever typed it", async () => {
    const world = await withFixes();
    expect(told(await world.run("skip", "login", "not needed"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ login asks nothing: it waits for what stands before it (BLOCKED). Leave it out for good? Nobody can be asked here
      ↳ Say so in the command: --yes"
    `);
    expect(told(await world.run("skip", "login", "not needed", "--yes"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ login is left out
      ↳ Watch it: signalbox watch fixes-20260220-001"
    `);
    expect((await world.run("show", "login")).stdout).toContain("SKIPPED");
  });

  it("that makes no sense is refused before anybody is asked", async () => {
    const world = await withFixes();
    expect(told(await world.run("retry", "login"))).toMatchInlineSnapshot(`
      "exit 1
      --- stderr
      ✗ retry makes no sense for login now: it waits for what stands before it (BLOCKED)
      ↳ To leave it out: signalbox skip login"
    `);
    expect(told(await world.run("write", "login", "--yes"))).toMatchInlineSnapshot(`
      "exit 1
      --- stderr
      ✗ write makes no sense for login now: it waits for what stands before it (BLOCKED)
      ↳ To leave it out: signalbox skip login"
    `);
    expect(told(await world.run("write", "login", "--from", "x.md"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ login makes a change and not one file, so --from has no place
      ↳ Make it in the worktree: signalbox write login"
    `);
  });
});

interface Worktree extends World {
  readonly engine: FakeEngine;
  readonly path: string;
  /** `attach login` in a terminal whose shell is this script. */
  attach(script: string): Promise<Ran>;
}

/** The slot `login` has a worktree, and no session runs in it. */
async function withWorktree(): Promise<Worktree> {
  const world = await aWorld();
  const engine = await world.coordinate();
  const base = (await world.git("rev-parse", "HEAD")).trim();
  const { plan } = planOf(threeFixes(), aPlanContext({ id: ID }));
  await engine.create({ ...plan, base: { ...plan.base, commit: base } }, "ada");
  const repository = await openRepository(world.root, { env: world.env });
  const { path } = await repository.addWorktree({ workflow: ID, branch: BRANCH, base });
  const at = engine.now();
  await engine.append(ID, [
    { at, type: "deliverable.attempted", subject: "login", attempt: 1, branch: BRANCH, base },
    { at, type: "round.started", subject: "login", round: 1 },
    { at, type: "deliverable.moved", subject: "login", step: "create" },
  ]);
  const attach = async (script: string): Promise<Ran> => {
    await world.write("shell", `#!/bin/sh\n${script}\n`);
    await chmod(join(world.root, "shell"), 0o755);
    const env = { ...world.env, SHELL: join(world.root, "shell") };
    return world.runWith({ interactive: true, env }, "attach", "login");
  };
  return { ...world, engine, path, attach };
}

describe("attach", () => {
  it("needs a terminal, and says what does without one", async () => {
    const world = await withWorktree();
    expect(told(await world.run("attach", "login"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ attach needs a terminal
      ↳ To end the agent's turn and tell it something: signalbox interrupt login "…""
    `);
  });

  it("opens a shell in the worktree where the agent has no program of its own, and hands back what it leaves", async () => {
    const world = await withWorktree();
    const ran = await world.attach("pwd > where; exit 3");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("login is handed back; commit, checks and gate follow");
    expect(await readFile(join(world.path, "where"), "utf8")).toBe(`${world.path}\n`);
    expect(world.engine.state(ID)?.deliverables.login).toMatchObject({
      step: "commit",
      attached: { by: "ada" },
    });
  });

  it("takes nothing that another living program has, and nobody answers for that slot meanwhile", async () => {
    const world = await withWorktree();
    const lock = await takeConversation({ commonDir: world.commonDir, workflow: ID, key: BRANCH });
    const ran = await world.attach("exit 0");
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("open in another program")]);
    expect((await world.attach("exit 0")).stderr).toContain("attached by ada since 2026-02-20T10:0");
    const answer = ["decide", "login", "done"] as const;
    expect((await world.run(...answer)).stderr).toContain("login is still open in a terminal of ada");
    expect((await world.run("show", "login")).stdout).toMatch(/now +attached by ada, since/);
    if (lock.ok) await lock.release();
    expect((await world.run("show", "login")).stdout).toContain("that terminal is gone");
    expect((await world.run(...answer)).code).toBe(0);
    expect(world.engine.state(ID)?.deliverables.login?.step).toBe("commit");
  });
});
