import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { snapshotCheckout } from "./snapshot-checkout.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

const options = { env: TEST_ENV };
const filesOf = (commit: string): Promise<string> => repo.git(["ls-tree", "-r", "--name-only", commit]);

/** Index, refs, stash and state of the checkout as git tells them. */
async function picture(): Promise<readonly string[]> {
  const index = createHash("sha256").update(await readFile(join(repo.root, ".git/index")));
  return [
    index.digest("hex"),
    await repo.git(["for-each-ref"]),
    await repo.git(["stash", "list"]),
    await repo.git(["status", "--porcelain=v2"]),
  ];
}

describe("a snapshot of a checkout", () => {
  it("holds what is staged, changed, deleted and new, without what is ignored", async () => {
    await repo.commit({ ".gitignore": "*.log\n", "gone.txt": "1\n", "staged.txt": "1\n" });
    await repo.git(["rm", "-q", "gone.txt"]);
    await repo.write("staged.txt", "2\n");
    await repo.git(["add", "staged.txt"]);
    await repo.write("staged.txt", "3\n");
    await repo.write("new/file.txt", "n\n");
    await repo.write("debug.log", "secret\n");
    const head = await repo.git(["rev-parse", "HEAD"]);
    const { commit } = await snapshotCheckout(join(repo.root, "src"), options);
    expect((await filesOf(commit)).split("\n")).toEqual([
      ".gitignore",
      "README.md",
      "new/file.txt",
      "src/a.txt",
      "staged.txt",
    ]);
    expect(await repo.git(["show", `${commit}:staged.txt`])).toBe("3");
    expect(await repo.git(["rev-parse", `${commit}^`])).toBe(head);
    expect(await repo.git(["log", "-1", "--format=%an", commit])).toBe("Ada");
  });

  it("changes nothing that belongs to the person", async () => {
    await repo.write("stashed.txt", "s");
    await repo.git(["stash", "push", "-q", "--include-untracked"]);
    await repo.write("README.md", "changed\n");
    await repo.git(["add", "README.md"]);
    await repo.write("new.txt", "n\n");
    const before = await picture();
    await snapshotCheckout(repo.root, options);
    expect(await picture()).toEqual(before);
  });

  it("is HEAD itself where nothing differs from it", async () => {
    expect((await snapshotCheckout(repo.root, options)).commit).toBe(await repo.git(["rev-parse", "HEAD"]));
  });

  it("is of the linked worktree that it is asked in", async () => {
    const linked = `${repo.root}-linked`;
    await repo.git(["worktree", "add", "-q", linked]);
    await repo.write("README.md", "in main\n");
    await repo.write("README.md", "in linked\n", linked);
    const { commit } = await snapshotCheckout(linked, options);
    expect(await repo.git(["show", `${commit}:README.md`])).toBe("in linked");
  });

  it("names repositories inside it, whose content is not in it", async () => {
    await repo.git(["init", "-q", "inner"]);
    await repo.write("inner/x.txt", "x");
    await repo.write("new.txt", "n");
    const { commit, nested } = await snapshotCheckout(repo.root, options);
    expect(nested).toEqual(["inner/"]);
    expect(await filesOf(commit)).toContain("new.txt");
  });

  it("is refused in the middle of a merge with conflicts", async () => {
    await repo.git(["checkout", "-q", "-b", "other"]);
    await repo.commit({ "README.md": "theirs\n" });
    await repo.git(["checkout", "-q", "main"]);
    await repo.commit({ "README.md": "ours\n" });
    await repo.git(["merge", "-q", "other"]).catch(() => {});
    await expect(snapshotCheckout(repo.root, options)).rejects.toMatchObject({
      code: "unmerged-files",
      message: expect.stringContaining("README.md"),
    });
  });
});
