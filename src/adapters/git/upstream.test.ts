import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;
let base: string;

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
  base = await repo.git(["rev-parse", "HEAD"]);
});

afterEach(() => repo.remove());

/** A remote with two more commits than `main` has here, as of the last fetch. */
async function remote(): Promise<string> {
  const far = join(dirname(repo.root), "far.git");
  await repo.git(["clone", "-q", "--bare", repo.root, far]);
  await repo.git(["remote", "add", "origin", far]);
  await repo.git(["checkout", "-q", "-b", "next"]);
  await repo.commit({ "a.txt": "a" });
  const tip = await repo.commit({ "b.txt": "b" });
  await repo.git(["push", "-q", "origin", "next:main"]);
  await repo.git(["checkout", "-q", "main"]);
  await repo.git(["update-ref", "-d", "refs/remotes/origin/main"]);
  return tip;
}

it("counts from what was fetched and asks no remote", async () => {
  expect(await repository.upstreamOf("main", base)).toBeNull();
  const tip = await remote();
  expect(await repository.upstreamOf("main", base)).toBeNull();
  await repo.git(["fetch", "-q", "origin"]);
  expect(await repository.upstreamOf("main", base)).toMatchObject({
    name: "origin/main",
    commit: tip,
    behind: 2,
    ahead: 0,
    fetchedAt: expect.stringMatching(/^\d{4}-/),
  });
  const own = await repo.commit({ "c.txt": "c" });
  expect(await repository.upstreamOf("main", own)).toMatchObject({ behind: 2, ahead: 1 });
  expect(await repository.upstreamOf("next", base)).toBeNull();
});

it("follows what the branch follows, and takes what we fetched ourselves where that is newer", async () => {
  const tip = await remote();
  await repo.git(["update-ref", "refs/remotes/origin/main", base]);
  expect(await repository.upstreamOf("main", base)).toMatchObject({ behind: 0 });
  await repo.git(["update-ref", "refs/signalbox/remote/origin/main", tip]);
  expect(await repository.upstreamOf("main", base)).toMatchObject({ behind: 2, commit: tip });
  await repo.git(["config", "branch.next.remote", "origin"]);
  await repo.git(["config", "branch.next.merge", "refs/heads/main"]);
  expect(await repository.upstreamOf("next", tip)).toMatchObject({ name: "origin/main", behind: 0 });
});
