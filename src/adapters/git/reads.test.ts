import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;
beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

it("resolves branches, tags and ids, and gives null for what does not exist", async () => {
  const head = await repo.git(["rev-parse", "HEAD"]);
  await repo.git(["tag", "-a", "-m", "x", "v1"]);
  expect(await repository.resolve("main")).toBe(head);
  expect(await repository.resolve("v1")).toBe(head);
  expect(await repository.resolve("nope")).toBeNull();
  expect(await repository.resolve("1".repeat(40))).toBeNull();
  expect(await repository.resolve("--all")).toBeNull();
});

it("reports a detached HEAD without a branch", async () => {
  await repo.git(["checkout", "-q", "--detach"]);
  expect(await repository.head()).toEqual({ branch: null, commit: await repo.git(["rev-parse", "HEAD"]) });
});

it("names dirty, staged and untracked files with blanks and line ends in their names", async () => {
  expect(await repository.dirtyFiles()).toEqual([]);
  await repo.write("src/a.txt", "changed");
  await repo.write("new file\n2.txt", "x");
  await repo.write("staged file.txt", "x");
  await repo.git(["add", "staged file.txt"]);
  expect([...(await repository.dirtyFiles())].sort()).toEqual([
    "new file\n2.txt",
    "src/a.txt",
    "staged file.txt",
  ]);
});

it("reads regular files of a commit and nothing else", async () => {
  await symlink("/etc/hostname", join(repo.root, "link"));
  const commit = await repo.commit({ "a b/ü.txt": "text\n" });
  expect(await repository.readFile(commit, "a b/ü.txt")).toBe("text\n");
  expect(await repository.readFile(commit, "a b")).toBeNull();
  expect(await repository.readFile(commit, "missing")).toBeNull();
  expect(await repository.readFile(commit, "link")).toBeNull();
});

it("lists the files below a folder only", async () => {
  const commit = await repo.commit({ "dir/one": "1", "dir/sub/two": "2", "dir-other/three": "3" });
  expect(await repository.listFiles(commit, "dir")).toEqual(["dir/one", "dir/sub/two"]);
  expect(await repository.listFiles(commit, "dir/")).toEqual(["dir/one", "dir/sub/two"]);
  expect(await repository.listFiles(commit, "none/")).toEqual([]);
  expect(await repository.listFiles(commit, "")).toContain("README.md");
});

it("knows ancestors and the branches below a prefix", async () => {
  const first = await repo.git(["rev-parse", "HEAD"]);
  const second = await repo.commit({ x: "x" });
  expect(await repository.isAncestor(first, second)).toBe(true);
  expect(await repository.isAncestor(second, first)).toBe(false);
  await repository.advance("signalbox/w/main", second, null);
  await repository.advance("signalbox/wider/main", first, null);
  expect(await repository.branches("signalbox/w")).toEqual([{ branch: "signalbox/w/main", commit: second }]);
  expect(await repository.branchExists("signalbox/w/main")).toBe(true);
  expect(await repository.branchExists("signalbox/w")).toBe(false);
});

it("puts generated and binary files into a diff by name only", async () => {
  const base = await repo.git(["rev-parse", "HEAD"]);
  const commit = await repo.commit({
    "package-lock.json": "{}\n",
    "b.bin": "\0\0",
    "src/a.txt": "one\n2\nthree\n",
  });
  const diff = await repository.diff(base, commit, 10_000);
  expect(diff).toContain("Generated file, not shown: package-lock.json (+1 -0)");
  expect(diff).toContain("Binary file, not shown: b.bin");
  expect(diff).toContain("-two\n+2\n");
  expect(diff).not.toContain("+{}");
});

it("cuts a diff at a line end within the limit and says so", async () => {
  const base = await repo.git(["rev-parse", "HEAD"]);
  const commit = await repo.commit({ "long.txt": "ääääääääää\n".repeat(200) });
  const diff = await repository.diff(base, commit, 500);
  expect(Buffer.byteLength(diff)).toBeLessThanOrEqual(500);
  expect(diff).toMatch(/\n\[diff cut: \d+ bytes in all\]\n$/);
  expect(diff).not.toContain("\uFFFD");
});
