import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const BRANCH = "signalbox/w/slot.1.1";
const REF = `refs/heads/${BRANCH}`;
const text = { subject: "Work", trailers: { "Signalbox-Slot": "slot" } };

let repo: TempRepository;
let repository: Repository;
let base: string;
let path: string;

beforeEach(async () => {
  repo = await tempRepository();
  await repo.commit({ ".gitignore": "ignored/\n*.log\n", "src/b.txt": "b\n" });
  base = await repo.git(["rev-parse", "HEAD"]);
  repository = await openRepository(repo.root, { env: TEST_ENV });
  path = repository.worktreePath(BRANCH);
});
afterEach(() => repo.remove());

const add = () => repository.addWorktree({ workflow: "w", branch: BRANCH, base });
const inside = (...args: string[]) =>
  repo.git(["-c", "user.name=Agent", "-c", "user.email=agent@x", ...args], path);
const commit = (effect = "e1", force: readonly string[] = []) =>
  repository.commitWorktree(path, text, effect, force);
const files = (revision: string) => repo.git(["ls-tree", "-r", "--name-only", revision]);
const show = (revision: string, file: string) => repo.git(["show", `${revision}:${file}`]);
const preserved = async () =>
  (await repo.git(["for-each-ref", "--format=%(refname)", "refs/signalbox"])).split("\n");
const exists = async (file: string) => (await lstat(file).catch(() => null)) !== null;

describe("addWorktree", () => {
  it("checks the branch out beside the repository, without tracking", async () => {
    expect(await add()).toEqual({ path: join(dirname(repo.root), "project-wt", BRANCH) });
    expect(await inside("status", "--porcelain", "-b")).toBe(`## ${BRANCH}`);
    expect(await inside("rev-parse", "HEAD")).toBe(base);
    expect(await repo.read("src/a.txt", path)).toBe("one\ntwo\nthree\n");
    expect(await repo.git(["config", "--get-regexp", "^branch"]).catch(() => "none")).toBe("none");
  });

  it("returns the same worktree again, with what was done in it", async () => {
    await add();
    await repo.write("new.txt", "x", path);
    await inside("commit", "-q", "--allow-empty", "-m", "agent");
    expect(await add()).toEqual({ path });
    expect(await repo.read("new.txt", path)).toBe("x");
  });

  it("refuses a branch that stands elsewhere and leaves it there", async () => {
    const other = await repo.commit({ z: "z" });
    await repo.git(["branch", BRANCH, other]);
    const error = await add().catch((it) => it);
    expect(error).toMatchObject({
      kind: "user",
      code: "branch-exists",
      message: expect.stringContaining(BRANCH),
    });
    expect(await repo.git(["rev-parse", REF])).toBe(other);
    expect(await exists(path)).toBe(false);
  });

  it("refuses a folder with something in it and leaves it there", async () => {
    await repo.write("mine.txt", "x", path);
    const error = await add().catch((it) => it);
    expect(error).toMatchObject({ code: "worktree-path-exists", message: expect.stringContaining(path) });
    expect(await repo.read("mine.txt", path)).toBe("x");
  });

  it.each([
    ["a file", BRANCH, "The file"],
    ["a file in place of a folder above it", "signalbox/w", "The file"],
  ])("refuses %s where it has to go, and says how to move it away", async (_, at, what) => {
    const place = join(dirname(repo.root), "project-wt", at);
    await repo.write(at, "mine", join(dirname(repo.root), "project-wt"));
    const error = await add().catch((it) => it);
    expect(error).toMatchObject({
      kind: "user",
      code: "worktree-path-exists",
      message: expect.stringContaining(`${what} ${place} stands where`),
      hints: [expect.stringContaining(`mv ${place} ${place}.old`)],
    });
    expect(await repo.read(at, join(dirname(repo.root), "project-wt"))).toBe("mine");
  });

  it("goes on after a kill between making the branch and the worktree", async () => {
    await repo.git(["update-ref", REF, base]);
    await add();
    expect(await inside("rev-parse", "--abbrev-ref", "HEAD")).toBe(BRANCH);
  });

  it("goes on after a kill before the first checkout", async () => {
    await mkdir(dirname(path), { recursive: true });
    await repo.git(["worktree", "add", "-q", "--no-checkout", "-b", BRANCH, path, base]);
    await add();
    expect(await repo.read("src/a.txt", path)).toBe("one\ntwo\nthree\n");
    expect(await inside("status", "--porcelain")).toBe("");
  });

  it("goes on after a kill in the middle of git's own registration", async () => {
    await add();
    const admin = join(repo.root, ".git/worktrees/slot.1.1");
    await rm(path, { recursive: true });
    for (const name of ["signalbox.json", "index"]) await rm(join(admin, name));
    await writeFile(join(admin, "locked"), "initializing");
    await mkdir(path);
    await add();
    expect(await repo.read("src/a.txt", path)).toBe("one\ntwo\nthree\n");
  });

  it("brings a deleted folder back with the branch's commits", async () => {
    await add();
    await repo.write("new.txt", "x", path);
    await commit();
    await rm(path, { recursive: true });
    await add();
    expect(await repo.read("new.txt", path)).toBe("x");
  });
});

