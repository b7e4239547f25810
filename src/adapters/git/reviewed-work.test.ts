import { afterEach, beforeEach, expect, it } from "vitest";
import { placeNow } from "../../core/review/map-line.ts";
import { openReviewedWork, type ReviewedWork } from "./reviewed-work.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let work: ReviewedWork;

beforeEach(async () => {
  repo = await tempRepository();
  work = await openReviewedWork(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

const NUMBERS = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

it("a line is found again after lines came, went and changed, in a file that was renamed meanwhile", async () => {
  const first = await repo.commit({ "src/long.ts": text(NUMBERS) });
  await repo.git(["mv", "src/long.ts", "src/renamed at last.ts"]);
  const edited = ["new", ...NUMBERS.slice(0, 3), "LINE 4", ...NUMBERS.slice(4, 8), ...NUMBERS.slice(9)];
  const second = await repo.commit({ "src/renamed at last.ts": text(edited) });
  const fate = await work.fate(first, second, "src/long.ts");
  const now = [1, 4, 5, 9, 12].map((line) => placeNow({ path: "src/long.ts", line }, fate));
  const path = "src/renamed at last.ts";
  expect(now).toEqual([
    { kind: "there", path, line: 2 },
    { kind: "changed", path, line: 5 },
    { kind: "there", path, line: 6 },
    { kind: "gone", path, line: 10 },
    { kind: "there", path, line: 12 },
  ]);
});

it("every line that stays is where git says it is, in a file of which a lot has changed", async () => {
  const before = Array.from({ length: 60 }, (_, at) => `before ${at}`);
  const after = before.flatMap((line, at) =>
    at % 7 === 0 ? [] : at % 5 === 0 ? [line, `after ${at}`] : [line],
  );
  const first = await repo.commit({ "a.txt": text(before) });
  const second = await repo.commit({ "a.txt": text(after) });
  const fate = await work.fate(first, second, "a.txt");
  for (const [at, line] of before.entries()) {
    const now = placeNow({ path: "a.txt", line: at + 1 }, fate);
    expect([line, now.kind]).toEqual([
      line,
      after.includes(line) ? "there" : expect.stringMatching(/gone|changed/),
    ]);
    if (now.kind === "there") expect(after[(now.line ?? 0) - 1]).toBe(line);
  }
});

it("a file that stayed, went, or whose commit is not here is told apart", async () => {
  const first = await repo.commit({ "b.txt": "b\n" });
  await repo.git(["rm", "-q", "b.txt"]);
  const second = await repo.commit({ "c.txt": "other\n" });
  expect(await work.fate(first, second, "src/a.txt")).toEqual({ kind: "same" });
  expect(await work.fate(first, second, "b.txt")).toEqual({ kind: "deleted" });
  expect(await work.fate("1".repeat(40), second, "b.txt")).toEqual({ kind: "unknown" });
});

it("files of a change come with their sizes, renames and binary ones too", async () => {
  const first = await repo.commit({ "long.ts": text(NUMBERS), "odd\tname.txt": "x\n" });
  await repo.git(["mv", "long.ts", "moved.ts"]);
  const second = await repo.commit({
    "moved.ts": text([...NUMBERS, "more"]),
    "odd\tname.txt": "y\n",
    "logo.png": "\0png",
  });
  expect(await work.files(first, second)).toEqual([
    { path: "logo.png", change: "added", lines: null },
    { path: "moved.ts", from: "long.ts", change: "renamed", lines: { added: 1, removed: 0 } },
    { path: "odd\tname.txt", change: "modified", lines: { added: 1, removed: 1 } },
  ]);
});

it("a file at a commit has its lines; a folder, a path outside and a missing one are no files", async () => {
  const commit = await repo.commit({
    "crlf.txt": "one\r\ntwo",
    "empty.txt": "",
    "logo.png": "\0",
    "[a].txt": "x\n",
  });
  expect(await work.fileAt(commit, "crlf.txt")).toEqual({ lines: ["one", "two"] });
  expect(await work.fileAt(commit, "empty.txt")).toEqual({ lines: [] });
  expect(await work.fileAt(commit, "logo.png")).toEqual({ lines: null });
  expect(await work.fileAt(commit, "[a].txt")).toEqual({ lines: ["x"] });
  expect(await work.fileAt(commit, "src")).toBeNull();
  expect(await work.fileAt(commit, "src/")).toBeNull();
  expect(await work.fileAt(commit, "nope.txt")).toBeNull();
});
