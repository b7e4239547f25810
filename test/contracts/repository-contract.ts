/** What every repository must do for the engine. Git runs it, and the one in memory that the simulation stands on. */
import { describe, expect, test } from "vitest";
import type { Repository } from "../../src/ports/repository.ts";

export interface RepositoryPlace {
  readonly repository: Pick<
    Repository,
    | "addReviewWorktree"
    | "addWorktree"
    | "advance"
    | "buildFilesCommit"
    | "buildMerge"
    | "buildResolvedMerge"
    | "conflictedFiles"
    | "buildTreeCommit"
    | "changedFiles"
    | "commitWorktree"
    | "deleteBranch"
    | "findCheckpoint"
    | "findEffect"
    | "isAncestor"
    | "joinWorktree"
    | "listFiles"
    | "preserve"
    | "readFile"
    | "recycleWorktree"
    | "removeReviewWorktrees"
    | "removeSpareWorktrees"
    | "removeWorktree"
    | "resolve"
    | "showIntegration"
    | "worktreePath"
    | "worktrees"
  >;
  /** Writes a file into a worktree, as an agent does. */
  write(worktree: string, path: string, content: string): Promise<void>;
}

const WORKFLOW = "wf-001";
const MAIN = `signalbox/${WORKFLOW}/main`;
const text = (subject: string, trailers: Readonly<Record<string, string>> = {}) => ({ subject, trailers });

