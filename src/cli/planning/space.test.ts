import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MULTI, THREE } from "../../../test/builders/worlds.ts";
import { TEST_ENV, tempRepository } from "../../adapters/git/testing/temp-repository.ts";
import { measureSpace, type Space } from "../../adapters/provision/space.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { fullText, needOf, requireSpace, spaceText } from "./space.ts";

const MB = 1_000_000;
const SPACE: Space = {
  treeBytes: 5 * MB,
  dependencyBytes: 100 * MB,
  freeBytes: 48_000 * MB,
  totalBytes: 100_000 * MB,
};
const CHECK = { name: "t", run: "t", timeoutMs: 1 };

function withChecks(plan: Plan, per: "workflow" | "slot" = "workflow"): Plan {
  const deliverables = plan.deliverables.map((it) => ({
    ...it,
    gate: { ...it.gate, checks: [CHECK] },
    settings: { ...it.settings, provision: { ...it.settings.provision, dependencies: "auto" as const } },
  }));
  return { ...plan, deliverables, finish: { ...plan.finish, per } };
}

describe("the room that a plan needs", () => {
  it("is for agents at one time, the commits that are checked meanwhile, and the integration worktree", () => {
    const one: Plan = {
      ...THREE,
      settings: { ...THREE.settings, limits: { ...THREE.settings.limits, parallel: 2 } },
    };
    expect(needOf(withChecks(one), SPACE)).toEqual({
      worktrees: 5,
      bytes: 5 * 5 * MB + 4 * 100 * MB,
      complete: true,
    });
    expect(needOf(withChecks(one, "slot"), SPACE)).toMatchObject({ worktrees: 6 });
  });

  it("has no dependencies where only documents are written", () => {
    expect(needOf(MULTI, SPACE).bytes).toBe(needOf(MULTI, SPACE).worktrees * 5 * MB);
  });

  it("says so where part of it cannot be known, and what there is", () => {
    const need = {
      ...needOf(withChecks(THREE), { ...SPACE, dependencyBytes: null }),
      freeBytes: 48_000 * MB,
      totalBytes: 100_000 * MB,
      folder: "/w",
    };
    expect(spaceText(need)).toBe(
      "7 worktrees, about 35 MB and dependencies that are not installed here yet; 48 GB free",
    );
  });

  it("is refused in words where it is not there", () => {
    const place = { freeBytes: 600 * MB, totalBytes: 9000 * MB, folder: "/shop-wt" };
    const need = { ...needOf(withChecks(THREE), SPACE), ...place };
    expect(() => requireSpace({ ...need, freeBytes: need.bytes })).not.toThrow();
    expect(() => requireSpace(need)).toThrow(
      "7 worktrees below /shop-wt need about 635 MB, and 600 MB is free there",
    );
  });
});

it("is told where the disk would be full to 80 %, and not where it does not fit at all", () => {
  const need = { worktrees: 2, bytes: 10 * MB, complete: true, totalBytes: 100 * MB, folder: "/shop-wt" };
  expect(fullText({ ...need, freeBytes: 31 * MB })).toBeNull();
  expect(fullText({ ...need, freeBytes: 30 * MB })).toContain("the disk of /shop-wt would be 80 % full");
  expect(fullText({ ...need, freeBytes: 9 * MB })).toBeNull();
});

it("is measured from the commit, from what is installed, and on the disk where the worktrees will be", async () => {
  const repo = await tempRepository();
  const folder = await mkdtemp(join(tmpdir(), "signalbox-space-"));
  try {
    const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
    const commit = await repo.commit({
      "package-lock.json": lock({ "node_modules/a": {}, "node_modules/b": {} }),
    });
    const query = {
      root: repo.root,
      commonDir: join(repo.root, ".git"),
      env: TEST_ENV,
      base: commit,
      withDependencies: true,
    };
    const cold = await measureSpace({ ...query, worktreesFolder: join(folder, "not", "there") });
    expect(cold).toMatchObject({ treeBytes: 3 * 4096, dependencyBytes: 540_000 });
    const { bavail, bsize } = await statfs(folder);
    expect(Math.abs(cold.freeBytes - bavail * bsize)).toBeLessThan(1e9);
    await repo.write("node_modules/a/index.js", "x".repeat(100_000));
    await writeFile(join(repo.root, "node_modules/.package-lock.json"), "{}");
    const warm = await measureSpace({ ...query, worktreesFolder: folder });
    expect(warm.dependencyBytes).toBeGreaterThanOrEqual(100_000);
    expect(warm.dependencyBytes).toBeLessThan(200_000);
    expect(
      (await measureSpace({ ...query, worktreesFolder: folder, withDependencies: false })).dependencyBytes,
    ).toBe(0);
  } finally {
    await repo.remove();
    await rm(folder, { recursive: true });
  }
});
