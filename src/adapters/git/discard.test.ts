import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const BRANCH = "signalbox/w/a.1.1";

let repo: TempRepository;
let repository: Repository;
let place: { readonly path: string; readonly branch: string };

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
  const base = await repo.git(["rev-parse", "HEAD"]);
  const { path } = await repository.addWorktree({ workflow: "w", branch: BRANCH, base });
  place = { path, branch: BRANCH };
  await repo.write("half.txt", "half", path);
});

afterEach(() => repo.remove());

const token = (): Promise<string> => repository.discardToken("w", place);

const CHANGES: Readonly<Record<string, () => Promise<unknown>>> = {
  "a file changes": () => repo.write("half.txt", "more", place.path),
  "a file is new": () => repo.write("src/new.txt", "new", place.path),
  "a commit is made": async () => {
    await repo.git(["add", "-A"], place.path);
    await repo.git(["commit", "-q", "-m", "half"], place.path);
  },
  "the branch moves alone": async () => {
    const next = await repo.commit({ "x.txt": "x" });
    await repo.git(["checkout", "-q", "--detach"], place.path);
    await repo.git(["branch", "-q", "-f", BRANCH, next]);
  },
  "a repository inside gets a commit": async () => {
    await repo.git(["init", "-q", join(place.path, "inner")]);
    const before = await token();
    await repo.git(
      ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "own"],
      join(place.path, "inner"),
    );
    expect(await token()).not.toBe(before);
  },
};

describe("a discard", () => {
  for (const [name, change] of Object.entries(CHANGES)) {
    it(`is refused with an older token when ${name}`, async () => {
      const older = await token();
      expect(await token()).toBe(older);
      await change();
      await expect(repository.discard("w", place, older)).rejects.toMatchObject({ code: "token-stale" });
      expect(existsSync(join(place.path, "README.md"))).toBe(true);
      expect(await repository.branchExists(BRANCH)).toBe(true);
    });
  }

  it("removes worktree and branch and keeps nothing, also with a repository of its own inside", async () => {
    await repo.git(["init", "-q", join(place.path, "inner")]);
    await writeFile(join(place.path, "inner", "x"), "x");
    await repository.discard("w", place, await token());
    expect(existsSync(place.path)).toBe(false);
    expect(await repo.git(["for-each-ref", "--format=%(refname)"])).toBe("refs/heads/main");
    expect((await repository.worktrees()).map(({ path }) => path)).toEqual([repo.root]);
  });

  it("leaves a branch that somebody else has checked out, and everything that is not ours", async () => {
    await repo.git(["checkout", "-q", "--detach"], place.path);
    await repo.git(["worktree", "add", "-q", join(repo.root, "..", "mine"), BRANCH]);
    await expect(repository.discard("w", place, await token())).rejects.toMatchObject({
      code: "branch-checked-out",
    });
    const foreign = { path: repo.root, branch: null };
    await expect(repository.discardToken("w", foreign)).rejects.toMatchObject({ code: "not-our-worktree" });
    expect(existsSync(place.path)).toBe(true);
  });
});
