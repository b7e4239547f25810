import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { runProgram, spawnProcess } from "../process/spawn.ts";
import { openRepository } from "./index.ts";
import { recordedPlaces } from "./recorded-worktrees.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const text = { subject: "Work", trailers: {} };
const branchOf = (slot: string) => `signalbox/w/${slot}.1.1`;

let repo: TempRepository;
let repository: Repository;
let base: string;
/** Worktree of the slot `one`. */
let path: string;

beforeEach(async () => {
  repo = await tempRepository();
  await repo.commit({ ".gitignore": "ignored/\n*.log\n.env\n", "src/b.txt": "b\n", "src/deep/c.txt": "c\n" });
  base = await repo.git(["rev-parse", "HEAD"]);
  repository = await openRepository(repo.root, { env: TEST_ENV });
  path = await add("one");
});
afterEach(() => repo.remove());

const add = async (slot: string, at = base) =>
  (await repository.addWorktree({ workflow: "w", branch: branchOf(slot), base: at, reuse: true })).path;
const recycle = () => repository.recycleWorktree("w", path);
/** Git names its administration after the first attempt that it was made for; a number of a folder may be given again. */
const isOfOne = async (folder: string) => (await repo.read(".git", folder)).endsWith("/worktrees/one.1.1\n");
const exists = async (file: string) => (await lstat(file).catch(() => null)) !== null;
const spares = async () =>
  (await recordedPlaces(repository.commonDir)).filter((one) => basename(one.path).startsWith("spare-"));
const spare = async () => (await spares())[0]?.path ?? "";
const inside = (...args: string[]) => repo.git(["-c", "user.name=A", "-c", "user.email=a@x", ...args], path);
/** What the slot `one` made: a file more, one less, one changed. Its commit. */
const work = async (): Promise<string> => {
  await repo.write("src/new.txt", "new\n", path);
  await repo.write("src/a.txt", "changed\n", path);
  await rm(join(path, "src/b.txt"));
  return (await repository.commitWorktree(path, text, "e1", [])) ?? "";
};
/** Every path in a worktree with what the system says about it, but for its pointer to git. */
const listing = async (folder: string): Promise<readonly string[]> => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name !== ".git").toSorted();
  return Promise.all(
    names.map(async (name) => {
      const stats = await lstat(join(folder, name));
      const content = stats.isFile() ? await readFile(join(folder, name), "utf8") : "";
      return `${name} ${stats.mode.toString(8)} ${stats.isFile() ? stats.nlink : ""} ${content}`;
    }),
  );
};
/** A worktree of that commit which was never anybody's. */
const fresh = async (commit: string): Promise<string> =>
  (await repository.addWorktree({ workflow: "w", branch: branchOf("fresh"), base: commit })).path;

