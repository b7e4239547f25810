/** The words of taking over on the command line: what is asked first, what is refused, what is said. */
import { describe, expect, it } from "vitest";
import { aPlanContext, threeFixes } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = "fixes-20260220-001";

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