/** `open` gives a repository of its own with one commit on `main`, which holds `README.md` and `src/a.txt`. */
export function repositoryContract(name: string, open: () => Promise<RepositoryPlace>): void {
  describe(`repository contract: ${name}`, () => {
    /** A repository with an integration branch and one attempt, in whose worktree `file` was written and committed. */
    async function attempt(file: string, content: string, subject = "slot") {
      const place = await open();
      const { repository } = place;
      const base = (await repository.resolve("main")) ?? "";
      const branch = `signalbox/${WORKFLOW}/${subject}.1.1`;
      await repository.advance(MAIN, base, null);
      const { path } = await repository.addWorktree({ workflow: WORKFLOW, branch, base });
      await place.write(path, file, content);
      const commit = await repository.commitWorktree(path, text("work"), "effect-1", []);
      if (commit === null) throw new Error("nothing was committed");
      return { ...place, base, branch, path, commit };
    }

    test("commits what is in a worktree once for each effect, and nothing where nothing is new", async () => {
      const { repository, base, branch, path, commit, write } = await attempt("src/a.ts", "1\n");
      expect(path).toBe(repository.worktreePath(branch));
      expect(await repository.resolve(`refs/heads/${branch}`)).toBe(commit);
      expect(await repository.changedFiles(base, commit)).toMatchObject([
        { path: "src/a.ts", change: "added" },
      ]);
      expect(await repository.readFile(commit, "src/a.ts")).toBe("1\n");
      expect(await repository.listFiles(commit, "src/")).toEqual(["src/a.ts", "src/a.txt"]);
      expect(await repository.commitWorktree(path, text("again"), "effect-2", [])).toBe(null);
      await write(path, "src/a.ts", "2\n");
      expect(await repository.commitWorktree(path, text("work"), "effect-1", [])).toBe(commit);
      expect(await repository.addWorktree({ workflow: WORKFLOW, branch, base })).toEqual({ path });
    });

    test("merges from objects alone, names what conflicts, and moves a branch by compare-and-swap only", async () => {
      const { repository, base, commit } = await attempt("README.md", "theirs\n");
      const apart = await repository.buildFilesCommit(
        base,
        [{ path: "docs/x.md", content: "x\n" }],
        text("x"),
      );
      const against = await repository.buildFilesCommit(
        base,
        [{ path: "README.md", content: "ours\n" }],
        text("y"),
      );
      expect(await repository.buildMerge(against, commit, text("m"), "merge")).toEqual({
        ok: false,
        conflicts: ["README.md"],
      });
      const merge = await repository.buildMerge(
        apart,
        commit,
        text("m", { "Signalbox-Effect": "e-1" }),
        "merge",
      );
      if (!merge.ok) throw new Error("a conflict");
      expect(await repository.listFiles(merge.commit, "")).toEqual(["README.md", "docs/x.md", "src/a.txt"]);
      expect(await repository.resolve(MAIN)).toBe(base);
      expect(await repository.isAncestor(commit, merge.commit)).toBe(true);
      expect(await repository.isAncestor(merge.commit, commit)).toBe(false);
      expect(await repository.advance(MAIN, merge.commit, apart)).toEqual({ ok: false, found: base });
      expect(await repository.advance(MAIN, merge.commit, base)).toEqual({ ok: true });
      expect(await repository.advance(MAIN, merge.commit, base)).toEqual({ ok: true });
    });

    test("gives the versions of a file in conflict, and builds the merge that was made of them", async () => {
      const { repository, base, commit } = await attempt("NEWS.md", "theirs\n");
      const news = [{ path: "NEWS.md", content: "ours\n" }];
      const ours = await repository.buildFilesCommit(base, news, text("y"));
      const [file, ...others] = await repository.conflictedFiles(ours, commit, ["NEWS.md"]);
      expect(others).toEqual([]);
      const versions = { base: null, ours: "ours\n", theirs: "theirs\n", union: "ours\ntheirs\n" };
      expect(file).toEqual({ path: "NEWS.md", kind: "both-added", ...versions });
      expect(await repository.conflictedFiles(base, commit, [])).toEqual([]);
      const words = { ...text("m", { "Signalbox-Effect": "e-1" }), resolved: ["NEWS.md (union)"] };
      await expect(repository.buildResolvedMerge(ours, commit, [], words)).rejects.toMatchObject({
        code: "git-failed",
      });
      const joined = [{ path: "NEWS.md", content: versions.union }];
      const merge = await repository.buildResolvedMerge(ours, commit, joined, words);
      expect(await repository.readFile(merge, "NEWS.md")).toBe(versions.union);
      expect(await repository.listFiles(merge, "")).toEqual(["NEWS.md", "README.md", "src/a.txt"]);
      await repository.advance(MAIN, merge, base);
      expect(await repository.findEffect(MAIN, "e-1")).toMatchObject({
        merges: [{ commit: merge, merged: commit, resolved: ["NEWS.md (union)"] }],
      });
    });

    test("finds what an effect has done by its trailer, and checkpoints by theirs", async () => {
      const { repository, base, commit } = await attempt("src/a.ts", "1\n");
      const effect = { "Signalbox-Effect": "e-1" };
      const merge = await repository.buildMerge(base, commit, text("m", effect), "merge");
      if (!merge.ok) throw new Error("a conflict");
      const files = [{ path: "ORCHESTRATION.yaml", content: "state\n" }];
      const documents = await repository.buildFilesCommit(
        merge.commit,
        files,
        text("documents", { ...effect, "Signalbox-Checkpoint": "CP-001" }),
      );
      await repository.advance(MAIN, documents, base);
      expect(await repository.findEffect(MAIN, "e-1")).toMatchObject({
        commit: documents,
        merges: [{ commit: merge.commit, merged: commit }],
      });
      expect(await repository.findEffect(MAIN, "e-2")).toBe(null);
      expect(await repository.findCheckpoint(MAIN, "CP-001")).toBe(documents);
      expect(await repository.findCheckpoint(MAIN, "CP-002")).toBe(null);
      const back = await repository.buildTreeCommit(documents, base, text("back"));
      expect(await repository.changedFiles(base, back)).toEqual([]);
      expect(await repository.isAncestor(documents, back)).toBe(true);
    });

    test("puts what is merged into the worktree of an attempt, as one commit in which a conflict stands with its marks", async () => {
      const { repository, base, branch, path, commit, write } = await attempt("README.md", "ours\n");
      const files = [
        { path: "README.md", content: "theirs\n" },
        { path: "docs/new.md", content: "new\n" },
      ];
      const onto = await repository.buildFilesCommit(base, files, text("others"));
      const joined = await repository.joinWorktree(path, onto, text("join"), "join-1");
      expect(joined.conflicts).toEqual(["README.md"]);
      expect(await repository.resolve(`refs/heads/${branch}`)).toBe(joined.commit);
      expect(await repository.isAncestor(commit, joined.commit)).toBe(true);
      expect(await repository.isAncestor(onto, joined.commit)).toBe(true);
      const marked = (await repository.readFile(joined.commit, "README.md")) ?? "";
      expect(marked).toMatch(/^<{7}.*\nours\n={7}\ntheirs\n>{7}.*\n$/);
      expect(await repository.readFile(joined.commit, "docs/new.md")).toBe("new\n");
      expect(await repository.joinWorktree(path, onto, text("join"), "join-1")).toEqual(joined);
      await write(path, "README.md", "ours\ntheirs\n");
      const made = await repository.commitWorktree(path, text("both"), "effect-2", []);
      expect((await repository.changedFiles(joined.commit, made ?? "")).map((one) => one.path)).toEqual([
        "README.md",
      ]);
      expect(await repository.joinWorktree(path, onto, text("join"), "join-1")).toEqual(joined);
      expect(await repository.resolve(`refs/heads/${branch}`)).toBe(made);
    });

    test("joins nothing in a worktree that has changes of its own", async () => {
      const { repository, base, branch, path, commit, write } = await attempt("src/a.ts", "1\n");
      const onto = await repository.buildFilesCommit(base, [{ path: "x.md", content: "x\n" }], text("x"));
      await write(path, "src/late.ts", "2\n");
      await expect(repository.joinWorktree(path, onto, text("join"), "join-1")).rejects.toMatchObject({
        code: "worktree-changed",
      });
      expect(await repository.resolve(`refs/heads/${branch}`)).toBe(commit);
    });

    test("removes a worktree only with everything in it kept under a ref, and a branch only with its tip", async () => {
      const { repository, branch, path, commit, write } = await attempt("src/a.ts", "1\n");
      await write(path, "src/b.ts", "late\n");
      await expect(repository.deleteBranch(branch, commit)).rejects.toMatchObject({
        code: "branch-checked-out",
      });
      const { preserved } = await repository.removeWorktree(WORKFLOW, path);
      const kept = await repository.resolve(preserved ?? "");
      expect(await repository.readFile(kept ?? "", "src/b.ts")).toBe("late\n");
      expect((await repository.worktrees()).map((one) => one.path)).not.toContain(path);
      await repository.removeWorktree(WORKFLOW, path);
      await expect(repository.deleteBranch(branch, kept ?? "")).rejects.toMatchObject({
        code: "branch-moved",
      });
      await repository.deleteBranch(branch, commit);
      expect(await repository.resolve(`refs/heads/${branch}`)).toBe(null);
      expect(await repository.isAncestor(commit, kept ?? "")).toBe(true);
      expect(await repository.deleteBranch(branch, commit)).toEqual({ preserved: null });
    });

    test("hands a worktree on only without what is new in it, and leaves none when all are removed", async () => {
      const { repository, base, branch, path, commit, write } = await attempt("src/a.ts", "1\n");
      expect(await repository.recycleWorktree(WORKFLOW, path)).toEqual({ preserved: null });
      expect((await repository.worktrees()).map((one) => one.path)).not.toContain(path);
      await repository.deleteBranch(branch, commit);
      const next = `signalbox/${WORKFLOW}/next.1.1`;
      const request = { workflow: WORKFLOW, branch: next, base, reuse: true };
      const place = await repository.addWorktree(request);
      expect(place.path).toBe(repository.worktreePath(next));
      expect(await repository.addWorktree(request)).toEqual(place);
      expect(await repository.commitWorktree(place.path, text("nothing"), "effect-2", [])).toBe(null);
      await write(place.path, "src/b.ts", "late\n");
      const { preserved } = await repository.recycleWorktree(WORKFLOW, place.path);
      const kept = await repository.resolve(preserved ?? "");
      expect(await repository.listFiles(kept ?? "", "src/")).toEqual(["src/a.txt", "src/b.ts"]);
      await repository.removeSpareWorktrees(WORKFLOW);
      expect((await repository.worktrees()).filter((one) => one.path.includes(WORKFLOW))).toEqual([]);
    });

    test("a branch that nothing else holds is preserved when it goes, under a name of its own", async () => {
      const { repository, branch, path, commit } = await attempt("src/a.ts", "1\n");
      await repository.removeWorktree(WORKFLOW, path);
      const { preserved } = await repository.deleteBranch(branch, commit);
      expect(await repository.resolve(preserved ?? "")).toBe(commit);
      const [first, again] = [
        await repository.preserve(WORKFLOW, "kept", commit),
        await repository.preserve(WORKFLOW, "kept", commit),
      ];
      expect(again).toBe(first);
      const base = (await repository.resolve("main")) ?? "";
      const other = await repository.preserve(WORKFLOW, "kept", base);
      expect(other).not.toBe(first);
      expect(await repository.resolve(first)).toBe(commit);
    });

    test("shows commits in folders of their own, the same one again in the same folder", async () => {
      const { repository, base, commit } = await attempt("src/a.ts", "1\n");
      const review = await repository.addReviewWorktree(WORKFLOW, commit);
      expect(await repository.addReviewWorktree(WORKFLOW, commit)).toEqual(review);
      const shown = await repository.showIntegration(WORKFLOW, base);
      expect(await repository.showIntegration(WORKFLOW, commit)).toEqual(shown);
      const places = await repository.worktrees();
      expect(places).toContainEqual(expect.objectContaining({ path: review.path, branch: null, commit }));
      expect(places).toContainEqual(expect.objectContaining({ path: shown.path, branch: null, commit }));
      await repository.removeReviewWorktrees(WORKFLOW);
      expect((await repository.worktrees()).map(({ path }) => path)).not.toContain(review.path);
    });
  });
}