describe("commitWorktree", () => {
  beforeEach(add);

  it("commits changes, new, deleted and odd files, not ignored ones, as the person", async () => {
    await repo.write("src/a.txt", "changed\n", path);
    await rm(join(path, "src/b.txt"));
    await repo.write("dir/né w\n.txt", "n", path);
    await writeFile(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0x62])]), "bytes");
    await repo.write("ignored/x", "x", path);
    const made = await commit();
    if (made === null) throw new Error("nothing committed");
    expect(await repo.git(["rev-parse", REF])).toBe(made);
    expect(await repo.git(["ls-tree", "-r", "-z", "--name-only", made])).toContain("dir/né w\n.txt");
    expect(await files(made)).toContain('"\\377b"');
    expect(await files(made)).not.toContain("ignored");
    expect(await files(made)).not.toContain("src/b.txt");
    expect(await repo.git(["log", "-1", "--format=%an|%s|%(trailers)", made])).toContain(
      "Ada|Work|Signalbox-Slot: slot\nSignalbox-Effect: e1",
    );
    expect(await inside("status", "--porcelain")).toBe("");
  });

  it("returns null when nothing changed", async () => {
    expect(await commit()).toBeNull();
    await repo.write("x", "1", path);
    await commit("e1");
    expect(await commit("e2")).toBeNull();
  });

  it("returns the same commit for the same effect, although more has changed since", async () => {
    await repo.write("x", "1", path);
    const first = await commit("e1");
    await repo.write("x", "2", path);
    expect(await commit("e1")).toBe(first);
    expect(await commit("e2")).not.toBe(first);
  });

  it("ends a commit that was killed before its record was written", async () => {
    await repo.write("x", "1", path);
    const record = join(repo.root, ".git/worktrees/slot.1.1/signalbox.json");
    const before = await readFile(record);
    const first = await commit("e1");
    await writeFile(record, before);
    await inside("reset", "-q", "--mixed", base).catch(() => "");
    await repo.git(["update-ref", REF, first ?? ""]);
    expect(await commit("e1")).toBe(first);
    expect(await inside("status", "--porcelain")).toBe("");
    expect(await commit("e2")).toBeNull();
  });

  it("takes forced paths although they are ignored, and what an agent staged by hand", async () => {
    await repo.write("ignored/artifact.md", "a", path);
    await repo.write("ignored/deep/file.md", "b", path);
    await repo.write("kept.log", "c", path);
    await repo.write("other.log", "d", path);
    await inside("add", "-f", "kept.log");
    const made = await commit("e1", ["ignored/artifact.md", "ignored/deep", "ignored/missing"]);
    const listed = await files(made ?? "");
    expect(listed).toContain("ignored/artifact.md");
    expect(listed).toContain("ignored/deep/file.md");
    expect(listed).toContain("kept.log");
    expect(listed).not.toContain("other.log");
  });

  it("never follows into a repository inside the worktree", async () => {
    await repo.write("x", "1", path);
    await inside("init", "-q", "inner-empty");
    await inside("clone", "-q", repo.root, "inner");
    const made = await commit();
    expect(await files(made ?? "")).not.toContain("inner");
    expect(await exists(join(path, "inner/README.md"))).toBe(true);
  });

  it("keeps the agent's own commits below and adds one that carries the trailer", async () => {
    await repo.write("x", "1", path);
    await inside("add", "-A");
    await inside("commit", "-q", "-m", "agent's");
    const theirs = await inside("rev-parse", "HEAD");
    const made = await commit();
    expect(await repo.git(["log", "-1", "--format=%P", made ?? ""])).toBe(theirs);
    expect(await repo.git(["diff", "--name-only", theirs, made ?? ""])).toBe("");
    expect(await commit("e2")).toBeNull();
  });

  it("follows commits on a detached HEAD and on a branch of the agent's", async () => {
    await inside("checkout", "-q", "--detach");
    await repo.write("one", "1", path);
    await inside("add", "-A");
    await inside("commit", "-q", "-m", "detached");
    const first = await commit("e1");
    expect(await inside("symbolic-ref", "HEAD")).toBe(REF);
    await inside("switch", "-q", "-c", "feature");
    await repo.write("two", "2", path);
    await inside("add", "-A");
    await inside("commit", "-q", "-m", "feature");
    await repo.write("three", "3", path);
    const second = await commit("e2");
    expect((await files(second ?? "")).split("\n")).toEqual(expect.arrayContaining(["one", "two", "three"]));
    expect(await repository.isAncestor(first ?? "", second ?? "")).toBe(true);
    expect(await inside("symbolic-ref", "HEAD")).toBe(REF);
    expect(await inside("status", "--porcelain")).toBe("");
  });

  it("takes uncommitted content left on a foreign branch, without touching that branch", async () => {
    const main = await repo.commit({ "main-only.txt": "m" });
    await inside("checkout", "-q", "--detach", main);
    await repo.write("new.txt", "n", path);
    const made = await commit();
    expect(await show(made ?? "", "new.txt")).toBe("n");
    expect(await repo.git(["log", "-1", "--format=%P", made ?? ""])).toBe(base);
    expect(await repo.git(["rev-parse", "main"])).toBe(main);
    expect(await inside("symbolic-ref", "HEAD")).toBe(REF);
  });

  it("brings the branch's content back when the agent only looked at an old commit", async () => {
    await repo.write("x", "1", path);
    const first = await commit("e1");
    await inside("checkout", "-q", "--detach", base);
    expect(await commit("e2")).toBeNull();
    expect(await repo.read("x", path)).toBe("1");
    expect(await repo.git(["rev-parse", REF])).toBe(first);
    expect(await inside("status", "--porcelain", "-b")).toBe(`## ${BRANCH}`);
  });

  it("keeps what an agent rewrote: amended and reset commits stay reachable", async () => {
    await repo.write("x", "1", path);
    const first = await commit("e1");
    await repo.write("x", "2", path);
    await inside("commit", "-q", "-a", "--amend", "--no-edit");
    const second = await commit("e2");
    expect(await show(second ?? "", "x")).toBe("2");
    expect(await repository.isAncestor(base, second ?? "")).toBe(true);
    const refs = await repo.git(["for-each-ref", `--contains=${first}`, "--format=%(refname)"]);
    expect(refs).toContain("refs/signalbox/preserved/w/slot.1.1-left-");
  });

  it("puts the content on our line when the agent reset the branch to something foreign or deleted it", async () => {
    await repo.write("x", "1", path);
    const first = await commit("e1");
    await inside("checkout", "-q", "--orphan", "fresh");
    await inside("commit", "-q", "-m", "orphan");
    const orphan = await inside("rev-parse", "HEAD");
    await inside("branch", "-q", "-f", BRANCH, orphan);
    await repo.write("y", "2", path);
    const second = await commit("e2");
    expect(await repo.git(["log", "-1", "--format=%P", second ?? ""])).toBe(first);
    await inside("checkout", "-q", "--detach");
    await inside("branch", "-q", "-D", BRANCH);
    await repo.write("z", "3", path);
    const third = await commit("e3");
    expect(await repo.git(["log", "-1", "--format=%P", third ?? ""])).toBe(second);
  });

  it("takes the content of a merge left in the middle and ends the merge", async () => {
    await repo.write("src/a.txt", "agent\n", path);
    await commit("e1");
    const main = await repo.commit({ "src/a.txt": "main\n" });
    await inside("merge", "-q", main).catch(() => "conflict");
    expect(await inside("status", "--porcelain")).toBe("UU src/a.txt");
    const made = await commit("e2");
    expect(await show(made ?? "", "src/a.txt")).toContain("<<<<<<<");
    expect(await inside("status")).toContain("nothing to commit");
    expect(await repo.git(["log", "-1", "--format=%P", made ?? ""])).not.toContain(main);
  });

  it("ends a rebase left in the middle and keeps the commits of the branch", async () => {
    await repo.write("src/a.txt", "agent\n", path);
    const first = await commit("e1");
    const main = await repo.commit({ "src/a.txt": "main\n" });
    await inside("rebase", "-q", main).catch(() => "conflict");
    const made = await commit("e2");
    expect(await repository.isAncestor(first ?? "", made ?? "")).toBe(true);
    expect(await inside("status")).not.toContain("rebase");
    expect(await inside("symbolic-ref", "HEAD")).toBe(REF);
  });

  it("is not stopped by lock files, a damaged index or hidden entries", async () => {
    const admin = join(repo.root, ".git/worktrees/slot.1.1");
    await inside("update-index", "--assume-unchanged", "src/a.txt");
    await repo.write("src/a.txt", "hidden change\n", path);
    await writeFile(join(admin, "index.lock"), "");
    const first = await commit("e1");
    expect(await show(first ?? "", "src/a.txt")).toBe("hidden change");
    await writeFile(join(admin, "index"), "garbage");
    await repo.write("x", "1", path);
    const second = await commit("e2");
    expect(await show(second ?? "", "x")).toBe("1");
    expect(await inside("status", "--porcelain")).toBe("");
  });

  it("keeps what a sparse checkout leaves out", async () => {
    await inside("sparse-checkout", "set", "docs");
    expect(await exists(join(path, "src/a.txt"))).toBe(false);
    await repo.write("docs/new.md", "new\n", path);
    expect(await commit()).not.toBeNull();
    expect((await files(REF)).split("\n")).toEqual(expect.arrayContaining(["docs/new.md", "src/a.txt"]));
  });

  it("works although the agent deleted .git or made a repository of the worktree", async () => {
    await rm(join(path, ".git"));
    await repo.write("x", "1", path);
    expect(await show((await commit("e1")) ?? "", "x")).toBe("1");
    await repo.git(["init", "-q"], path);
    await repo.write("x", "2", path);
    expect(await show((await commit("e2")) ?? "", "x")).toBe("2");
    expect(await files(REF)).not.toContain(".git/");
  });

  it("leaves files that provisioning brought in out of the commit", async () => {
    const admin = join(repo.root, ".git/worktrees/slot.1.1");
    await writeFile(
      join(admin, "signalbox-provisioned.json"),
      JSON.stringify({ paths: ["node_modules", ".env"] }),
    );
    await symlink("/somewhere", join(path, "node_modules"));
    await repo.write(".env", "SECRET=1", path);
    expect(await commit("e1")).toBeNull();
  });

  it("runs no hook", async () => {
    for (const hook of ["pre-commit", "post-checkout", "reference-transaction", "post-index-change"]) {
      await writeFile(join(repo.root, ".git/hooks", hook), `#!/bin/sh\ntouch ${repo.root}-ran-${hook}\n`, {
        mode: 0o755,
      });
    }
    await repo.write("x", "1", path);
    await commit();
    await repository.addWorktree({ workflow: "w", branch: "signalbox/w/b.1.1", base });
    await repository.removeWorktree("w", path);
    for (const hook of ["pre-commit", "post-checkout", "reference-transaction", "post-index-change"]) {
      expect(await exists(`${repo.root}-ran-${hook}`)).toBe(false);
    }
  });

  it("refuses a folder that is no worktree of ours", async () => {
    await expect(repository.commitWorktree(repo.root, text, "e", [])).rejects.toMatchObject({
      code: "not-our-worktree",
    });
    const foreign = join(dirname(repo.root), "project-wt/foreign");
    await repo.git(["worktree", "add", "-q", "--detach", foreign]);
    await expect(repository.commitWorktree(foreign, text, "e", [])).rejects.toMatchObject({
      code: "not-our-worktree",
    });
  });
});

