import { chmod, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Matrix, Prediction } from "../../../core/conflicts/matrix.ts";
import { openRepository } from "../index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "../testing/temp-repository.ts";
import { openConflicts } from "./index.ts";

let repo: TempRepository;

beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

type Step = () => Promise<unknown>;

/** Branches off main, each made by one change. */
async function branches(changes: Readonly<Record<string, Step>>): Promise<void> {
  for (const [name, change] of Object.entries(changes)) {
    await repo.git(["checkout", "-q", "-f", "-b", name, "main"]);
    await change();
    await repo.git(["add", "-A"]);
    await repo.git(["commit", "-q", "--allow-empty", "-m", name]);
  }
  await repo.git(["checkout", "-q", "-f", "main"]);
}

async function predict(...names: string[]): Promise<Matrix> {
  const conflicts = await openConflicts(repo.root, { env: TEST_ENV });
  return conflicts.matrix(names.map((name) => ({ name, revision: name })));
}

async function between(first: string, second: string): Promise<Prediction | undefined> {
  return (await predict(first, second)).pairs[0]?.prediction;
}

const edit =
  (path: string, content: string): Step =>
  () =>
    repo.write(path, content);
const git =
  (...args: string[]): Step =>
  () =>
    repo.git(args);
const both =
  (...steps: Step[]): Step =>
  async () => {
    for (const step of steps) await step();
  };

const TEXT = "one\ntwo\nthree\n";
const KINDS: readonly (readonly [kind: string, path: string, one: Step, other: Step])[] = [
  ["content", "src/a.txt", edit("src/a.txt", "ONE\ntwo\n"), edit("src/a.txt", "uno\ntwo\n")],
  ["both-added", "new", edit("new", "this\n"), edit("new", "that\n")],
  ["rename", "src/c.txt", git("mv", "src/a.txt", "src/b.txt"), git("mv", "src/a.txt", "src/c.txt")],
  ["delete-modify", "src/a.txt", git("rm", "-q", "src/a.txt"), edit("src/a.txt", `${TEXT}four\n`)],
  [
    "mode",
    "new",
    edit("new", "same\n"),
    both(edit("new", "same\n"), () => chmod(join(repo.root, "new"), 0o755)),
  ],
  ["binary", "logo", edit("logo", "\0one"), edit("logo", "\0two")],
  ["directory-file", "new", edit("new", "file\n"), edit("new/inside", "other\n")],
  [
    "directory-rename",
    "lib/added.txt",
    both(git("mv", "src", "lib")),
    edit("src/added.txt", "added to a folder that the other one renamed\n"),
  ],
];

test.each(KINDS)("a conflict of kind %s names its file %s and its kind", async (kind, path, one, other) => {
  await branches({ one, other });
  const found = await between("one", "other");
  expect(found).toMatchObject({ result: "conflicts" });
  if (found?.result === "conflicts") expect(found.files).toContainEqual({ path, kind });
});

test("two commits of a submodule conflict, and the pairs after them are still read", async () => {
  const link = (id: string): Step =>
    git("update-index", "--add", "--cacheinfo", `160000,${id.repeat(40)},sub`);
  const commit = async (name: string, id: string): Promise<void> => {
    await repo.git(["checkout", "-q", "-f", "-b", name, "main"]);
    await link(id)();
    await repo.git(["commit", "-q", "-m", name]);
  };
  await link("1")();
  await repo.git(["commit", "-q", "-m", "sub"]);
  await commit("one", "2");
  await commit("two", "3");
  await repo.git(["checkout", "-q", "-f", "main"]);
  await branches({ three: edit("src/a.txt", "3\n"), four: edit("src/a.txt", "4\n") });
  const { pairs } = await predict("one", "two", "three", "four");
  expect(pairs[0]?.prediction).toEqual({
    result: "conflicts",
    files: [{ path: "sub", kind: "submodule" }],
  });
  expect(pairs.at(-1)?.prediction).toMatchObject({ files: [{ path: "src/a.txt", kind: "content" }] });
});

test("a pair that changed the same file in other places overlaps, with the tree that a merge makes", async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
  await repo.commit({ "long.txt": lines.join("") });
  await branches({
    one: edit("long.txt", ["first\n", ...lines.slice(1)].join("")),
    two: edit("long.txt", [...lines.slice(0, -1), "last\n"].join("")),
  });
  await repo.git(["checkout", "-q", "one"]);
  await repo.git(["merge", "-q", "--no-edit", "two"]);
  const tree = await repo.git(["rev-parse", "HEAD^{tree}"]);
  await repo.git(["reset", "-q", "--hard", "HEAD^"]);
  expect(await between("one", "two")).toEqual({ result: "overlaps", files: ["long.txt"], tree });
});

