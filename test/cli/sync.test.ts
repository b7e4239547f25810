/** `signalbox sync`: what is to come in, told and shown; the target itself stays as it is. */
import { expect, it } from "vitest";
import { THREE } from "../builders/worlds.ts";
import { aWorld, told } from "./harness.ts";

const ID = THREE.workflow.id;

it("asks for the target's tip, shows it in status, and refuses what is no revision", async () => {
  const world = await aWorld();
  const engine = await world.coordinate();
  const commit = (await world.git("rev-parse", "HEAD")).trim();
  await engine.create({ ...THREE, base: { branch: "main", commit, target: "main" } }, "ada");
  const refs = await world.git("for-each-ref");
  expect(told(await world.run("sync"))).toMatchInlineSnapshot(`
    "exit 0
    --- stderr
    ✓ main at b773180e42e6 comes into three-fixes-20260220-001 at the next stage boundary
    ↳ Watch it: signalbox watch three-fixes-20260220-001"
  `);
  expect((await world.run("status", ID)).stdout).toContain("main at b773180e comes in at the next stage");
  expect(JSON.parse((await world.run("status", ID, "--json")).stdout).sync).toMatchObject({
    commit,
    from: "main",
  });
  expect(told(await world.run("sync", ID, "--from", "nowhere"))).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    ✗ nowhere is no commit of this repository
    ↳ To see branches, run: git branch --all"
  `);
  expect(await world.git("for-each-ref")).toBe(refs);
});