describe("removeWorktree", () => {
  beforeEach(add);

  it("removes a clean worktree, its empty parents and nothing else", async () => {
    expect(await repository.removeWorktree("w", path)).toEqual({ preserved: null });
    expect(await exists(join(dirname(repo.root), "project-wt"))).toBe(false);
    expect(await repository.branchExists(BRANCH)).toBe(true);
    expect(await repository.removeWorktree("w", path)).toEqual({ preserved: null });
  });

  it("commits uncommitted and untracked content to a preserve ref first", async () => {
    await repo.write("src/a.txt", "changed", path);
    await repo.write("new/file.txt", "n", path);
    await repo.write("ignored/x", "x", path);
    const { preserved: ref } = await repository.removeWorktree("w", path);
    expect(ref).toBe("refs/signalbox/preserved/w/slot.1.1");
    expect(await show(ref ?? "", "src/a.txt")).toBe("changed");
    expect(await show(ref ?? "", "new/file.txt")).toBe("n");
    expect(await repo.git(["rev-parse", `${ref}^`])).toBe(base);
    expect(await exists(path)).toBe(false);
  });

  it("keeps ignored files in the workflow's own folder", async () => {
    await repo.write("ignored/w/note.log", "work", path);
    const { preserved: ref } = await repository.removeWorktree("w", path);
    expect(await show(ref ?? "", "ignored/w/note.log")).toBe("work");
  });

  it("keeps commits that only a detached HEAD reaches", async () => {
    await inside("checkout", "-q", "--detach");
    await inside("commit", "-q", "--allow-empty", "-m", "loose");
    const loose = await inside("rev-parse", "HEAD");
    const { preserved: ref } = await repository.removeWorktree("w", path);
    expect(await repo.git(["rev-parse", ref ?? ""])).toBe(loose);
  });

  it("keeps commits that otherwise only the stash reaches, which may be dropped any time", async () => {
    await inside("checkout", "-q", "--detach");
    await inside("commit", "-q", "--allow-empty", "-m", "loose");
    await inside("update-ref", "refs/stash", "HEAD");
    const loose = await inside("rev-parse", "HEAD");
    const { preserved: ref } = await repository.removeWorktree("w", path);
    expect(await repo.git(["rev-parse", ref ?? "none"])).toBe(loose);
  });

  it("writes a preserve ref again that is not there when it is read back", async () => {
    await inside("checkout", "-q", "--detach");
    await inside("commit", "-q", "--allow-empty", "-m", "loose");
    const loose = await inside("rev-parse", "HEAD");
    const forgetful = await openRepository(repo.root, { env: await gitThatForgetsOnce() });
    const { preserved: ref } = await forgetful.removeWorktree("w", path);
    expect(await repo.git(["rev-parse", ref ?? "none"])).toBe(loose);
  });

  it("keeps the commits of a worktree whose folder is gone", async () => {
    await inside("checkout", "-q", "--detach");
    await inside("commit", "-q", "--allow-empty", "-m", "loose");
    const loose = await inside("rev-parse", "HEAD");
    await rm(path, { recursive: true });
    const { preserved: ref } = await repository.removeWorktree("w", path);
    expect(await repo.git(["rev-parse", ref ?? ""])).toBe(loose);
    expect((await repository.worktrees()).map((it) => it.path)).toEqual([repo.root]);
  });

  it("refuses while a repository of its own is inside, and says where", async () => {
    await inside("clone", "-q", repo.root, "inner");
    const error = await repository.removeWorktree("w", path).catch((it) => it);
    expect(error).toMatchObject({
      code: "nested-repository",
      message: expect.stringContaining(join(path, "inner")),
    });
    expect(await exists(join(path, "inner/README.md"))).toBe(true);
  });

  it("removes a worktree with a submodule that has nothing of its own, and keeps one that has", async () => {
    const lib = join(dirname(repo.root), "lib");
    await repo.git(["clone", "-q", repo.root, lib]);
    await inside("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lib, "vendor");
    await commit("e1");
    const vendor = join(path, "vendor");
    await repo.git(
      ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "own"],
      vendor,
    );
    await expect(repository.removeWorktree("w", path)).rejects.toMatchObject({ code: "nested-repository" });
    await repo.git(["reset", "-q", "--hard", "@{upstream}"], vendor);
    await repository.removeWorktree("w", path);
    expect(await exists(path)).toBe(false);
  });

  it("removes read-only folders, a locked worktree, one without .git, and never what a link points to", async () => {
    const outside = join(dirname(repo.root), "outside");
    await repo.write("precious.txt", "p", outside);
    await symlink(outside, join(path, "ignored"));
    await repo.write("cache.log/deep/x", "x", path);
    await chmod(join(path, "cache.log/deep"), 0o555);
    await repo.git(["worktree", "lock", path]);
    await rm(join(path, ".git"));
    await repository.removeWorktree("w", path);
    expect(await exists(path)).toBe(false);
    expect(await repo.read("precious.txt", outside)).toBe("p");
  });

  it("removes nothing outside the worktrees folder and nothing that git does not know", async () => {
    await expect(repository.removeWorktree("w", repo.root)).rejects.toMatchObject({
      code: "not-our-worktree",
    });
    const foreign = join(dirname(repo.root), "elsewhere");
    await repo.git(["worktree", "add", "-q", "--detach", foreign]);
    await expect(repository.removeWorktree("w", foreign)).rejects.toMatchObject({ code: "not-our-worktree" });
    const link = join(dirname(path), "link");
    await symlink(foreign, link);
    await expect(repository.removeWorktree("w", link)).rejects.toMatchObject({ code: "not-our-worktree" });
    const plain = join(dirname(path), "plain");
    await repo.write("x", "x", plain);
    await expect(repository.removeWorktree("w", plain)).rejects.toMatchObject({ code: "not-our-worktree" });
    expect(await exists(join(foreign, "README.md"))).toBe(true);
    expect(await exists(join(plain, "x"))).toBe(true);
  });
});