describe("a finished worktree", () => {
  it("is moved to the next attempt, which finds exactly the files of its commit", async () => {
    const made = await work();
    await repo.write("ignored/cache/x", "x", path);
    await repo.write(".env", "SECRET=one", path);
    await chmod(join(path, "src/deep/c.txt"), 0o600);
    await link(join(path, "README.md"), join(dirname(repo.root), "elsewhere"));
    await mkdir(join(path, "empty/folder"), { recursive: true });
    await runProgram("mkfifo", ["src/pipe"], { cwd: path, env: TEST_ENV });
    expect(await recycle()).toEqual({ preserved: null });
    expect(await exists(path)).toBe(false);
    expect((await repository.worktrees()).map((it) => it.branch)).toEqual(["main", null]);
    expect(await exists(join(await spare(), ".env"))).toBe(false);
    await repository.deleteBranch(branchOf("one"), made);

    const next = await add("two", made);
    expect(await isOfOne(next)).toBe(true);
    expect(await listing(next)).toEqual(await listing(await fresh(made)));
    expect(await spares()).toEqual([]);
    expect(await repo.git(["status", "--porcelain", "-b", "--ignored"], next)).toBe(`## ${branchOf("two")}`);
    expect(await repo.git(["worktree", "list", "--porcelain"])).not.toContain("prunable");
  });

  it("shows an older commit as well as a newer one, and carries work that is committed from there", async () => {
    await work();
    await recycle();
    path = await add("two");
    expect(await isOfOne(path)).toBe(true);
    expect(await listing(path)).toEqual(await listing(await fresh(base)));
    const made = await work();
    expect(await repo.git(["rev-parse", branchOf("two"), `${made}^`])).toBe(`${made}\n${base}`);
    expect(await repo.git(["diff", "--name-only", base, made])).toBe("src/a.txt\nsrc/b.txt\nsrc/new.txt");
    await recycle();
    expect(await isOfOne(await add("three"))).toBe(true);
  });

  it("does not take commits of an attempt before for those of its own agent", async () => {
    await repo.write("src/new.txt", "new\n", path);
    await inside("add", "-A");
    await inside("commit", "-q", "-m", "by the agent");
    const theirs = await inside("rev-parse", "HEAD");
    await repository.commitWorktree(path, text, "e1", []);
    await recycle();
    path = await add("two");
    expect(await isOfOne(path)).toBe(true);
    await inside("checkout", "-q", "--detach", theirs);
    expect(await repository.commitWorktree(path, text, "e2", [])).toBe(null);
    expect(await repo.git(["rev-parse", branchOf("two")])).toBe(base);
  });

  it("is removed with what it holds kept, when something in it is in no commit", async () => {
    await work();
    await repo.write("late.txt", "late\n", path);
    const { preserved } = await recycle();
    expect(await repo.git(["show", `${preserved}:late.txt`])).toBe("late");
    expect(await spares()).toEqual([]);
    expect(await exists(path)).toBe(false);
  });

  it("stays where it is, when a repository of its own is inside", async () => {
    await mkdir(join(path, "inner"));
    await repo.git(["init", "-q", join(path, "inner")]);
    await expect(recycle()).rejects.toMatchObject({ code: "nested-repository" });
    expect(await exists(join(path, "inner/.git"))).toBe(true);
  });

  it.each<[string, (admin: string) => Promise<unknown>]>([
    ["somebody locked it", () => repo.git(["worktree", "lock", path])],
    ["a lock of git is there", (admin) => writeFile(join(admin, "index.lock"), "")],
    ["a merge is under way", (admin) => writeFile(join(admin, "MERGE_HEAD"), `${base}\n`)],
    ["it is sparse", () => inside("sparse-checkout", "set", "--no-cone", "/*")],
    ["it has a ref of its own", () => inside("update-ref", "refs/worktree/mine", base)],
    ["its files were never recorded", (admin) => rm(join(admin, "signalbox-made-index"))],
    ["its pointer was changed", () => writeFile(join(path, ".git"), "gitdir: elsewhere\n")],
    ["a folder in it has other permissions", () => chmod(join(path, "src"), 0o711)],
  ])("is removed when %s", async (_, change) => {
    await change(join(repo.root, ".git/worktrees/one.1.1"));
    await recycle();
    expect(await spares()).toEqual([]);
    expect(await exists(path)).toBe(false);
    expect(await isOfOne(await add("two"))).toBe(false);
  });

  it.runIf(process.platform === "linux")("is removed when a process stands in it", async () => {
    const child = spawnProcess("sleep", ["600"], { cwd: join(path, "src"), env: TEST_ENV, stdio: "ignore" });
    try {
      await recycle();
      expect(await spares()).toEqual([]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("a spare worktree", () => {
  beforeEach(async () => {
    await work();
    await recycle();
  });

  it.each<[string, () => Promise<unknown>]>([
    ["was written to", async () => repo.write("src/a.txt", "by hand\n", await spare())],
    ["got a new file", async () => repo.write("by-hand.txt", "mine\n", await spare())],
  ])("that %s since is kept and removed, and the attempt gets a new one", async (_, change) => {
    await change();
    expect(await isOfOne(await add("two"))).toBe(false);
    expect(await spares()).toEqual([]);
    expect(await repo.git(["for-each-ref", "--format=%(refname)", "refs/signalbox/preserved"])).toContain(
      "refs/signalbox/preserved/w/spare-",
    );
  });

  it("that got an ignored file since is not taken", async () => {
    await repo.write(".env", "SECRET=late", await spare());
    const next = await add("two");
    expect(await isOfOne(next)).toBe(false);
    expect(await exists(join(next, ".env"))).toBe(false);
  });

  it("is not taken where the next commit has other attributes", async () => {
    const other = await repo.commit({ ".gitattributes": "*.txt eol=crlf\n" });
    const next = await add("two", other);
    expect(await isOfOne(next)).toBe(false);
    expect(await repo.read("src/a.txt", next)).toContain("\r\n");
  });

  it("is taken by one of all who want a worktree at the same time", async () => {
    const paths = await Promise.all(["two", "three", "four"].map((slot) => add(slot)));
    expect((await Promise.all(paths.map(isOfOne))).filter(Boolean)).toHaveLength(1);
    for (const one of paths) expect(await repo.git(["status", "--porcelain"], one)).toBe("");
  });

  it("is left to those who ask for one, and to its own workflow", async () => {
    const branch = "signalbox/other/x.1.1";
    await repository.addWorktree({ workflow: "other", branch, base, reuse: true });
    await fresh(base);
    expect(await isOfOne(await spare())).toBe(true);
  });

  it("goes with all others of its workflow", async () => {
    await repository.removeSpareWorktrees("w");
    expect(await spares()).toEqual([]);
    expect((await repository.worktrees()).map((it) => it.branch)).toEqual(["main"]);
  });
});

describe("a kill while a worktree is moved", () => {
  /** As it is after the list of git was changed and before the folder was renamed. */
  const halfMoved = async (admin: string, from: string, to: string, record: object): Promise<void> => {
    await writeFile(
      join(admin, "signalbox.json"),
      JSON.stringify({ version: 1, workflow: "w", ...record, from }),
    );
    await writeFile(join(admin, "gitdir"), `${to}/.git\n`);
  };
  const admin = () => join(repo.root, ".git/worktrees/one.1.1");

  it("to an attempt is made good when the attempt asks again", async () => {
    await recycle();
    const to = repository.worktreePath(branchOf("two"));
    await repo.git(["branch", branchOf("two"), base]);
    await halfMoved(admin(), await spare(), to, { branch: branchOf("two"), base, tip: base, ready: false });
    expect(await add("two")).toBe(to);
    expect(await isOfOne(to)).toBe(true);
    expect(await repo.git(["status", "--porcelain", "-b"], to)).toBe(`## ${branchOf("two")}`);
  });

  it("to an attempt leaves a worktree that can be removed", async () => {
    await recycle();
    const from = await spare();
    const to = repository.worktreePath(branchOf("two"));
    await halfMoved(admin(), from, to, { branch: branchOf("two"), base, tip: base, ready: false });
    await repository.removeWorktree("w", to);
    expect([await exists(from), await exists(to)]).toEqual([false, false]);
  });

  it("aside leaves one that goes with the others of its workflow", async () => {
    const to = join(dirname(path), "spare-01234567");
    await inside("checkout", "-q", "--detach");
    await halfMoved(admin(), path, to, { branch: null, base, tip: base, ready: true });
    await repository.removeSpareWorktrees("w");
    expect([await exists(path), await exists(to)]).toEqual([false, false]);
    expect(await spares()).toEqual([]);
  });

  it("before it is as if nothing had been done", async () => {
    const made = await work();
    await inside("checkout", "-q", "--detach");
    const record = { branch: null, base: made, tip: made, ready: true, from: path };
    await writeFile(
      join(admin(), "signalbox.json"),
      JSON.stringify({ version: 1, workflow: "w", ...record }),
    );
    expect(await recycle()).toEqual({ preserved: null });
    expect(await exists(path)).toBe(false);
    expect(await spares()).toHaveLength(1);
    await repository.deleteBranch(branchOf("one"), made);
  });

  it("that cannot be ended gives the attempt a new one", async () => {
    await recycle();
    const other = join(dirname(repo.root), "other");
    await rename(await spare(), other);
    await symlink(other, await spare());
    expect(await isOfOne(await add("two"))).toBe(false);
    expect(await repo.read("README.md", other)).toBe("hello\n");
  });
});
