/** Repositories inside a worktree: what a commit leaves out is told, and nothing of theirs runs (P1, P2, P7). */
import { access, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;
let path: string;

beforeEach(async () => {
  repo = await tempRepository();
  await repo.commit({ ".gitignore": "ignored/\n" });
  repository = await openRepository(repo.root, { env: TEST_ENV });
  const base = (await repository.head()).commit ?? "";
  path = (await repository.addWorktree({ workflow: "w", branch: "signalbox/w/a.1.1", base })).path;
});
afterEach(() => repo.remove());

const commit = (effect = "e1"): Promise<string | null> =>
  repository.commitWorktree(path, { subject: "x", trailers: {} }, effect, []);

async function submodule(): Promise<string> {
  const lib = join(dirname(repo.root), "lib");
  await repo.git(["clone", "-q", repo.root, lib]);
  const add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lib, "vendor"];
  await repo.git(add, path);
  return join(path, "vendor");
}

it("names folders that somebody made a repository of, again and again, until their .git is gone", async () => {
  await repo.write("tool/main.ts", "export {};\n", path);
  await repo.write("deep/er/ünder/a.txt", "a\n", path);
  await repo.git(["init", "-q", "tool"], path);
  await repo.git(["init", "-q", "deep/er/ünder"], path);
  const made = await commit();
  expect(made).toBeNull();
  expect(await repository.nestedRepositories(path)).toEqual(["deep/er/ünder/", "tool/"]);
  expect(await commit()).toBe(made);
  expect(await repository.nestedRepositories(path)).toHaveLength(2);
  await repo.git(["worktree", "add", "-q", "--detach", join(path, "linked")], repo.root);
  expect(await repository.nestedRepositories(path)).toContain("linked/");
  await repo.git(["worktree", "remove", join(path, "linked")], repo.root);
  await rm(join(path, "tool/.git"), { recursive: true });
  await rm(join(path, "deep/er/ünder/.git"), { recursive: true });
  const whole = await commit("e2");
  expect(await repository.nestedRepositories(path)).toEqual([]);
  expect(await repository.listFiles(whole ?? "", "tool")).toEqual(["tool/main.ts"]);
});

it("says nothing of ignored folders and of files that only look like a repository", async () => {
  await repo.git(["init", "-q", "ignored/cache"], path);
  await repo.write("ignored/cache/x", "x", path);
  await repo.write("looks/.git/note", "no repository", path);
  await repo.write("looks/a.txt", "a\n", path);
  const made = await commit();
  expect(await repository.nestedRepositories(path)).toEqual([]);
  expect(await repository.listFiles(made ?? "", "looks")).toEqual(["looks/a.txt"]);
});

it("names a submodule with changes that are not committed in it, and none that is as committed", async () => {
  const vendor = await submodule();
  await commit();
  expect(await repository.nestedRepositories(path)).toEqual([]);
  await writeFile(join(vendor, "README.md"), "changed\n");
  expect(await repository.nestedRepositories(path)).toEqual(["vendor/"]);
});

it("names and keeps what was written into the folder of a submodule that is not checked out", async () => {
  const vendor = await submodule();
  await commit();
  await rm(vendor, { recursive: true });
  await repo.write("vendor/new.txt", "n\n", path);
  await commit("e2");
  expect(await repository.nestedRepositories(path)).toEqual(["vendor/"]);
  await expect(repository.removeWorktree("w", path)).rejects.toMatchObject({ code: "nested-repository" });
});

it("commits where a submodule stands, and its removal", async () => {
  const vendor = await submodule();
  await commit();
  await repo.git(
    ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
    vendor,
  );
  const moved = await commit("e2");
  expect(await repo.git(["rev-parse", `${moved}:vendor`])).toBe(
    await repo.git(["rev-parse", "HEAD"], vendor),
  );
  await rm(vendor, { recursive: true });
  await repo.write("src/a.txt", "changed\n", path);
  expect(await repository.listFiles((await commit("e3")) ?? "", "")).not.toContain("vendor");
});

it("runs no program that a submodule's own settings name", async () => {
  const vendor = await submodule();
  await commit();
  const trace = join(dirname(repo.root), "ran");
  await repo.git(["config", "filter.evil.clean", `sh -c 'touch ${trace}; cat'`], vendor);
  await repo.git(["config", "filter.evil.required", "true"], vendor);
  await writeFile(join(vendor, ".gitattributes"), "* filter=evil\n");
  await writeFile(join(vendor, "README.md"), "HELLO\n"); // as long as before: git must read it to tell
  expect(await repository.nestedRepositories(path)).toEqual(["vendor/"]);
  await expect(repository.removeWorktree("w", path)).rejects.toMatchObject({ code: "nested-repository" });
  await expect(access(trace)).rejects.toMatchObject({ code: "ENOENT" });
});