/** An environment with a git that does something else first where its words match a shell pattern. */
async function gitThatFirst(pattern: string, does: string): Promise<NodeJS.ProcessEnv> {
  const folder = join(dirname(repo.root), "bin");
  const script = `#!/bin/sh\ncase " $* " in ${pattern}) ${does};; esac\nPATH="\${PATH#*:}" exec git "$@"\n`;
  await mkdir(folder);
  await writeFile(join(folder, "git"), script, { mode: 0o755 });
  return { ...TEST_ENV, PATH: `${folder}:${TEST_ENV.PATH ?? ""}` };
}

/** Says that it has written a preserve ref, and has not, the first time. */
function gitThatForgetsOnce(): Promise<NodeJS.ProcessEnv> {
  const mark = join(dirname(repo.root), "forgotten");
  return gitThatFirst('*" update-ref refs/signalbox/preserved/"*', `mkdir '${mark}' 2>/dev/null && exit 0`);
}

/** An environment whose git counts the checkouts that it makes. */
async function countingResets(): Promise<{ env: NodeJS.ProcessEnv; resets: () => Promise<number> }> {
  const log = join(dirname(repo.root), "resets");
  await writeFile(log, "");
  const env = await gitThatFirst('*" reset "*', `echo reset >> '${log}'`);
  return { env, resets: async () => (await readFile(log, "utf8")).split("reset").length - 1 };
}

