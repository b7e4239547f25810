import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { openLandingSite } from "../../src/adapters/git/landing.ts";
import { openLandingQueue } from "../../src/adapters/git/landing-queue.ts";
import {
  TEST_ENV,
  type TempRepository,
  tempRepository,
} from "../../src/adapters/git/testing/temp-repository.ts";
import type { DeliverableState } from "../../src/core/workflow/deliverable.ts";
import type { CheckResult } from "../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { landSlot } from "../../src/engine/landing.ts";
import type { LandingDependencies, LandingRequest } from "../../src/engine/landing-place.ts";
import type { LandingSite } from "../../src/ports/landing.ts";
import type { CheckRunner } from "../../src/ports/provisioner.ts";
import type { Repository } from "../../src/ports/repository.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const SLOT = "login";
const REQUEST: LandingRequest = {
  subject: SLOT,
  command: "land login",
  way: "here",
  target: "main",
  check: true,
};

let repo: TempRepository;
let site: LandingSite;
let repository: Repository;
let base: string;
let commit: string;
beforeEach(async () => {
  repo = await tempRepository();
  base = await repo.git(["rev-parse", "HEAD"]);
  await repo.git(["switch", "-q", "-c", "work"]);
  commit = await repo.commit({ "src/a.txt": "ONE\ntwo\nthree\n" }, "work");
  await repo.git(["switch", "-q", "main"]);
  site = await openLandingSite(repo.root, { env: TEST_ENV });
  repository = await openRepository(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

/** A state whose slot is merged with this work, as the rules make it, with some of it changed. */
function stateWith(changes: Partial<DeliverableState> = {}): WorkflowState {
  const world = new World({ ...THREE, finish: { ...THREE.finish, per: "slot" } });
  const state = world.run();
  const slot = state.deliverables[SLOT] ?? expect.fail(`no slot ${SLOT}`);
  const approval = { ...(slot.approval ?? expect.fail("no approval")), commit };
  const mine = { ...slot, base, commit, approval, mergeCommit: commit, ...changes };
  // The commits of the other slots exist only in the rules' world.
  const others = Object.entries(state.deliverables).map(([id, d]) => [
    id,
    { ...d, step: "skipped" as const },
  ]);
  const plan = { ...state.plan, base: { ...state.plan.base, commit: base } };
  return { ...state, plan, deliverables: { ...Object.fromEntries(others), [SLOT]: mine } };
}

function dependencies(
  over: Partial<LandingDependencies> = {},
): LandingDependencies & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    site,
    repository,
    queue: openLandingQueue(repository.commonDir),
    pullRequests: { available: async () => null, open: async () => ({ url: "https://example.org/1" }) },
    provisioner: { prepare: async () => ({ ok: true }) } as unknown as LandingDependencies["provisioner"],
    checks: {
      run: async (_folder: string, checks: readonly { readonly name: string }[]) => {
        ran.push(...checks.map((check) => check.name));
        return checks.map(({ name }) => green(name));
      },
    } as unknown as LandingDependencies["checks"],
    narrate: () => {},
    ...over,
  };
}

function green(name: string): CheckResult {
  return { name, passed: true, redAtBase: false, exitCode: 0, timedOut: false, tail: "" };
}

const main = (): Promise<string> => repo.git(["rev-parse", "main"]);

describe("landing a slot", () => {
  it("lands once: after a kill before the record the same call finds what is there", async () => {
    const first = await landSlot(dependencies(), stateWith(), REQUEST);
    expect(first).toMatchObject({ already: false, commit: await main() });
    const again = await landSlot(dependencies(), stateWith(), REQUEST);
    expect(again).toEqual({ commit: first.commit, already: true, checks: null });
    expect(await main()).toBe(first.commit);
  });

  it.each<[string, Partial<DeliverableState>]>([
    ["whose approval names another commit", { commit: "e".repeat(40) }],
    ["that is not merged", { step: "waiting" }],
    [
      "that has landed",
      {
        landing: {
          way: "here",
          target: "main",
          commit: "f".repeat(40),
          by: "ana",
          at: "2026-02-20T10:00:00Z",
        },
      },
    ],
  ])("refuses work %s", async (_, changes) => {
    await expect(landSlot(dependencies(), stateWith(changes), REQUEST)).rejects.toMatchObject({
      code: "not-approved",
    });
    expect(await main()).toBe(base);
  });

  it("refuses work that has gone on since it was approved", async () => {
    await repo.git(["switch", "-q", "work"]);
    const later = await repo.commit({ "src/a.txt": "later\n" });
    await repo.git(["switch", "-q", "main"]);
    const landing = landSlot(dependencies(), stateWith({ commit: later, mergeCommit: later }), REQUEST);
    await expect(landing).rejects.toMatchObject({ code: "not-approved" });
    expect(await main()).toBe(base);
  });

  it("refuses a target whose checkout has changes that are not committed, whatever they are", async () => {
    await repo.write("README.md", "mine\n");
    const landing = landSlot(dependencies(), stateWith(), REQUEST);
    await expect(landing).rejects.toMatchObject({
      code: "target-changed",
      message: expect.stringContaining("README.md"),
    });
    expect([await main(), await repo.read("README.md")]).toEqual([base, "mine\n"]);
  });

  it("refuses work that fails its checks on what the target has become", async () => {
    const tip = await repo.commit({ "src/b.txt": "meanwhile\n" });
    const run: CheckRunner["run"] = async (_, checks) =>
      checks.map(({ name }) => ({ ...green(name), passed: false, exitCode: 1 }));
    const landing = landSlot(dependencies({ checks: { run } }), stateWith(), REQUEST);
    await expect(landing).rejects.toMatchObject({ code: "landing-checks" });
    expect(await main()).toBe(tip);
  });

  it("refuses work without any approval", async () => {
    const state = stateWith();
    const { approval: _, ...bare } = state.deliverables[SLOT] ?? expect.fail("no slot");
    const without = { ...state, deliverables: { ...state.deliverables, [SLOT]: bare } };
    await expect(landSlot(dependencies(), without, REQUEST)).rejects.toMatchObject({ code: "not-approved" });
  });

  it("runs the checks only on content that was never checked", async () => {
    const checked = dependencies();
    await landSlot(checked, stateWith(), REQUEST);
    expect(checked.ran).toEqual([]);
    await repo.git(["reset", "-q", "--hard", base]);
    await repo.commit({ "src/b.txt": "meanwhile\n" });
    const moved = dependencies();
    expect(await landSlot(moved, stateWith(), REQUEST)).toMatchObject({ checks: [{ name: "npm test" }] });
    expect(moved.ran).toEqual(["npm test"]);
  });

  it("builds anew on a target that moves meanwhile, and gives up when it never rests", async () => {
    let moves = 0;
    const restless: LandingSite = {
      ...site,
      moveLocal: async (branch, candidate, expected) => {
        moves += 1;
        if (moves === 1) await repo.commit({ "src/b.txt": "meanwhile\n" });
        return site.moveLocal(branch, candidate, expected);
      },
    };
    const landed = await landSlot(dependencies({ site: restless }), stateWith(), REQUEST);
    expect([moves, landed.commit]).toEqual([2, await main()]);
    const never: LandingSite = {
      ...site,
      findLanded: async () => null,
      moveLocal: async () => ({ ok: false, reason: "moved", message: "elsewhere" }),
    };
    await expect(landSlot(dependencies({ site: never }), stateWith(), REQUEST)).rejects.toMatchObject({
      code: "target-moved",
    });
  });
});
