import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LandingSite } from "../../ports/landing.ts";
import { openLandingSite } from "./landing.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const TEXT = { subject: "Fix the title", trailers: { "Signalbox-Effect": "w/1/fix/1/land" } };

let repo: TempRepository;
let site: LandingSite;
let base: string;
beforeEach(async () => {
  repo = await tempRepository();
  base = await repo.git(["rev-parse", "HEAD"]);
  site = await openLandingSite(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

/** A commit on a branch of its own that changes files; the checkout is back on main afterwards. */
async function work(files: Record<string, string>, branch = "work"): Promise<string> {
  await repo.git(["switch", "-q", "-c", branch, base]);
  const commit = await repo.commit(files, "work");
  await repo.git(["switch", "-q", "main"]);
  return commit;
}

async function built(onto: string, commit: string): Promise<string> {
  const result = await site.build(onto, { base, commit }, TEXT);
  if (!result.ok) throw new Error(`conflicts: ${result.conflicts.join(", ")}`);
  return result.commit;
}

const main = (): Promise<string> => repo.git(["rev-parse", "main"]);

describe("building what lands", () => {
  it("puts exactly the difference on the target as one commit, whatever else is in the history of the work", async () => {
    await repo.git(["switch", "-q", "-c", "ours", base]);
    const opening = await repo.commit({ "orchestration/w/STATE.yaml": "ours\n" }, "documents");
    const commit = await repo.commit({ "src/a.txt": "ONE\ntwo\nthree\n" }, "work");
    await repo.git(["switch", "-q", "main"]);
    const onto = await repo.commit({ "src/b.txt": "theirs\n" }, "meanwhile");
    const result = await site.build(onto, { base: opening, commit }, TEXT);
    const landed = result.ok ? result.commit : "";
    expect(await repo.git(["log", "--format=%s", `${onto}..${landed}`])).toBe("Fix the title");
    expect(await repo.git(["diff", "--name-only", onto, landed])).toBe("src/a.txt");
  });

  it("is committed by the person whose command it is", async () => {
    const env = { ...TEST_ENV, GIT_AUTHOR_NAME: "Grace", GIT_AUTHOR_EMAIL: "grace@example.org" };
    site = await openLandingSite(repo.root, { env });
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    expect(await repo.git(["log", "-1", "--format=%an <%ae>, %cn", commit])).toBe(
      "Grace <grace@example.org>, Ada",
    );
  });

  it("names the files in conflict and makes nothing", async () => {
    const commit = await work({ "src/a.txt": "ours\n" });
    const onto = await repo.commit({ "src/a.txt": "theirs\n" });
    expect(await site.build(onto, { base, commit }, TEXT)).toEqual({ ok: false, conflicts: ["src/a.txt"] });
  });

  it("is found again by its id on the branch it landed on, and only there", async () => {
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    expect(await site.findLanded(commit, "w/1/fix/1/land")).toBe(commit);
    expect(await site.findLanded(base, "w/1/fix/1/land")).toBeNull();
    expect(await site.findLanded(commit, "w/1/fix/1")).toBeNull();
  });

  it("knows whether two commits are the same apart from one folder", async () => {
    const one = await repo.commit({ "orchestration/w/STATE.yaml": "1\n" });
    const other = await repo.commit({ "orchestration/w/STATE.yaml": "2\n" });
    const third = await repo.commit({ "orchestration.txt": "beside\n" });
    expect(await site.sameApartFrom("orchestration/w", one, other)).toBe(true);
    expect(await site.sameApartFrom("orchestration/w", other, third)).toBe(false);
    expect(await site.sameApartFrom("elsewhere", one, other)).toBe(false);
  });
});

describe("landing on a local branch", () => {
  it("moves a clean checkout forward, files and branch together", async () => {
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    await repo.write("notes.txt", "mine, untracked");
    expect(await site.local("main")).toEqual({
      tip: base,
      checkout: { path: repo.root, own: true, operation: null, changed: [] },
    });
    expect(await site.moveLocal("main", commit, base)).toEqual({ ok: true });
    expect([await main(), await repo.read("src/a.txt"), await repo.git(["status", "--porcelain"])]).toEqual([
      commit,
      "new\n",
      "?? notes.txt",
    ]);
    expect(await site.moveLocal("main", commit, base)).toEqual({ ok: true });
  });

  it("moves a branch that is checked out nowhere without touching any checkout", async () => {
    await repo.git(["branch", "release"]);
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    expect(await site.local("release")).toEqual({ tip: base, checkout: null });
    expect(await site.moveLocal("release", commit, base)).toEqual({ ok: true });
    expect(await repo.git(["rev-parse", "release"])).toBe(commit);
    expect(await repo.git(["status", "--porcelain"])).toBe("");
  });

  it("sees uncommitted changes of tracked files, staged or not, and no untracked ones", async () => {
    await repo.write("src/a.txt", "changed\n");
    await repo.write("README.md", "staged\n");
    await repo.git(["add", "README.md"]);
    await repo.write("new.txt", "untracked\n");
    expect((await site.local("main"))?.checkout?.changed).toEqual(["README.md", "src/a.txt"]);
  });

  it("refuses in git's words and changes nothing where an untracked file is in the way", async () => {
    const commit = await built(base, await work({ "new.txt": "theirs\n" }));
    await repo.write("new.txt", "mine\n");
    expect(await site.moveLocal("main", commit, base)).toMatchObject({
      ok: false,
      reason: "refused",
      message: expect.stringContaining("new.txt"),
    });
    expect([await main(), await repo.read("new.txt")]).toEqual([base, "mine\n"]);
  });

  it("refuses and changes nothing where an ignored file is in the way, which git by itself overwrites", async () => {
    const commit = await built(base, await work({ ".env": "THEIRS=1\n" }));
    await repo.write(".git/info/exclude", ".env\n");
    await repo.write(".env", "MINE=1\n");
    expect(await site.moveLocal("main", commit, base)).toMatchObject({ ok: false, reason: "refused" });
    expect([await main(), await repo.read(".env")]).toEqual([base, "MINE=1\n"]);
  });

  it("puts the files back where git stops between the first of them and the branch, and lands when it is asked again", async () => {
    const filter = join(repo.root, ".git", "filter");
    await repo.write(".git/filter", '#!/bin/sh\ntest -e "$0.ok" && cat\n');
    await chmod(filter, 0o755);
    await repo.git(["config", "filter.big.clean", "cat"]);
    await repo.git(["config", "filter.big.smudge", filter]);
    await repo.git(["config", "filter.big.required", "true"]);
    const files = {
      "src/a.txt": "new\n",
      "new/b.txt": "new\n",
      ".gitattributes": "*.big filter=big\n",
      "z.big": "1\n",
    };
    const made = await work(files).catch(() => "the way back to main fails as well");
    await repo.write(".git/filter.ok", "");
    await repo.git(["switch", "-q", "-f", "main"]);
    const commit = await built(base, made.length === 40 ? made : await repo.git(["rev-parse", "work"]));
    await rm(`${filter}.ok`);
    expect(await site.moveLocal("main", commit, base)).toMatchObject({ ok: false, reason: "refused" });
    expect([await main(), await repo.read("src/a.txt"), await repo.git(["status", "--porcelain"])]).toEqual([
      base,
      "one\ntwo\nthree\n",
      "",
    ]);
    expect(await repo.read("new/b.txt").catch(() => "gone")).toBe("gone");
    await repo.write(".git/filter.ok", "");
    expect(await site.moveLocal("main", commit, base)).toEqual({ ok: true });
    expect([await main(), await repo.git(["status", "--porcelain"])]).toEqual([commit, ""]);
  });

  it("does not move a branch that is not where it was", async () => {
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    const moved = await repo.commit({ "src/b.txt": "meanwhile\n" });
    expect(await site.moveLocal("main", commit, base)).toMatchObject({ ok: false, reason: "moved" });
    expect(await main()).toBe(moved);
    const onTop = await built(moved, await work({ "src/c.txt": "third\n" }, "third"));
    await repo.git(["reset", "-q", "--hard", base]);
    expect(await site.moveLocal("main", onTop, moved)).toMatchObject({ ok: false, reason: "moved" });
    expect(await main()).toBe(base);
  });

  it("says where it is checked out, whether the person stands there, and what that folder is in the middle of", async () => {
    const linked = join(repo.root, "../linked");
    await repo.git(["worktree", "add", "-q", linked, "-b", "release"]);
    expect((await site.local("release"))?.checkout).toMatchObject({
      path: linked,
      own: false,
      operation: null,
    });
    const there = await openLandingSite(linked, { env: TEST_ENV });
    expect((await there.local("release"))?.checkout?.own).toBe(true);
    expect((await there.local("main"))?.checkout?.own).toBe(true);
    await repo.git(["switch", "-q", "-c", "other"]);
    const other = await repo.commit({ "src/a.txt": "other\n" });
    await repo.git(["switch", "-q", "main"]);
    await repo.commit({ "src/a.txt": "mine\n" });
    await repo.git(["rebase", "-q", other]).catch(() => "it stops at the conflict");
    expect((await site.local("main"))?.checkout).toMatchObject({ path: repo.root, operation: "rebase" });
    await repo.git(["rebase", "--abort"]);
    await repo.git(["bisect", "start", "HEAD", base]);
    await repo.git(["checkout", "-q", "--detach"]);
    expect((await site.local("main"))?.checkout).toMatchObject({ path: repo.root, operation: "bisect" });
  });

  it("has nothing to land on where the branch does not exist", async () => {
    expect(await site.local("nowhere")).toBeNull();
  });
});

describe("landing on a remote", () => {
  let bare: string;
  beforeEach(async () => {
    bare = join(repo.root, "../remote.git");
    await repo.git(["clone", "-q", "--bare", repo.root, bare]);
    // As seen from the checkout, as people write it.
    await repo.git(["remote", "add", "upstream", "../remote.git"]);
  });

  it("finds the remote that the branch follows, else the only one", async () => {
    expect(await site.remote("main")).toEqual({ remote: "upstream", branch: "main" });
    await repo.git(["remote", "add", "origin", bare]);
    await repo.git(["config", "branch.main.remote", "upstream"]);
    await repo.git(["config", "branch.main.merge", "refs/heads/trunk"]);
    expect(await site.remote("main")).toEqual({ remote: "upstream", branch: "trunk" });
    expect(await site.remote("other")).toEqual({ remote: "origin", branch: "other" });
  });

  it("pushes without touching the checkout or a local branch", async () => {
    const target = { remote: "upstream", branch: "main" };
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    const before = await repo.git(["for-each-ref", "refs/heads"]);
    expect(await site.fetch(target)).toBe(base);
    expect(await site.push(target, commit)).toEqual({ ok: true });
    expect(await repo.git(["rev-parse", "main"], bare)).toBe(commit);
    expect(await site.fetch(target)).toBe(commit);
    expect(await repo.git(["for-each-ref", "refs/heads"])).toBe(before);
    expect([await main(), await repo.git(["status", "--porcelain"])]).toEqual([base, ""]);
  });

  it("looks where a branch of the remote stands without moving the user's own idea of it", async () => {
    await repo.git(["fetch", "-q", "upstream"]);
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    await repo.git(["push", "-q", bare, `${commit}:refs/heads/main`]);
    expect(await site.fetch({ remote: "upstream", branch: "main" })).toBe(commit);
    expect(await repo.git(["rev-parse", "refs/remotes/upstream/main"])).toBe(base);
  });

  it("tells a target that moved from one that refuses", async () => {
    const target = { remote: "upstream", branch: "main" };
    const commit = await built(base, await work({ "src/a.txt": "new\n" }));
    const other = await built(base, await work({ "src/b.txt": "other\n" }, "other"));
    await site.push(target, other);
    expect(await site.push(target, commit)).toMatchObject({ ok: false, reason: "moved" });
    await repo.write("hooks/pre-receive", "#!/bin/sh\necho main is protected >&2; exit 1\n", bare);
    await repo.git(["-C", bare, "config", "core.hooksPath", join(bare, "hooks")]);
    await chmod(join(bare, "hooks/pre-receive"), 0o755);
    const next = await built(other, await work({ "src/c.txt": "third\n" }, "third"));
    expect(await site.push(target, next)).toMatchObject({
      ok: false,
      reason: "refused",
      message: expect.stringContaining("main is protected"),
    });
    expect(await repo.git(["rev-parse", "main"], bare)).toBe(other);
  });

  it("knows no tip of a branch that the remote does not have, and says why a remote cannot be reached", async () => {
    expect(await site.fetch({ remote: "upstream", branch: "nowhere" })).toBeNull();
    await repo.git(["remote", "set-url", "upstream", join(bare, "gone")]);
    await expect(site.fetch({ remote: "upstream", branch: "main" })).rejects.toThrow(/gone/);
  });
});
