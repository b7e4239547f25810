/** git itself loses worktrees when several are added at once (and its readers fail); the repository lock must prevent both. */
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootId, ownIdentity } from "../process/identity.ts";
import { openRepository } from "./index.ts";
import { isRaceMessage } from "./race.ts";
import { withRepositoryLock } from "./repo-lock.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

/** A second process that adds worktrees at the same time. */
async function otherProcess(names: readonly string[], base: string): Promise<number | null> {
  const script = join(dirname(repo.root), "other.mjs");
  const contents = `
    import { openRepository } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    const [cwd, base, ...names] = process.argv.slice(2);
    const repository = await openRepository(cwd);
    await Promise.all(names.map((name) => repository.addWorktree({ workflow: "w", branch: "signalbox/w/" + name, base })));
  `;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" },
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const args = [script, repo.root, base, ...names];
  const child = spawn(process.execPath, args, { env: TEST_ENV, stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve) => child.on("close", resolve));
}

it("loses none of 24 worktrees added at once by two processes while git gc and rev-list run", async () => {
  const base = await repo.git(["rev-parse", "HEAD"]);
  const repository = await openRepository(repo.root, { env: TEST_ENV });
  const ours = Array.from({ length: 16 }, (_, index) => `ours-${index}.1.1`);
  const theirs = Array.from({ length: 8 }, (_, index) => `theirs-${index}.1.1`);
  let busy = true;
  const disturb = async (): Promise<void> => {
    while (busy) {
      // These may fail, they take no lock of ours; our calls must not.
      await repo.git(["gc", "-q"]).catch(() => "");
      await repo.git(["rev-list", "--all"]).catch(() => "");
    }
  };
  const disturbance = disturb();
  const [code] = await Promise.all([
    otherProcess(theirs, base),
    ...ours.map((name) => repository.addWorktree({ workflow: "w", branch: `signalbox/w/${name}`, base })),
  ]).finally(() => {
    busy = false;
    return disturbance;
  });
  expect(code).toBe(0);
  const found = (await repository.worktrees()).map((it) => it.branch).sort();
  expect(found).toEqual(
    [...ours, ...theirs]
      .map((name) => `signalbox/w/${name}`)
      .concat("main")
      .sort(),
  );
  for (const name of [...ours, ...theirs]) {
    expect(await repo.git(["status", "--porcelain"], repository.worktreePath(`signalbox/w/${name}`))).toBe(
      "",
    );
  }
  await Promise.all(
    ours.map((name) => repository.removeWorktree("w", repository.worktreePath(`signalbox/w/${name}`))),
  );
  expect((await repository.worktrees()).length).toBe(1 + theirs.length);
});

describe("the repository lock", () => {
  const lockPath = (): string => join(repo.root, ".git/signalbox.lock");
  const lockOf = (more: object): string =>
    JSON.stringify({ ...ownIdentity(), host: hostname(), token: "old", ...more });

  it("lets one work at a time, in order, and goes on after a failure", async () => {
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} in`);
      await readFile(lockPath());
      seen.push(`${name} out`);
      if (name === "b") throw new Error("b fails");
    };
    const all = ["a", "b", "c"].map((name) => withRepositoryLock(join(repo.root, ".git"), work(name)));
    expect((await Promise.allSettled(all)).map((it) => it.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(seen).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect((await readdir(join(repo.root, ".git"))).filter((name) => name.includes("signalbox"))).toEqual([]);
  });

  it.each([
    ["a process that is gone", { pid: 4_000_000 }],
    ["a later process with the same pid", { startTime: "1" }],
    ["an earlier boot", { bootId: "before" }],
  ])("takes over from %s, once, whatever the number of waiters", async (_, more) => {
    await writeFile(lockPath(), lockOf(more));
    await expect(withRepositoryLock(join(repo.root, ".git"), async () => "done", 2000)).resolves.toBe("done");
    expect((await readdir(join(repo.root, ".git"))).filter((name) => name.includes("signalbox"))).toEqual([]);
  });

  it("takes over although the process that began to break the lock died too", async () => {
    await writeFile(lockPath(), lockOf({ pid: 4_000_000 }));
    await writeFile(`${lockPath()}.old`, lockOf({ pid: 4_000_001, token: "breaker" }));
    await expect(withRepositoryLock(join(repo.root, ".git"), async () => "done", 2000)).resolves.toBe("done");
  });

  it("waits for a living holder and for one on another host, then names it", async () => {
    for (const more of [{}, { pid: 4_000_000, host: "elsewhere", bootId: bootId() }]) {
      await writeFile(lockPath(), lockOf(more));
      const error = await withRepositoryLock(join(repo.root, ".git"), async () => "done", 100).catch(
        (it) => it,
      );
      expect(error).toMatchObject({
        code: "repository-busy",
        message: expect.stringContaining("is held by process"),
      });
      expect(await readFile(lockPath(), "utf8")).toBe(lockOf(more));
    }
  });
});

describe("race messages", () => {
  it.each([
    "fatal: failed to read .git/worktrees/x/commondir: Success",
    "fatal: failed to read /r/.git/worktrees/x.1.1/gitdir: No such file or directory",
    "error: could not lock config file .git/config: File exists",
    "fatal: Unable to create '/r/.git/packed-refs.lock': File exists.",
    "fatal: could not open 'worktrees/x.1.1/locked' for writing: No such file or directory",
    "error: unable to create temporary file: No such file or directory",
    "error: unable to write file .git/objects/ab/cd: No such file or directory",
  ])("tries again after %j", (message) => {
    expect(isRaceMessage(message)).toBe(true);
  });

  it.each([
    "fatal: Unable to create '/r/.git/worktrees/x/index.lock': File exists.",
    "fatal: a branch named 'x' already exists",
    "fatal: cannot lock ref 'refs/heads/x': is at 1 but expected 2",
  ])("does not try again after %j", (message) => {
    expect(isRaceMessage(message)).toBe(false);
  });

  it("runs a command again after a race and gives up with git's words when it goes on", async () => {
    const bin = join(dirname(repo.root), "bin");
    await mkdir(bin);
    const fake = `#!/bin/sh
case "$*" in
  *worktree\\ list*) n=$(cat ${bin}/n 2>/dev/null || echo 0); echo $((n+1)) > ${bin}/n
    if [ "$n" -lt 2 ]; then echo "fatal: failed to read .git/worktrees/x/commondir: Success" >&2; exit 128; fi;;
esac
PATH=${TEST_ENV.PATH}; exec git "$@"\n`;
    await writeFile(join(bin, "git"), fake, { mode: 0o755 });
    const repository = await openRepository(repo.root, {
      env: { ...TEST_ENV, PATH: `${bin}:${TEST_ENV.PATH}` },
    });
    expect((await repository.worktrees()).length).toBe(1);
    expect(await readFile(join(bin, "n"), "utf8")).toBe("3\n");
  });
});
