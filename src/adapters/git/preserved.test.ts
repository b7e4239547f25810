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

it("lists what is preserved with what no branch has of it", async () => {
  const base = await repo.git(["rev-parse", "HEAD"]);
  await repo.git(["checkout", "-q", "-b", "aside"]);
  const aside = await repo.commit({ "a.txt": "a", "b.txt": "b" }, "two files");
  await repository.preserve("w", "login.1.1", aside);
  await repository.preserve("v", "before-main", base);
  await repo.git(["checkout", "-q", "main"]);
  await repo.git(["branch", "-q", "-D", "aside"]);
  expect(await repository.preservedWork()).toMatchObject([
    { workflow: "v", name: "before-main", commit: base, commits: 0, files: 0 },
    {
      ref: "refs/signalbox/preserved/w/login.1.1",
      name: "login.1.1",
      commit: aside,
      subject: "two files",
      commits: 1,
      files: 2,
    },
  ]);
});

it("makes a branch and never moves one that is there", async () => {
  const base = await repo.git(["rev-parse", "HEAD"]);
  const next = await repo.commit({ "a.txt": "a" });
  await repository.restoreBranch("restored/x", base);
  await repository.restoreBranch("restored/x", base);
  await expect(repository.restoreBranch("restored/x", next)).rejects.toMatchObject({ code: "branch-exists" });
  await expect(repository.restoreBranch("restored", next)).rejects.toMatchObject({ code: "git-failed" });
  await expect(repository.restoreBranch("main/x", next)).rejects.toMatchObject({
    code: "branch-name-blocked",
  });
  expect(await repo.git(["rev-parse", "restored/x"])).toBe(base);
});

it.each(["-x", "a..b", "a b", "", "signalbox/w/main", "signalbox"])("refuses %j as a name", async (name) => {
  const commit = await repo.git(["rev-parse", "HEAD"]);
  const refs = await repo.git(["for-each-ref"]);
  await expect(repository.restoreBranch(name, commit)).rejects.toMatchObject({
    code: name.startsWith("signalbox") ? "branch-of-ours" : "bad-branch-name",
  });
  expect(await repo.git(["for-each-ref"])).toBe(refs);
});
