/** A base that is behind what it follows: told, recorded, refused where the configuration says so. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { replay } from "../../src/core/workflow/replay.ts";
import { aWorld, type World } from "./harness.ts";

const DISPATCH = ["dispatch", "Fix the login", "--use", "simulated", "--detach"] as const;

/** `main` here has not got the commit that `main` of origin has; nothing of it was fetched. */
async function late(): Promise<World> {
  const world = await aWorld();
  await world.coordinate();
  const far = join(world.root, "..", "far.git");
  await world.git("clone", "-q", "--bare", world.root, far);
  await world.git("remote", "add", "origin", far);
  const next = await world.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "newer");
  await world.git("push", "-q", "origin", `${next.trim()}:refs/heads/main`);
  await world.git("update-ref", "-d", "refs/remotes/origin/main");
  return world;
}

async function recorded(world: World): Promise<unknown> {
  const [id = ""] = await world.store.list();
  return replay(await world.store.load(id))?.plan.base.upstream;
}

it("fetches nothing by itself; --fetch tells and records how far behind the base is", async () => {
  const world = await late();
  const silent = await world.run(...DISPATCH);
  expect([silent.code, silent.stderr.includes("behind")]).toEqual([0, false]);
  expect(await recorded(world)).toBeUndefined();
  const told = await world.run("dispatch", "Fix the export", "--use", "simulated", "--detach", "--fetch");
  expect(told.stderr).toContain("main is 1 commit behind origin/main (last fetch just now)");
  expect(told.stderr).toMatch(/to start from there: --base [0-9a-f]{12}\n/);
  const id = told.stdout.trim();
  const { base } = JSON.parse((await world.run("status", id, "--json")).stdout);
  expect(base.upstream).toMatchObject({ name: "origin/main", behind: 1, ahead: 0 });
  expect((await world.run("status", id)).stdout).toContain(
    "main was 1 commit behind origin/main at the start",
  );
  expect(await world.git("for-each-ref", "refs/remotes")).toBe("");
});

it("refuses to start where the committed configuration says so, with the ways out, and changes nothing", async () => {
  const world = await late();
  await world.write("signalbox.yaml", "behind: refuse\nfetch: true\n");
  await world.git("add", ".");
  await world.git("commit", "-q", "-m", "configure");
  const ran = await world.run(...DISPATCH);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("main is 1 commit behind origin/main");
  expect(ran.stderr).toMatch(/Start from there: --base [0-9a-f]{12}\n/);
  expect(await world.store.list()).toEqual([]);
  await world.write("signalbox.yaml", "behind: ignore\nfetch: true\n");
  await world.git("commit", "-q", "-a", "-m", "configure");
  const ignored = await world.run(...DISPATCH);
  expect([ignored.code, ignored.stderr.includes("behind")]).toEqual([0, false]);
  expect(await recorded(world)).toMatchObject({ behind: 1, ahead: 2 });
});
