/** A target that moves between the steps of a landing: looked at again, built and checked anew, in the end told. */
import { describe, expect, it } from "vitest";
import { landWorkflow } from "../../src/engine/land-workflow.ts";
import { landSlot } from "../../src/engine/landing.ts";
import type { LandingDependencies } from "../../src/engine/landing-place.ts";
import { inTurn } from "../../src/engine/landing-turn.ts";
import type { LandingSite } from "../../src/ports/landing.ts";
import type { CheckRunner } from "../../src/ports/provisioner.ts";
import { eventually } from "../support/eventually.ts";
import { green, type LandingWorld, landingWorld, requestFor } from "../support/landing-world.ts";

const PUSH = requestFor("login", { way: "push" });

/** The same, but something happens in front of each push. */
function pushing(site: LandingSite, before: (push: number) => Promise<unknown>): LandingSite {
  let pushes = 0;
  return {
    ...site,
    push: async (target, commit) => {
      pushes += 1;
      await before(pushes);
      return site.push(target, commit);
    },
  };
}

const subjectOf = async ({ repo }: LandingWorld, commit: string): Promise<string> =>
  repo.git(["log", "-1", "--format=%s", commit]);

describe("a remote that moves while something lands on it", () => {
  it("is fetched, and the work is built and checked anew on its new tip", async () => {
    const world = await landingWorld();
    const state = await world.accepted("login", { "src/a.txt": "ONE\ntwo\nthree\n" });
    const remote = await world.remote();
    let theirs = "";
    const site = pushing(world.deps.site, async (push) => {
      if (push === 1) theirs = await remote.push({ "src/b.txt": "theirs\n" });
    });
    const landed = await landSlot({ ...world.deps, site }, state, PUSH);
    expect(await remote.log()).toEqual([await subjectOf(world, landed.commit), "theirs: src/b.txt", "first"]);
    expect(await world.repo.git(["rev-parse", `${landed.commit}^`])).toBe(theirs);
    // What was built first had been checked as the slot's own commit; what landed was not.
    expect(world.checked).toEqual([landed.commit]);
    expect(world.told).toContain("main has moved, building on its new tip");
    expect(await world.repo.git(["rev-parse", "main"])).toBe(world.base);
  });

  it("is taken for moved by where it stands, whatever words it refuses with", async () => {
    const world = await landingWorld();
    const state = await world.accepted("login", { "src/a.txt": "ONE\ntwo\nthree\n" });
    const remote = await world.remote();
    let pushes = 0;
    const push: LandingSite["push"] = async (target, commit) => {
      pushes += 1;
      if (pushes > 1) return world.deps.site.push(target, commit);
      await remote.push({ "src/b.txt": "theirs\n" });
      return { ok: false, reason: "refused", message: "cannot lock ref 'refs/heads/main'" };
    };
    const landed = await landSlot({ ...world.deps, site: { ...world.deps.site, push } }, state, PUSH);
    expect([pushes, await remote.tip()]).toEqual([2, landed.commit]);
  });

  it("is left as others left it when it never rests, with the command that tries again", async () => {
    const world = await landingWorld();
    const state = await world.accepted("login", { "src/a.txt": "ONE\ntwo\nthree\n" });
    const remote = await world.remote();
    const pushes: number[] = [];
    const site = pushing(world.deps.site, async (push) => {
      pushes.push(push);
      await remote.push({ [`src/${push}.txt`]: "theirs\n" });
    });
    await expect(landSlot({ ...world.deps, site }, state, PUSH)).rejects.toMatchObject({
      code: "target-moved",
      hints: [expect.stringContaining("signalbox land login --push")],
    });
    expect(pushes).toEqual([1, 2, 3]);
    expect((await remote.log()).filter((subject) => !subject.startsWith("theirs"))).toEqual(["first"]);
    const landed = await landSlot(world.deps, state, PUSH);
    expect([await remote.tip(), landed.already]).toEqual([landed.commit, false]);
  });

  it("is not landed on when the new tip conflicts, or fails the checks together with the work", async () => {
    const world = await landingWorld();
    const state = await world.accepted("login", { "src/a.txt": "ONE\ntwo\nthree\n" });
    const remote = await world.remote();
    const run: CheckRunner["run"] = async (_, checks) =>
      checks.map(({ name }) => ({ ...green(name), passed: false, exitCode: 1 }));
    const moving = (files: Readonly<Record<string, string>>): LandingDependencies => ({
      ...world.deps,
      checks: { run },
      site: pushing(world.deps.site, (push) => (push === 1 ? remote.push(files) : Promise.resolve())),
    });
    const red = landSlot(moving({ "src/b.txt": "theirs\n" }), state, PUSH);
    await expect(red).rejects.toMatchObject({ code: "landing-checks" });
    const green_ = { ...moving({ "src/a.txt": "UNO\ntwo\nthree\n" }), checks: world.deps.checks };
    await expect(landSlot(green_, state, PUSH)).rejects.toMatchObject({
      code: "landing-conflict",
      message: expect.stringContaining("src/a.txt"),
    });
    expect(await remote.log()).toEqual(["theirs: src/a.txt", "theirs: src/b.txt", "first"]);
  });
});

