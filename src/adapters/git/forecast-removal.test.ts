import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { findAdmin, PROVISIONED } from "./admin.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const BRANCH = "signalbox/w/a.1.1";
const KEPT = "refs/signalbox/preserved/w/a.1.1";

let repo: TempRepository;
let repository: Repository;
let path: string;

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
  const base = await repo.git(["rev-parse", "HEAD"]);
  path = (await repository.addWorktree({ workflow: "w", branch: BRANCH, base })).path;
});

afterEach(() => repo.remove());

async function commitWork(): Promise<string> {
  await repo.write("work.txt", "done\n", path);
  await repo.git(["add", "-A"], path);
  await repo.git(["commit", "-q", "-m", "work"], path);
  return repo.git(["rev-parse", "HEAD"], path);
}

/** Removes for real and says which refs were written. */
async function remove(): Promise<readonly string[]> {
  const tip = await repo.git(["rev-parse", BRANCH]);
  const tree = await repository.removeWorktree("w", path);
  const branch = await repository.deleteBranch(BRANCH, tip);
  return [tree.preserved, branch.preserved].filter((ref) => ref !== null);
}

const CASES: Readonly<Record<string, { readonly make: () => Promise<unknown>; readonly files: number }>> = {
  "nothing was done": { make: async () => {}, files: 0 },
  "the work is on another branch as well": {
    make: async () => repo.git(["branch", "elsewhere", await commitWork()]),
    files: 0,
  },
  "the work is on its branch alone": { make: commitWork, files: 0 },
  "some files are not committed": {
    make: async () => {
      await repo.write("a.txt", "a", path);
      await repo.write("README.md", "changed", path);
    },
    files: 2,
  },
  "some files are not committed and the work is on its branch alone": {
    make: async () => {
      await commitWork();
      await repo.write("a.txt", "a", path);
    },
    files: 1,
  },
  "the head is elsewhere than the branch": {
    make: async () => {
      await commitWork();
      await repo.git(["checkout", "-q", "--detach", "HEAD~1"], path);
      await repo.git(["commit", "-q", "--allow-empty", "-m", "aside"], path);
      await repo.write("a.txt", "a", path);
    },
    files: 1,
  },
  "the names are taken": {
    make: async () => {
      await repository.preserve("w", "a.1.1", await repo.git(["rev-parse", "HEAD"]));
      await commitWork();
    },
    files: 0,
  },
  "the same content was preserved before": {
    make: async () => {
      await repo.write("a.txt", "a", path);
      await repo.write("b/c.txt", "c", path);
      const [tip, stash] = [await repo.git(["rev-parse", "HEAD"], path), "refs/signalbox/preserved/w/before"];
      await repo.git(["add", "-A"], path);
      const tree = await repo.git(["write-tree"], path);
      await repo.git(["update-ref", stash, await repo.git(["commit-tree", tree, "-p", tip, "-m", "x"])]);
    },
    files: 2,
  },
  "the folder is gone": {
    make: async () => {
      await commitWork();
      await rm(path, { recursive: true });
    },
    files: 0,
  },
};

describe("the forecast of a removal", () => {
  for (const [name, { make, files }] of Object.entries(CASES)) {
    it(`says exactly which refs the removal writes where ${name}`, async () => {
      await make();
      const refs = await repo.git(["for-each-ref"]);
      const forecast = await repository.forecastRemoval("w", { path, branch: BRANCH });
      expect(await repo.git(["for-each-ref"])).toBe(refs);
      expect(forecast.uncommitted).toBe(files);
      const written = await remove();
      expect(forecast.preserved).toEqual(written);
      expect(await repo.git(["rev-parse", "--verify", `${forecast.revision}^{commit}`])).toMatch(/^\w{40}/);
    });
  }

  it("counts nothing for a branch alone but its tip", async () => {
    const tip = await commitWork();
    await repository.removeWorktree("w", path);
    expect(await repository.forecastRemoval("w", { path: null, branch: BRANCH })).toEqual({
      uncommitted: 0,
      preserved: [KEPT],
      revision: KEPT,
      ignored: [],
    });
    expect((await repository.deleteBranch(BRANCH, tip)).preserved).toBe(KEPT);
  });

  it("names ignored files, which go for good, but none that provisioning brought and none of the workflow", async () => {
    await repo.write(".gitignore", "*.log\nnode_modules/\n.env\norchestration/\n", path);
    for (const file of [
      "x.log",
      "node_modules/a/b.js",
      ".env",
      "orchestration/w/a.md",
      "orchestration/v/b.md",
      "src/deep/y.log",
    ])
      await repo.write(file, "x", path);
    const admin = await findAdmin(repository.commonDir, path);
    await replaceFile(join(admin ?? "", PROVISIONED), JSON.stringify({ paths: [".env", "node_modules"] }));
    const { ignored } = await repository.forecastRemoval("w", { path, branch: BRANCH });
    expect(ignored).toEqual(["orchestration/v/b.md", "src/deep/", "x.log"]);
  });

  it("keeps nothing of an integration worktree in which only rendered documents differ", async () => {
    const { path: place } = await repository.showIntegration("w", await repo.git(["rev-parse", "HEAD"]));
    await repo.write("orchestration/w/ORCHESTRATION.yaml", "a newer state", place);
    await repo.write("orchestration/w/ORCHESTRATION_PLAN.md", "a newer plan", place);
    const rendered = await repository.forecastRemoval("w", { path: place, branch: null });
    expect(rendered).toMatchObject({ uncommitted: 0, preserved: [] });
    await repo.write("note.txt", "a person's", place);
    const { preserved, uncommitted } = await repository.forecastRemoval("w", { path: place, branch: null });
    expect(uncommitted).toBe(3);
    await rm(join(place, "note.txt"));
    expect((await repository.removeWorktree("w", place)).preserved).toBeNull();
    expect(preserved).toEqual(["refs/signalbox/preserved/w/integration"]);
  });

  it("keeps documents of that name in the worktree of an attempt", async () => {
    await repo.write("orchestration/w/ORCHESTRATION.yaml", "an agent's", path);
    const { preserved } = await repository.forecastRemoval("w", { path, branch: BRANCH });
    expect(preserved).toEqual([KEPT]);
  });

  it("refuses what the removal refuses, and what somebody has locked", async () => {
    await repo.git(["worktree", "lock", "--reason", "mine", path]);
    await expect(repository.forecastRemoval("w", { path, branch: BRANCH })).rejects.toMatchObject({
      code: "worktree-locked",
      message: `${path} is locked (mine), so it is kept`,
    });
    await repo.git(["worktree", "unlock", path]);
    await repo.git(["init", "-q", join(path, "inner")]);
    await writeFile(join(path, "inner", "x"), "x");
    await expect(repository.forecastRemoval("w", { path, branch: BRANCH })).rejects.toMatchObject({
      code: "nested-repository",
    });
    await expect(repository.forecastRemoval("w", { path: repo.root, branch: null })).rejects.toMatchObject({
      code: "not-our-worktree",
    });
  });
});
