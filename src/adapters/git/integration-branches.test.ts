import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

async function integration(branch: string, workflow: string): Promise<string> {
  const message = `state\n\nSignalbox-Workflow: ${workflow}`;
  const commit = await repo.git(["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", message]);
  await repo.git(["update-ref", branch, commit]);
  return commit;
}

it("finds integration branches of any first part by their trailer, here before on a remote", async () => {
  const bots = await integration("refs/heads/bots/w-1/main", "w-1");
  await integration("refs/remotes/origin/bots/w-1/main", "w-1");
  await integration("refs/remotes/backup/team/w-2/main", "w-2");
  const origin = await integration("refs/remotes/origin/team/w-2/main", "w-2");
  await repo.git(["branch", "feature/w-3/main"]);
  await integration("refs/heads/feature/copied/main", "w-1");
  await repo.git(["branch", "signalbox/w-4/main"]);
  expect(await repository.integrationBranches()).toMatchObject([
    { workflow: "w-1", branch: "bots/w-1/main", remote: null, commit: bots },
    { workflow: "w-4", branch: "signalbox/w-4/main", remote: null },
    { workflow: "w-2", branch: "team/w-2/main", remote: "origin", commit: origin },
  ]);
});

it("deletes a branch of a workflow that came with another first part, and no other branch", async () => {
  await integration("refs/heads/bots/w-1/main", "w-1");
  const tip = await repo.git(["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "work"]);
  await repo.git(["update-ref", "refs/heads/bots/w-1/a.1.1", tip]);
  await repository.deleteBranch("bots/w-1/a.1.1", tip);
  expect(await repository.resolve("refs/heads/bots/w-1/a.1.1")).toBeNull();
  expect(await repository.resolve(join("refs/signalbox/preserved/w-1", "a.1.1"))).toBe(tip);
  await repo.git(["branch", "bots/mine"]);
  await expect(repository.deleteBranch("bots/mine", tip)).rejects.toMatchObject({ code: "not-our-branch" });
});
