import { mkdir, realpath, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "./index.ts";
import { knownCommonDir } from "./known-repository.ts";
import { plainGit, TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
  await mkdir(join(repo.root, ".git", "signalbox"));
});
afterEach(() => repo.remove());

const beside = (name: string): string => join(dirname(repo.root), name);

describe("a repository with journals is found without git, at the same place as by git", () => {
  it.each(["", "src"])("from the main worktree, folder '%s'", async (folder) => {
    const cwd = join(repo.root, folder);
    expect(knownCommonDir(cwd)).toBe((await openRepository(cwd, { env: TEST_ENV })).commonDir);
  });

  it("from a linked worktree and through symlinks", async () => {
    await repo.git(["worktree", "add", "-q", "-b", "side", beside("linked")]);
    await symlink(join(beside("linked"), "src"), beside("link"));
    for (const cwd of [beside("linked"), beside("link")])
      expect(knownCommonDir(cwd)).toBe((await openRepository(cwd, { env: TEST_ENV })).commonDir);
  });

  it("where the git dir lies elsewhere and a link to it stands in its place", async () => {
    await rename(join(repo.root, ".git"), beside("git-dir"));
    await symlink(beside("git-dir"), join(repo.root, ".git"));
    const found = knownCommonDir(repo.root);
    expect(found).toBe(await realpath(beside("git-dir")));
    expect(found).toBe((await openRepository(repo.root, { env: TEST_ENV })).commonDir);
  });
});

describe("git is asked", () => {
  it("outside of a repository and in a folder that is not there", () => {
    expect(knownCommonDir(dirname(repo.root))).toBeNull();
    expect(knownCommonDir(beside("nowhere"))).toBeNull();
  });

  it("where no workflow was ever started", async () => {
    await plainGit(["init", "-q", beside("fresh")], repo.root);
    expect(knownCommonDir(beside("fresh"))).toBeNull();
  });

  it("inside of a git dir and in a bare repository", async () => {
    await plainGit(["clone", "-q", "--bare", repo.root, beside("bare.git")], repo.root);
    await mkdir(join(beside("bare.git"), "signalbox"));
    for (const cwd of [join(repo.root, ".git"), join(repo.root, ".git", "refs"), beside("bare.git")])
      expect(knownCommonDir(cwd)).toBeNull();
  });

  it("in a submodule, also when the outer repository has journals", async () => {
    const allowed = ["-c", "protocol.file.allow=always"];
    await plainGit(["clone", "-q", "--bare", repo.root, beside("part.git")], repo.root);
    await repo.git([...allowed, "submodule", "--quiet", "add", beside("part.git"), "part"]);
    expect(knownCommonDir(join(repo.root, "part"))).toBeNull();
  });

  it("where .git is not what git would take for one", async () => {
    const inner = join(repo.root, "src");
    await mkdir(join(inner, ".git", "signalbox"), { recursive: true });
    expect(knownCommonDir(inner)).toBeNull();
    await mkdir(join(repo.root, "text"));
    await writeFile(join(repo.root, "text", ".git"), "no gitdir here\n");
    expect(knownCommonDir(join(repo.root, "text"))).toBeNull();
  });
});
