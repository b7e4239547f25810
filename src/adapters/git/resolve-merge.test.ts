import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;
let base: string;

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
  base = await repo.commit({ "LOG.md": "# Log\n\n- first\n" });
});
afterEach(() => repo.remove());

const text = { subject: "m", trailers: { "Signalbox-Effect": "e-1" }, resolved: ["LOG.md (union)"] };

/** Commits on a detached checkout of `from`. */
async function side(files: Readonly<Record<string, string>>, from = base): Promise<string> {
  await repo.git(["checkout", "-q", "--detach", from]);
  const commit = await repo.commit(files);
  await repo.git(["checkout", "-q", "main"]);
  return commit;
}

it("gives the versions of a file in conflict, and its lines joined exactly as git merge joins them", async () => {
  const path = 'docs/[a] "b" ü*.md';
  const common = await side({ [path]: "# Log\n\n- first\n\nEnd.\n", "docs/other.md": "x\n" });
  const ours = await side(
    { [path]: "# Log\n\n- ours\n\n}\n- first\n\nEnd!\n", "docs/other.md": "o\n" },
    common,
  );
  const theirs = await side(
    { [path]: "# Log\n\n- theirs\n\n}\n- one\n\nEnd?", "docs/other.md": "t\n" },
    common,
  );
  const before = await repo.git(["for-each-ref"]);
  const files = await repository.conflictedFiles(ours, theirs, [path]);
  expect(files).toMatchObject([
    { path, kind: "content", base: "# Log\n\n- first\n\nEnd.\n" },
    { path: "docs/other.md", kind: "content", base: "x\n", ours: "o\n", theirs: "t\n", union: null },
  ]);
  await repo.git(["checkout", "-q", "--detach", ours]);
  await repo.write(".git/info/attributes", "*.md merge=union\n");
  await repo.git(["merge", "-q", theirs]);
  expect(files[0]?.union).toBe(await repo.read(path));
  expect(files[0]?.union).toContain("- ours");
  expect(await repo.git(["for-each-ref"])).toBe(before);
});

it("has no text of what is binary, a link or too odd for lines, and no union of what was deleted", async () => {
  await repo.write("bin.md", "a\0b");
  await repo.git(["add", "-A"]);
  const common = await repo.commit({ "gone.md": "1\n" });
  const ours = await side({ "bin.md": "a\0o", "gone.md": "2\n" }, common);
  await repo.git(["checkout", "-q", "--detach", common]);
  await repo.git(["rm", "-q", "gone.md"]);
  const theirs = await repo.commit({ "bin.md": "a\0t" });
  expect(await repository.conflictedFiles(ours, theirs, ["bin.md", "gone.md"])).toEqual([
    { path: "bin.md", kind: "binary", base: null, ours: null, theirs: null, union: null },
    { path: "gone.md", kind: "delete-modify", base: "1\n", ours: "2\n", theirs: null, union: null },
  ]);
});

it("leaves what .gitattributes keep from being merged as it is, whatever is asked", async () => {
  const common = await side({ ".gitattributes": "LOG.md -merge\n" });
  const [ours, theirs] = [await side({ "LOG.md": "1\n" }, common), await side({ "LOG.md": "2\n" }, common)];
  expect(await repository.conflictedFiles(ours, theirs, ["LOG.md"])).toMatchObject([{ kind: "binary" }]);
});

it("finds nothing in a merge that is clean", async () => {
  const [ours, theirs] = [await side({ "a.md": "1\n" }), await side({ "b.md": "1\n" })];
  expect(await repository.conflictedFiles(ours, theirs, [])).toEqual([]);
});

it("builds the merge with what was made of its conflicts, its modes kept, and a trailer for each file", async () => {
  await repo.git(["update-index", "--chmod=+x", "LOG.md"]);
  await repo.git(["commit", "-qm", "a program"]);
  const common = await repo.git(["rev-parse", "HEAD"]);
  await repo.git(["reset", "-q", "--hard"]);
  const ours = await side({ "LOG.md": "ours\n", "ours.md": "o\n" }, common);
  const theirs = await side({ "LOG.md": "theirs\n", "theirs.md": "t\n" }, common);
  const commit = await repository.buildResolvedMerge(
    ours,
    theirs,
    [{ path: "LOG.md", content: "both\n" }],
    text,
  );
  expect(await repo.git(["log", "-1", "--format=%P", commit])).toBe(`${ours} ${theirs}`);
  expect(await repo.git(["diff", "--name-only", ours, commit])).toBe("LOG.md\ntheirs.md");
  expect(await repo.git(["ls-tree", commit, "LOG.md"])).toMatch(/^100755 blob/);
  expect(await repository.readFile(commit, "LOG.md")).toBe("both\n");
  expect(await repo.git(["log", "-1", "--format=%(trailers:key=Signalbox-Resolved)", commit])).toBe(
    "Signalbox-Resolved: LOG.md (union)\n",
  );
});

it("builds none while another file conflicts", async () => {
  const ours = await side({ "LOG.md": "ours\n", "src/a.txt": "o\n" });
  const theirs = await side({ "LOG.md": "theirs\n", "src/a.txt": "t\n" });
  await expect(
    repository.buildResolvedMerge(ours, theirs, [{ path: "LOG.md", content: "x\n" }], text),
  ).rejects.toMatchObject({ code: "git-failed", message: expect.stringContaining("src/a.txt") });
});
