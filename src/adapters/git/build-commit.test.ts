import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;
let base: string;
const text = {
  subject: "Do it",
  body: "Why.\n---\nSignalbox-Checkpoint: CP-666",
  trailers: { "Signalbox-Effect": "w/1/x" },
};

beforeEach(async () => {
  repo = await tempRepository();
  repository = await openRepository(repo.root, { env: TEST_ENV });
  base = await repo.git(["rev-parse", "HEAD"]);
});
afterEach(() => repo.remove());

const build = (parent: string, files: Readonly<Record<string, string | null>>) =>
  repository.buildFilesCommit(
    parent,
    Object.entries(files).map(([path, content]) => ({ path, content })),
    text,
  );
const refs = () => repo.git(["for-each-ref"]);

describe("buildFilesCommit", () => {
  it("sets and removes files, keeps the rest and moves no ref", async () => {
    const before = await refs();
    const commit = await build(base, {
      "docs/new ü.md": "new\r\n",
      "README.md": null,
      "src/a.txt": "changed",
    });
    expect(await repository.listFiles(commit, "")).toEqual(["docs/new ü.md", "src/a.txt"]);
    expect(await repository.readFile(commit, "docs/new ü.md")).toBe("new\r\n");
    expect(await repo.git(["rev-parse", `${commit}^`])).toBe(base);
    expect(await refs()).toBe(before);
    expect(await repository.dirtyFiles()).toEqual([]);
  });

  it("replaces a file by a folder and makes a commit although nothing changes", async () => {
    const commit = await build(base, { "README.md/inner": "x" });
    expect(await repository.listFiles(commit, "")).toEqual(["README.md/inner", "src/a.txt"]);
    const same = await build(base, {});
    expect(same).not.toBe(base);
    expect(await repo.git(["rev-parse", `${same}^{tree}`])).toBe(
      await repo.git(["rev-parse", `${base}^{tree}`]),
    );
  });

  it.each(["../x", "/x", "a//b", ".git/config", "a/.GIT/x", ""])("refuses the path %j", async (path) => {
    await expect(build(base, { [path]: "x" })).rejects.toMatchObject({ code: "bad-path" });
  });

  it("writes the person's identity, or Signalbox when there is none", async () => {
    expect(await repo.git(["log", "-1", "--format=%an <%ae> %cn", await build(base, {})])).toBe(
      "Ada <ada@example.org> Ada",
    );
    await repo.git(["config", "--unset", "user.email"]);
    expect(await repo.git(["log", "-1", "--format=%an <%ae>", await build(base, {})])).toBe(
      "Signalbox <signalbox@localhost>",
    );
  });
});

describe("buildMerge", () => {
  it("merges clean changes with two parents, and with one for a squash", async () => {
    const ours = await build(base, { "ours.txt": "o" });
    const theirs = await build(base, { "theirs.txt": "t" });
    const merge = await repository.buildMerge(ours, theirs, text, "merge");
    const squash = await repository.buildMerge(ours, theirs, text, "squash");
    if (!merge.ok || !squash.ok) throw new Error("conflict");
    expect(await repo.git(["log", "-1", "--format=%P", merge.commit])).toBe(`${ours} ${theirs}`);
    expect(await repo.git(["log", "-1", "--format=%P", squash.commit])).toBe(ours);
    expect(await repository.listFiles(merge.commit, "")).toEqual([
      "README.md",
      "ours.txt",
      "src/a.txt",
      "theirs.txt",
    ]);
  });

  it("names the conflicting files", async () => {
    const ours = await build(base, { "src/a.txt": "ours\n", "both ü.txt": "1" });
    const theirs = await build(base, { "src/a.txt": "theirs\n", "both ü.txt": "2" });
    expect(await repository.buildMerge(ours, theirs, text, "merge")).toEqual({
      ok: false,
      conflicts: ["both ü.txt", "src/a.txt"],
    });
  });

  it("merges as the .gitattributes of what it merges into say, as git merge does in a checkout", async () => {
    const ruled = await build(base, {
      ".gitattributes": "log.md merge=union\nsrc/a.txt -merge\n",
      "log.md": "first\n",
    });
    const ours = await build(ruled, { "log.md": "first\nours\n", "src/a.txt": "ONE\ntwo\nthree\n" });
    const theirs = await build(ruled, { "log.md": "first\ntheirs\n" });
    const merged = await repository.buildMerge(ours, theirs, text, "merge");
    if (!merged.ok) throw new Error("conflict");
    expect(await repository.readFile(merged.commit, "log.md")).toBe("first\nours\ntheirs\n");
    const other = await build(ruled, { "src/a.txt": "one\ntwo\nTHREE\n" });
    expect(await repository.buildMerge(ours, other, text, "merge")).toEqual({
      ok: false,
      conflicts: ["src/a.txt"],
    });
  });

  it("does not take an unknown commit for a conflict", async () => {
    await expect(repository.buildMerge(base, "1".repeat(40), text, "merge")).rejects.toMatchObject({
      code: "git-failed",
    });
  });
});

it("builds a commit with the tree of another one", async () => {
  const other = await build(base, { "x.txt": "x" });
  const head = await build(other, { "y.txt": "y" });
  const back = await repository.buildTreeCommit(head, other, text);
  expect(await repository.listFiles(back, "")).toEqual(["README.md", "src/a.txt", "x.txt"]);
  expect(await repo.git(["rev-parse", `${back}^`])).toBe(head);
});