test("a rename on one side and a change on the other overlap and do not conflict", async () => {
  await branches({ one: git("mv", "src/a.txt", "src/b.txt"), two: edit("src/a.txt", `${TEXT}four\n`) });
  expect(await between("one", "two")).toMatchObject({ result: "overlaps", files: ["src/a.txt"] });
});

test("what the repository says about merging a file counts as it does for git merge", async () => {
  await repo.commit({ ".gitattributes": "*.md merge=union\nsrc/a.txt -merge\n" });
  await branches({
    one: both(edit("README.md", "one\n"), edit("src/a.txt", "ONE\ntwo\nthree\n")),
    two: both(edit("README.md", "two\n"), edit("src/a.txt", "one\ntwo\nTHREE\n")),
  });
  expect(await between("one", "two")).toEqual({
    result: "conflicts",
    files: [{ path: "src/a.txt", kind: "binary" }],
  });
});

test("branches without history in common are told apart from conflicts", async () => {
  await repo.git(["checkout", "-q", "--orphan", "stranger"]);
  await repo.git(["commit", "-q", "-m", "stranger"]);
  await repo.git(["checkout", "-q", "main"]);
  await branches({ one: edit("src/a.txt", "1\n"), two: edit("src/a.txt", "2\n") });
  const { pairs } = await predict("stranger", "one", "two");
  expect(pairs.map(({ prediction }) => prediction.result)).toEqual(["unrelated", "unrelated", "conflicts"]);
});

test("a line whose branch does not exist is left out", async () => {
  await branches({ one: edit("src/a.txt", "1\n") });
  expect((await predict("one", "gone", "main")).tips.map(({ name }) => name)).toEqual(["one", "main"]);
});

test("the same matrix asked again sees what has moved", async () => {
  await branches({ one: edit("src/a.txt", "1\n"), two: edit("src/a.txt", "2\n"), three: edit("new", "3\n") });
  const conflicts = await openConflicts(repo.root, { env: TEST_ENV });
  const lines = ["one", "two", "three"].map((name) => ({ name, revision: name }));
  const results = async (): Promise<readonly string[]> =>
    (await conflicts.matrix(lines)).pairs.map(({ prediction }) => prediction.result);
  expect(await results()).toEqual(["conflicts", "clean", "clean"]);
  await repo.git(["checkout", "-q", "-f", "three"]);
  await repo.commit({ "src/a.txt": "3\n" });
  await repo.git(["branch", "-f", "two", "main"]);
  expect(await results()).toEqual(["clean", "conflicts", "clean"]);
});

test("a worktree counts as it is now, and neither its index nor the repository keeps anything of that", async () => {
  const repository = await openRepository(repo.root, { env: TEST_ENV });
  const base = (await repository.head()).commit ?? "";
  const branch = "signalbox/wf/login.1.1";
  const { path } = await repository.addWorktree({ workflow: "wf", branch, base });
  await branches({ one: edit("untracked.txt", "of one\n") });
  await repo.write("untracked.txt", "of the session\n", path);
  await repo.write("src/a.txt", "changed\n", path);
  const index = join(
    repository.commonDir,
    "worktrees",
    (await readdir(join(repository.commonDir, "worktrees")))[0] ?? "",
    "index",
  );
  const before = [await readFile(index), (await stat(index)).mtimeMs, await objects()] as const;
  const conflicts = await openConflicts(repo.root, { env: TEST_ENV });
  const matrix = await conflicts.matrix([
    { name: "login", revision: branch, worktree: path },
    { name: "one", revision: "one" },
  ]);
  expect(matrix.tips[0]).toMatchObject({ commit: base, uncommitted: true });
  expect(matrix.pairs[0]?.prediction).toEqual({
    result: "conflicts",
    files: [{ path: "untracked.txt", kind: "both-added" }],
  });
  expect([await readFile(index), (await stat(index)).mtimeMs, await objects()]).toEqual(before);
});

async function objects(): Promise<readonly string[]> {
  return (await readdir(join(repo.root, ".git", "objects"), { recursive: true })).toSorted();
}
