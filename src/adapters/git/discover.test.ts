import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "./index.ts";
import { plainGit, TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

const open = (cwd: string, more: object = {}) => openRepository(cwd, { env: TEST_ENV, ...more });

describe("openRepository", () => {
  it("finds root, name and common dir from a subfolder", async () => {
    const found = await open(join(repo.root, "src"));
    expect(found).toMatchObject({ root: repo.root, name: "project", commonDir: join(repo.root, ".git") });
  });

  it("resolves the main worktree from a linked one and reads HEAD where the caller stands", async () => {
    const linked = join(dirname(repo.root), "linked");
    await repo.git(["worktree", "add", "-q", "-b", "side", linked]);
    const found = await open(linked);
    expect(found.root).toBe(repo.root);
    expect((await found.head()).branch).toBe("side");
    expect((await (await open(repo.root)).head()).branch).toBe("main");
  });

  it("resolves symlinks to the repository", async () => {
    const link = join(dirname(repo.root), "link");
    await symlink(repo.root, link);
    expect((await open(link)).root).toBe(repo.root);
  });

  it("is not misled by GIT_DIR of the caller", async () => {
    const found = await openRepository(repo.root, {
      env: { ...TEST_ENV, GIT_DIR: "/elsewhere", GIT_INDEX_FILE: "/x" },
    });
    expect(found.root).toBe(repo.root);
  });

  it("refuses a folder without a repository, with the command that makes one", async () => {
    const error = await open(dirname(repo.root)).catch((it) => it);
    expect(error).toMatchObject({ kind: "user", code: "not-a-repository" });
    expect(error.hints.join()).toContain("git init");
  });

  it("refuses a folder that is not there", async () => {
    await expect(open(join(repo.root, "nowhere"))).rejects.toMatchObject({ code: "no-such-folder" });
  });

  it("refuses a repository without a commit", async () => {
    const empty = join(dirname(repo.root), "empty");
    await plainGit(["init", "-q", empty], repo.root);
    await expect(open(empty)).rejects.toMatchObject({ code: "unborn-branch" });
  });

  it("refuses a bare repository and a worktree of one", async () => {
    const bare = join(dirname(repo.root), "bare.git");
    await repo.git(["clone", "-q", "--bare", repo.root, bare]);
    await expect(open(bare)).rejects.toMatchObject({ code: "bare-repository" });
    const linked = join(dirname(repo.root), "of-bare");
    await plainGit(["worktree", "add", "-q", linked, "main"], bare);
    await expect(open(linked)).rejects.toMatchObject({ code: "bare-repository" });
    await expect(open(join(repo.root, ".git"))).rejects.toMatchObject({ code: "bare-repository" });
  });

  it("refuses a submodule and names the outer repository", async () => {
    const lib = join(dirname(repo.root), "lib");
    await repo.git(["clone", "-q", repo.root, lib]);
    await repo.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lib, "vendor/lib"]);
    const error = await open(join(repo.root, "vendor/lib")).catch((it) => it);
    expect(error).toMatchObject({ code: "inside-submodule" });
    expect(error.message).toContain(repo.root);
  });

  it("refuses when a branch has the name of our prefix", async () => {
    await repo.git(["branch", "signalbox"]);
    const error = await open(repo.root).catch((it) => it);
    expect(error).toMatchObject({ code: "branch-name-blocked" });
    expect(error.hints.join()).toContain("git branch -m signalbox");
    await expect(open(repo.root, { branchPrefix: "other" })).resolves.toBeDefined();
    await repo.git(["branch", "team/bots"]);
    const blocked = open(repo.root, { branchPrefix: "team/bots/{id}" });
    await expect(blocked).rejects.toMatchObject({ code: "branch-name-blocked" });
  });

  it("says that git is missing or too old", async () => {
    const bin = join(dirname(repo.root), "bin");
    await mkdir(bin);
    const env = { ...TEST_ENV, PATH: bin };
    await expect(openRepository(repo.root, { env })).rejects.toMatchObject({ code: "git-missing" });
    await writeFile(join(bin, "git"), "#!/bin/sh\necho git version 2.30.1\n", { mode: 0o755 });
    const error = await openRepository(repo.root, { env }).catch((it) => it);
    expect(error).toMatchObject({ code: "git-too-old" });
    expect(error.message).toContain("2.30.1");
  });

  it("refuses a worktrees folder inside the checkout", async () => {
    const inside = open(repo.root, { worktrees: ".worktrees" });
    await expect(inside).rejects.toMatchObject({ code: "worktrees-inside-repository" });
    const beside = await open(repo.root, { worktrees: "../wt-{repo}" });
    expect(beside.worktreePath("signalbox/w/s.1.1")).toBe(
      join(dirname(repo.root), "wt-project/signalbox/w/s.1.1"),
    );
  });
});