describe("advance", () => {
  it("creates, moves by compare-and-swap and reports what it found otherwise", async () => {
    const next = await build(base, {});
    expect(await repository.advance("signalbox/w/main", base, null)).toEqual({ ok: true });
    expect(await repository.advance("signalbox/w/main", next, next)).toEqual({ ok: false, found: base });
    expect(await repository.advance("signalbox/w/main", next, null)).toEqual({ ok: false, found: base });
    expect(await repository.advance("signalbox/w/main", next, base)).toEqual({ ok: true });
    expect(await repository.resolve("signalbox/w/main")).toBe(next);
  });

  it("does not move a branch under a person who has it checked out", async () => {
    const next = await build(base, { "x.txt": "x" });
    await repository.advance("signalbox/w/main", base, null);
    await repo.git(["checkout", "-q", "signalbox/w/main"]);
    await expect(repository.advance("signalbox/w/main", next, base)).rejects.toMatchObject({
      code: "branch-checked-out",
    });
    expect(await repo.git(["status", "--porcelain"])).toBe("");
    await repo.git(["checkout", "-q", "--detach"]);
    expect(await repository.advance("signalbox/w/main", next, base)).toEqual({ ok: true });
  });

  it("takes the same step again for done", async () => {
    await repository.advance("signalbox/w/main", base, null);
    expect(await repository.advance("signalbox/w/main", base, null)).toEqual({ ok: true });
  });

  it("names a branch that blocks the name", async () => {
    await repo.git(["branch", "signalbox/w"]);
    const moved = repository.advance("signalbox/w/main", base, null);
    await expect(moved).rejects.toMatchObject({
      code: "branch-name-blocked",
      message: expect.stringContaining("signalbox/w "),
    });
  });
});

describe("finding commits of ours", () => {
  it("finds an effect by its trailer, with its merge and time", async () => {
    const slot = await build(base, { "slot.txt": "s" });
    const merge = await repository.buildMerge(
      base,
      slot,
      { ...text, trailers: { "Signalbox-Effect": "w/1/m" } },
      "merge",
    );
    if (!merge.ok) throw new Error("conflict");
    const state = await repository.buildFilesCommit(merge.commit, [], {
      ...text,
      trailers: { "Signalbox-Effect": "w/1/m" },
    });
    await repository.advance("signalbox/w/main", state, null);
    const found = await repository.findEffect("signalbox/w/main", "w/1/m");
    expect(found).toMatchObject({ commit: state, merges: [{ commit: merge.commit, merged: slot }] });
    expect(found?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await repository.findEffect("signalbox/w/main", "w/1/m2")).toBeNull();
    expect(await repository.findEffect("signalbox/w/main", "w/1/x")).toBeNull();
    expect(await repository.findEffect("signalbox/none", "w/1/m")).toBeNull();
  });

  it("finds the newest commit of a checkpoint and not a quotation of its trailer", async () => {
    const checkpoint = { subject: "state", trailers: { "Signalbox-Checkpoint": "CP-001" } };
    const first = await repository.buildFilesCommit(base, [], checkpoint);
    const second = await repository.buildFilesCommit(first, [], { ...checkpoint, subject: "again" });
    const quoting = await build(second, {});
    await repository.advance("signalbox/w/main", quoting, null);
    expect(await repository.findCheckpoint("signalbox/w/main", "CP-001")).toBe(second);
    expect(await repository.findCheckpoint("signalbox/w/main", "CP-666")).toBeNull();
  });

  it("cannot be given a trailer through a value with a line end", async () => {
    const commit = await repository.buildFilesCommit(base, [], {
      subject: "one\ntwo",
      trailers: { "Signalbox-Slot": "a\nSignalbox-Checkpoint: CP-009" },
    });
    await repository.advance("signalbox/w/main", commit, null);
    expect(await repository.findCheckpoint("signalbox/w/main", "CP-009")).toBeNull();
  });
});

describe("keeping and deleting refs", () => {
  it("preserves under a name that git accepts, the same commit once, another one beside it", async () => {
    const other = await build(base, {});
    const ref = await repository.preserve("w", "slot 1..x/y.lock", base);
    expect(ref).toBe("refs/signalbox/preserved/w/slot-1.x-y");
    expect(await repository.preserve("w", "slot 1..x/y.lock", base)).toBe(ref);
    expect(await repository.preserve("w", "slot 1..x/y.lock", other)).toBe(`${ref}-2`);
    expect(await repo.git(["rev-parse", ref, `${ref}-2`])).toBe(`${base}\n${other}`);
  });

  it("deletes a branch at its expected tip and keeps its commits reachable", async () => {
    const tip = await build(base, { x: "x" });
    await repository.advance("signalbox/w/a.1.1", tip, null);
    await expect(repository.deleteBranch("signalbox/w/a.1.1", base)).rejects.toMatchObject({
      code: "branch-moved",
    });
    await repository.deleteBranch("signalbox/w/a.1.1", tip);
    expect(await repository.branchExists("signalbox/w/a.1.1")).toBe(false);
    expect(await repository.resolve("refs/signalbox/preserved/w/a.1.1")).toBe(tip);
    await repository.deleteBranch("signalbox/w/a.1.1", tip);
  });

  it("makes no preserve ref for a branch whose commits another ref reaches", async () => {
    await repository.advance("signalbox/w/a.1.1", base, null);
    await repository.deleteBranch("signalbox/w/a.1.1", base);
    expect(await repo.git(["for-each-ref", "refs/signalbox"])).toBe("");
  });

  it("never deletes a branch of the person", async () => {
    await repo.git(["branch", "mine"]);
    for (const branch of ["mine", "main"])
      await expect(repository.deleteBranch(branch, base)).rejects.toMatchObject({ code: "not-our-branch" });
    expect(await repository.branchExists("mine")).toBe(true);
  });
});
