import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const TEXT = { subject: "join", trailers: {} };
const BRANCH = "signalbox/w/slot.1.1";

let repo: TempRepository;
let repository: Repository;
let base: string;

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
  base = await repo.commit({ "app.txt": "one\n" });
});
afterEach(() => repo.remove());

it("a kill after the branch has moved and before the files have leaves a worktree that the same effect sets right (JW1)", async () => {
  const { path } = await repository.addWorktree({ workflow: "w", branch: BRANCH, base });
  const onto = await repository.buildFilesCommit(base, [{ path: "new.txt", content: "new\n" }], TEXT);
  const joined = await repository.joinWorktree(path, onto, TEXT, "join-1");
  await repo.git(["-C", path, "read-tree", "--reset", "-u", base]);
  expect(await repo.git(["-C", path, "status", "--porcelain"])).toContain("D  new.txt");
  expect(await repository.joinWorktree(path, onto, TEXT, "join-1")).toEqual(joined);
  expect(await repo.git(["-C", path, "status", "--porcelain"])).toBe("");
  expect(await repo.git(["-C", path, "rev-parse", "HEAD"])).toContain(joined.commit);
});
