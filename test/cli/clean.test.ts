/** `signalbox clean` over real worktrees: what goes, what stays and says why. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = "demo-20260220-001";

/** A cancelled workflow with worktrees and branches of two attempts, in the folder that its layout names. */
async function cancelled(worktrees: string): Promise<World> {
  const world = await aWorld();
  const engine = await world.coordinate();
  const { plan } = planOf(multiInstance(), aPlanContext({ id: ID }));
  await engine.create({ ...plan, layout: { ...plan.layout, worktrees } }, "ada");
  await world.run("cancel", "--yes");
  const repository = await openRepository(world.root, { env: world.env, worktrees });
  const base = (await world.git("rev-parse", "HEAD")).trim();
  for (const slot of ["one", "two"])
    await repository.addWorktree({ workflow: ID, branch: `signalbox/${ID}/${slot}.1.1`, base });
  return world;
}

describe("clean", () => {
  it("finds worktrees where the layout of their workflow puts them", async () => {
    const world = await cancelled("../elsewhere");
    const place = join(world.root, "..", "elsewhere", "signalbox", ID, "one.1.1");
    expect(existsSync(place)).toBe(true);
    expect(told(await world.run("clean", ID, "--yes"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ 4 items removed
      ↳ kept: git log refs/signalbox/preserved/demo-20260220-001/one.1.1
      ↳ kept: git log refs/signalbox/preserved/demo-20260220-001/two.1.1"
    `);
    expect(existsSync(place)).toBe(false);
  });

  it("keeps a worktree with a repository of its own inside, says so, and goes on with the rest", async () => {
    const world = await cancelled("../{repo}-wt");
    const folder = join(world.root, "..", "shop-wt", "signalbox", ID);
    await world.git("init", "-q", join(folder, "one.1.1", "sub"));
    await world.git("-C", join(folder, "one.1.1", "sub"), "commit", "-q", "--allow-empty", "-m", "own");
    expect(told(await world.run("clean", ID, "--yes"))).toMatchInlineSnapshot(`
      "exit 1
      --- stderr
      ✓ 2 items removed
      ↳ kept: git log refs/signalbox/preserved/demo-20260220-001/two.1.1
      ! <folder>/shop-wt/signalbox/demo-20260220-001/one.1.1/sub/ is a repository of its own, so <folder>/shop-wt/signalbox/demo-20260220-001/one.1.1 is kept
      ↳ To keep its history, run: mv <folder>/shop-wt/signalbox/demo-20260220-001/one.1.1/sub/ SOMEWHERE-ELSE
      ! signalbox/demo-20260220-001/one.1.1 is checked out in <folder>/shop-wt/signalbox/demo-20260220-001/one.1.1; it stays"
    `);
    expect([existsSync(join(folder, "one.1.1", "sub")), existsSync(join(folder, "two.1.1"))]).toEqual([
      true,
      false,
    ]);
    await rm(join(folder, "one.1.1", "sub"), { recursive: true });
    expect((await world.run("clean", ID, "--yes")).code).toBe(0);
    expect(await world.git("branch", "--list", "signalbox/*")).toBe("");
  });
});