describe("several workflows on one target", () => {
  const turn = (workflow: string, slots: readonly string[], wait = true) => ({
    workflow,
    slots,
    way: "here" as const,
    target: "main",
    command: "land",
    since: "2026-02-20T10:00:00Z",
    wait,
  });

  it("land one behind the other, each built and checked on what the one before left", async () => {
    const world = await landingWorld();
    const { deps, repo } = world;
    const one = await world.accepted("login", { "src/a.txt": "ONE\ntwo\nthree\n" }, "one-20260220-001");
    const two = await world.accepted("login", { "src/b.txt": "two\n" }, "two-20260220-001");
    const whole = await world.complete({ "src/c.txt": "whole\n" }, "whole-20260220-001");
    const request = { ...requestFor(whole.id), form: "squash" as const };
    const done: Promise<unknown>[] = [];
    // The first keeps its turn until both others stand behind it.
    const queued = (count: number) =>
      eventually(`${count} landings`, async () => (await deps.queue.list()).length === count);
    const begun = new Promise<void>((resolve) => {
      done.push(
        inTurn(deps, turn(one.id, ["login"]), async () => {
          resolve();
          await queued(3);
          return landSlot(deps, one, requestFor("login"));
        }),
      );
    });
    await begun;
    done.push(inTurn(deps, turn(two.id, ["login"]), () => landSlot(deps, two, requestFor("login"))));
    await queued(2);
    done.push(inTurn(deps, turn(whole.id, []), () => landWorkflow(deps, whole, request)));
    await Promise.all(done);
    expect((await repo.git(["log", "--format=%s", "main"])).split("\n")).toEqual([
      whole.plan.workflow.name,
      await subjectOf(world, "main~1"),
      await subjectOf(world, "main~2"),
      "first",
    ]);
    expect(
      await repo.git(["log", "-1", "--format=%(trailers:key=Signalbox-Slot,valueonly)", "main~1"]),
    ).toContain(two.id);
    // The second one's tree is new; the first one's had been checked as the slot's own commit.
    expect(world.checked[0]).toBe(await repo.git(["rev-parse", "main~1"]));
    expect(world.told.some((line) => line.includes(`login of ${one.id} lands first`))).toBe(true);
    expect(await repo.git(["status", "--porcelain"])).toBe("");
  });

  it("refuse at once where nobody wants to wait, and name who lands", async () => {
    const world = await landingWorld();
    const { deps } = world;
    await inTurn(deps, turn("one-20260220-001", ["login"]), async () => {
      await expect(
        inTurn(deps, turn("two-20260220-001", ["dates"], false), () => expect.fail("its turn came")),
      ).rejects.toMatchObject({
        code: "landing-under-way",
        message: expect.stringContaining("login of one-20260220-001 is landing on main"),
        hints: expect.arrayContaining([expect.stringContaining(`ps -p ${process.pid}`)]),
      });
    });
    expect(await deps.queue.list()).toEqual([]);
  });
});
