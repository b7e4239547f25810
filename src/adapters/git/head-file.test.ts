import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGit } from "./git.ts";
import { readHead } from "./head-file.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";
import { checkoutOf } from "./worktree-list.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

const gitFolder = (): string => join(repo.root, ".git");

describe("HEAD of a checkout, read from its file", () => {
  it("is the branch that git names, or the commit when it is detached", async () => {
    expect(await readHead(gitFolder())).toEqual({ branch: "main", commit: null });
    await repo.git(["checkout", "-q", "-b", "a/deep/one"]);
    expect(await readHead(gitFolder())).toEqual({ branch: "a/deep/one", commit: null });
    await repo.git(["checkout", "-q", "--detach"]);
    expect(await readHead(gitFolder())).toEqual({
      branch: null,
      commit: await repo.git(["rev-parse", "HEAD"]),
    });
  });

  it("is left to git where it is no plain file, names no branch or is not there", async () => {
    const other = join(dirname(repo.root), "other");
    await mkdir(other);
    expect(await readHead(other)).toBeNull();
    for (const text of ["ref: refs/heads/.invalid\n", "ref: refs/elsewhere/x\n", "abc\n", ""]) {
      await writeFile(join(other, "HEAD"), text);
      expect(await readHead(other)).toBeNull();
    }
    await rename(join(other, "HEAD"), join(other, "target"));
    await symlink(join(other, "target"), join(other, "HEAD"));
    expect(await readHead(other)).toBeNull();
  });
});

it("is never an error while the checkout is being removed", async () => {
  const other = join(dirname(repo.root), "other");
  let busy = true;
  const flicker = async (): Promise<void> => {
    while (busy) {
      await mkdir(other, { recursive: true });
      await writeFile(join(other, "HEAD"), "ref: refs/heads/main\n");
      await rm(other, { recursive: true, force: true });
    }
  };
  const flickering = flicker();
  const seen = new Set<string>();
  for (let look = 0; look < 3000; look += 1) seen.add((await readHead(other))?.branch ?? "nothing");
  busy = false;
  await flickering;
  expect([...seen].filter((it) => it !== "main" && it !== "nothing")).toEqual([]);
});

describe("where a branch is checked out", () => {
  it("is found in the main worktree, in linked ones, and behind a HEAD that only git can read", async () => {
    const context = { git: createGit(repo.root, TEST_ENV), commonDir: gitFolder() };
    const linked = join(dirname(repo.root), "linked");
    expect(await checkoutOf(context, "main")).toBe(repo.root);
    expect(await checkoutOf(context, "side")).toBeNull();
    await repo.git(["worktree", "add", "-q", "-b", "side", linked]);
    expect(await checkoutOf(context, "side")).toBe(linked);
    await repo.git(["config", "core.preferSymlinkRefs", "true"]);
    await repo.git(["checkout", "-q", "-b", "third"], linked);
    expect(await checkoutOf(context, "third")).toBe(linked);
    expect(await checkoutOf(context, "side")).toBeNull();
  });
});