describe("detached worktrees", () => {
  it("shares one review worktree per commit and removes them all", async () => {
    const one = await repository.addReviewWorktree("w", base);
    expect(await repository.addReviewWorktree("w", base)).toEqual(one);
    const next = await repo.commit({ x: "x" });
    const two = await repository.addReviewWorktree("w", next);
    expect(two.path).not.toBe(one.path);
    expect(await repo.git(["rev-parse", "HEAD"], two.path)).toBe(next);
    await repository.removeReviewWorktrees("w");
    expect(await exists(one.path)).toBe(false);
    expect((await repository.worktrees()).map((it) => it.path)).toEqual([repo.root]);
  });

  it("is checked out once for all who want the same commit at the same time", async () => {
    const { env, resets } = await countingResets();
    const counted = await openRepository(repo.root, { env });
    const critics = Array.from({ length: 8 }, () => counted.addReviewWorktree("w", base));
    const places = new Set((await Promise.all(critics)).map((it) => it.path));
    expect(places.size).toBe(1);
    expect(await resets()).toBe(1);
    expect(await repo.git(["status", "--porcelain"], [...places][0])).toBe("");
  });

  it("brings a review worktree back to its commit and keeps what was committed there", async () => {
    const { path: review } = await repository.addReviewWorktree("w", base);
    await repo.git(
      ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
      review,
    );
    const stray = await repo.git(["rev-parse", "HEAD"], review);
    await repository.addReviewWorktree("w", base);
    expect(await repo.git(["rev-parse", "HEAD"], review)).toBe(base);
    expect(await repo.git(["for-each-ref", `--contains=${stray}`])).toContain(
      "refs/signalbox/preserved/w/review-",
    );
  });

  it("shows each commit in the integration worktree and keeps what a person wrote there", async () => {
    const next = await repo.commit({ "x.txt": "x" });
    const { path: place } = await repository.showIntegration("w", base);
    expect(place).toBe(join(dirname(repo.root), "project-wt/signalbox/w/integration"));
    expect(await exists(join(place, "x.txt"))).toBe(false);
    await repo.write("note.txt", "mine", place);
    await repo.write("src/a.txt", "mine", place);
    await repository.showIntegration("w", next);
    expect(await repo.git(["status", "--porcelain"], place)).toBe("");
    expect(await repo.read("x.txt", place)).toBe("x");
    expect(await show("refs/signalbox/preserved/w/integration", "note.txt")).toBe("mine");
    expect(await repo.git(["symbolic-ref", "-q", "HEAD"], place).catch(() => "detached")).toBe("detached");
  });

  it("makes no preserve ref for documents that the coordinator renders", async () => {
    const { path: place } = await repository.showIntegration("w", base);
    await repo.write("orchestration/w/ORCHESTRATION.yaml", "state", place);
    await repository.showIntegration("w", await repo.commit({ x: "x" }));
    expect(await preserved()).toEqual([""]);
    expect(await exists(join(place, "orchestration"))).toBe(false);
  });
});
