import { appendFile, chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROVISIONED, worktreeGit } from "./admin.ts";
import { createGit } from "./git.ts";
import { plainGit, TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";
import { isUnchanged } from "./unchanged-worktree.ts";

let repo: TempRepository;
let path: string;
let admin: string;
let head: string;
beforeEach(async () => {
  repo = await tempRepository();
  head = await repo.commit({ ".gitignore": "ignored\n" });
  path = join(dirname(repo.root), "linked");
  await repo.git(["worktree", "add", "-q", "--detach", path]);
  admin = join(repo.root, ".git", "worktrees", "linked");
});
afterEach(() => repo.remove());

const asked = (): Promise<boolean> =>
  isUnchanged({ git: worktreeGit(createGit(repo.root, TEST_ENV), path, admin), path, admin }, head);
const here = (args: readonly string[]): Promise<string> => plainGit(args, path);
const file = (name: string): string => join(path, name);

describe("a worktree holds its commit and nothing more", () => {
  it("when nothing was done to it, nor anything but an ignored file added", async () => {
    expect(await asked()).toBe(true);
    await writeFile(file("ignored"), "x");
    expect(await asked()).toBe(true);
  });

  it("when only the provisioner brought something in", async () => {
    await mkdir(file("deps"));
    await writeFile(file("deps/package"), "x");
    expect(await asked()).toBe(false);
    await writeFile(join(admin, PROVISIONED), JSON.stringify({ paths: ["deps"] }));
    expect(await asked()).toBe(true);
  });

  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["a changed file", () => appendFile(file("README.md"), "more")],
    ["a deleted file", () => rm(file("README.md"))],
    ["a file that became executable", () => chmod(file("README.md"), 0o755)],
    [
      "a file that became a link",
      () => rm(file("README.md")).then(() => symlink("src/a.txt", file("README.md"))),
    ],
    ["a new file", () => writeFile(file("new"), "x")],
    [
      "a changed file that the index hides",
      () =>
        here(["update-index", "--assume-unchanged", "README.md"]).then(() =>
          appendFile(file("README.md"), "x"),
        ),
    ],
    [
      "a changed file that the index skips",
      () =>
        here(["update-index", "--skip-worktree", "README.md"]).then(() => appendFile(file("README.md"), "x")),
    ],
    [
      "an ignored file that was added on purpose",
      () => writeFile(file("ignored"), "x").then(() => here(["add", "-f", "ignored"])),
    ],
    ["a damaged index", () => writeFile(join(admin, "index"), "no index")],
    ["a repository inside", () => here(["init", "-q", "inner"]).then(() => writeFile(file("inner/x"), "x"))],
    ["a repository in its place", () => rm(file(".git")).then(() => here(["init", "-q"]))],
    ["a sparse checkout", () => here(["sparse-checkout", "set", "src"])],
  ];
  it.each(changes)("but not with %s", async (_, change) => {
    await change();
    expect(await asked()).toBe(false);
  });

  it("but not with a submodule, even one that nobody touched", async () => {
    await plainGit(["clone", "-q", "--bare", repo.root, join(dirname(repo.root), "part.git")], repo.root);
    const url = join(dirname(repo.root), "part.git");
    await here(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "part"]);
    await here(["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "-m", "part"]);
    head = await here(["rev-parse", "HEAD"]);
    expect(await here(["status", "--porcelain"])).toBe("");
    expect(await asked()).toBe(false);
  });
});
