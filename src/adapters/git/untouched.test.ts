/** P6: whatever we do, the person's checkout, index, stash, configuration and branches stay byte for byte as they are. */
import { createHash } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;

beforeEach(async () => {
  repo = await tempRepository();
  await repo.commit({
    ".gitignore": "ignored/\n",
    "staged.txt": "1\n",
    "dirty.txt": "1\n",
    "gone.txt": "1\n",
  });
  await repo.write("stashed.txt", "s");
  await repo.git(["stash", "push", "-q", "--include-untracked"]);
  await repo.write("staged.txt", "2\n");
  await repo.git(["add", "staged.txt"]);
  await repo.write("staged.txt", "3\n");
  await repo.write("dirty.txt", "2\n");
  await repo.write("untracked.txt", "u");
  await repo.write("ignored/secret", "s");
  await repo.git(["branch", "feature"]);
  await repo.git(["tag", "v1"]);
  await chmod(join(repo.root, "README.md"), 0o755);
  repository = await openRepository(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

const hash = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(join(repo.root, path)))
    .digest("hex");

/** Everything of the person's that could change. Index first: `status` may rewrite it. */
async function photograph(): Promise<Readonly<Record<string, string>>> {
  const paths = ["staged.txt", "dirty.txt", "untracked.txt", "ignored/secret", "README.md"];
  const files = [
    ".git/index",
    ".git/HEAD",
    ".git/config",
    ".git/logs/HEAD",
    ".git/logs/refs/stash",
    ...paths,
  ];
  const hashes = Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await hash(file)] as const)),
  );
  const refs = await repo.git(["for-each-ref", "--format=%(refname) %(objectname)"]);
  return {
    ...hashes,
    refs: refs
      .split("\n")
      .filter((line) => !/^refs\/(heads\/)?signalbox\//.test(line))
      .join("\n"),
    status: await repo.git(["--no-optional-locks", "status", "--porcelain=v2", "--branch", "--ignored"]),
    stash: await repo.git(["stash", "list"]),
  };
}

it("changes nothing of the person's through a whole life of worktrees, commits, merges and removals", async () => {
  const before = await photograph();
  const base = (await repository.head()).commit ?? "";
  const text = { subject: "x", trailers: {} };
  await repository.dirtyFiles();
  await repository.advance("signalbox/w/main", base, null);
  const { path } = await repository.addWorktree({ workflow: "w", branch: "signalbox/w/a.1.1", base });
  await repo.write("dirty.txt", "agent\n", path);
  await repo.write("new.txt", "agent\n", path);
  const made = await repository.commitWorktree(path, text, "e1", []);
  const merged = await repository.buildMerge(base, made ?? "", text, "merge");
  if (!merged.ok) throw new Error("conflict");
  const state = await repository.buildFilesCommit(
    merged.commit,
    [{ path: "orchestration/x", content: "x" }],
    text,
  );
  const back = await repository.buildTreeCommit(state, base, text);
  await repository.showIntegration("w", state);
  await repository.advance("signalbox/w/main", back, base);
  await repository.addReviewWorktree("w", made ?? "");
  await repository.changedFiles(base, back);
  await repository.diff(base, state, 1000);
  await repo.write("left.txt", "agent\n", path);
  await repository.removeWorktree("w", path);
  await repository.removeReviewWorktrees("w");
  await repository.deleteBranch("signalbox/w/a.1.1", made ?? "");
  expect(await photograph()).toEqual(before);
});

it("changes nothing when operations are refused", async () => {
  await writeFile(join(repo.root, ".git/index.lock"), "the person's own git runs");
  const before = await photograph();
  const base = (await repository.head()).commit ?? "";
  await repository.addWorktree({ workflow: "w", branch: "feature", base }).catch(() => {});
  await repository
    .addWorktree({ workflow: "w", branch: "signalbox/w/a.1.1", base: "1".repeat(40) })
    .catch(() => {});
  await repository.removeWorktree("w", repo.root).catch(() => {});
  await repository.deleteBranch("feature", base).catch(() => {});
  await repository.commitWorktree(repo.root, { subject: "x", trailers: {} }, "e", []).catch(() => {});
  expect(await photograph()).toEqual(before);
});
