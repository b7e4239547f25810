/** `signalbox restore` over a real repository. */
import { expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { aWorld, told, type World } from "./harness.ts";

async function preserving(...names: readonly string[]): Promise<World> {
  const world = await aWorld();
  const repository = await openRepository(world.root, { env: world.env });
  const head = (await world.git("rev-parse", "HEAD")).trim();
  for (const name of names) {
    const [workflow = "", slot = ""] = name.split("/");
    await repository.preserve(workflow, slot, head);
  }
  return world;
}

it("lists what is preserved, from when, why, and how one comes back", async () => {
  const world = await preserving("fixes-20260220-001/login.1.1", "fixes-20260220-001/uncommitted");
  expect(told(await world.run("restore"))).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    fixes-20260220-001/login.1.1	1h30m ago	all on branches	on no other ref when its branch or worktree had to go
    fixes-20260220-001/uncommitted	1h30m ago	all on branches	changes of the checkout, taken in by --include-dirty
    --- stderr
    ↳ Bring one back as a branch: signalbox restore fixes-20260220-001/login.1.1"
  `);
  expect(JSON.parse((await world.run("restore", "--json")).stdout).preserved[0]).toMatchObject({
    ref: "refs/signalbox/preserved/fixes-20260220-001/login.1.1",
    restore: "signalbox restore fixes-20260220-001/login.1.1",
  });
  expect((await world.run("complete", "restore", "fixes-20260220-001/l")).stdout).toBe(
    "fixes-20260220-001/login.1.1\n",
  );
});

it("brings one back as a branch and leaves a branch of that name alone", async () => {
  const world = await preserving("one/login.1.1", "two/login.1.1", "two/export.1.1");
  const back = await world.run("restore", "tw/export");
  expect([back.code, back.stdout]).toEqual([0, "restored/export.1.1\n"]);
  await world.git("commit", "-q", "--allow-empty", "-m", "on");
  await world.git("branch", "-q", "mine");
  expect(told(await world.run("restore", "one/login.1.1", "--as", "mine"))).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    ✗ The branch mine is there already, at d1e540c7716a; it stays as it is
    ↳ Give another name: --as BRANCH
    ↳ To see what is on it, run: git log mine"
  `);
  expect((await world.run("restore", "login", "--json")).stdout).toContain("ambiguous-preserved");
  expect((await world.run("restore", "nobody")).stderr).toContain("Nothing is preserved as nobody");
  expect(
    (await world.git("for-each-ref", "--format=%(refname)", "refs/heads")).split("\n").slice(0, 3),
  ).toEqual(["refs/heads/main", "refs/heads/mine", "refs/heads/restored/export.1.1"]);
});
