/** What makes worktrees differ from the checkout, over real git; what is only told is shown to be so. */
import { chmod, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openRepository } from "./index.ts";
import { type Particular, particularsOf } from "./particulars.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

async function found(): Promise<readonly Pick<Particular, "kind" | "level" | "text">[]> {
  const all = await particularsOf(repo.root, { env: TEST_ENV }, await repo.git(["rev-parse", "HEAD"]));
  return all.map(({ kind, level, text }) => ({ kind, level, text }));
}

/** Names in the top folder of a fresh worktree. */
async function inWorktree(folder = "."): Promise<readonly string[]> {
  const repository = await openRepository(repo.root, { env: TEST_ENV });
  const base = await repo.git(["rev-parse", "HEAD"]);
  const { path } = await repository.addWorktree({ workflow: "w", branch: "signalbox/w/a.1.1", base });
  return (await readdir(join(path, folder))).filter((name) => name !== ".git");
}

it("finds nothing in an ordinary repository", async () => {
  expect(await found()).toEqual([]);
});

it("tells submodules, which are empty in a worktree", async () => {
  const lib = join(dirname(repo.root), "lib");
  await repo.git(["clone", "-q", repo.root, lib]);
  await repo.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lib, "vendor"]);
  await repo.commit({});
  expect(await found()).toEqual([
    { kind: "submodules", level: "warn", text: "submodules are empty in worktrees: vendor" },
  ]);
  expect(await inWorktree("vendor")).toEqual([]);
});

it("tells a sparse checkout, whose part a worktree has too", async () => {
  await repo.commit({ "docs/a.md": "a" });
  await repo.git(["sparse-checkout", "set", "docs"]);
  expect(await found()).toMatchObject([{ kind: "sparse", level: "note" }]);
  expect(await inWorktree()).toEqual(["README.md", "docs"]);
});

it("tells hooks that do not run on what signalbox commits, wherever they are kept", async () => {
  await repo.write("hooks/pre-commit", "#!/bin/sh\nexit 1\n");
  await repo.write("hooks/post-update", "#!/bin/sh\n");
  await repo.git(["config", "core.hooksPath", "hooks"]);
  expect(await found()).toEqual([]);
  await chmod(join(repo.root, "hooks/pre-commit"), 0o755);
  await chmod(join(repo.root, "hooks/post-update"), 0o755);
  expect(await found()).toEqual([
    {
      kind: "hooks",
      level: "note",
      text: "hooks do not run on what signalbox commits and merges: pre-commit",
    },
  ]);
});

it("warns of LFS pointers without git-lfs, and refuses where no checkout could succeed", async () => {
  await repo.commit({ "art/.gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n" });
  expect(await found()).toMatchObject([{ kind: "lfs", level: "warn" }]);
  await repo.git(["config", "filter.lfs.smudge", "git-lfs smudge -- %f"]);
  await repo.git(["config", "filter.lfs.required", "true"]);
  const lfsIsHere = await repo.git(["lfs", "version"]).then(
    () => true,
    () => false,
  );
  expect((await found()).map(({ level }) => level)).toEqual(lfsIsHere ? [] : ["refuse"]);
});

it("refuses names that are one on the file system, also of folders", async () => {
  await repo.commit({ "docs/A.md": "a", "Docs/b.md": "b" });
  expect(await found()).toEqual([]);
  await repo.git(["config", "core.ignorecase", "true"]);
  expect(await found()).toMatchObject([
    { kind: "names", level: "refuse", text: expect.stringContaining("Docs and docs are one name") },
  ]);
});
