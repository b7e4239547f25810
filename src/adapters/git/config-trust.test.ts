/** P7: a program that appears in the settings while a session runs is not started by our git; the user's own filters go on. */
import { access, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Repository } from "../../ports/repository.ts";
import type { SurroundingsWatch } from "../../ports/surroundings.ts";
import { distrustedSettings, trustFile } from "./config-trust.ts";
import { openConflicts } from "./conflicts/index.ts";
import { openRepository } from "./index.ts";
import { openSurroundings } from "./surroundings.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let repository: Repository;
let watch: SurroundingsWatch;
let path: string;
let trace: string;

beforeEach(async () => {
  repo = await tempRepository();
  trace = join(dirname(repo.root), "ran");
  await repo.git(["config", "filter.own.clean", "tr a-z A-Z"]);
  await repo.git(["config", "filter.own.smudge", "tr A-Z a-z"]);
  await repo.commit({ ".gitattributes": "*.own filter=own\n*.evil filter=evil merge=evil\n" });
  repository = await openRepository(repo.root, { env: TEST_ENV });
  watch = await openSurroundings(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

const evil = (extra = "cat"): string => `sh -c 'touch ${trace}; ${extra}'`;
const ran = (): Promise<boolean> =>
  access(trace).then(
    () => true,
    () => false,
  );
const commit = (effect = "e1"): Promise<string | null> =>
  repository.commitWorktree(path, { subject: "x", trailers: {} }, effect, []);
const show = (commit: string | null, file: string): Promise<string> =>
  repo.git(["show", `${commit}:${file}`]);

/** A worktree with a session under way in it. */
async function session(id = "w/1/a/1/create"): Promise<void> {
  const base = (await repository.head()).commit ?? "";
  path = (await repository.addWorktree({ workflow: "w", branch: "signalbox/w/a.1.1", base })).path;
  await watch.begin("w", id);
}

describe("a filter that a session puts into the repository's settings", () => {
  it("is not run when its work is committed, shown, looked at and removed", async () => {
    await session();
    await repo.git(["config", "filter.evil.clean", evil()], path);
    await repo.git(["config", "filter.evil.smudge", evil()], path);
    await repo.git(["config", "filter.evil.process", evil()], path);
    await repo.git(["config", "filter.evil.required", "true"], path);
    await repo.write("x.evil", "as it is\n", path);
    const made = await commit();
    await watch.end("w", "w/1/a/1/create");
    expect(await show(made, "x.evil")).toBe("as it is");
    await repository.addReviewWorktree("w", made ?? "");
    await repository.showIntegration("w", made ?? "");
    await repository.dirtyFiles();
    await repository.removeReviewWorktrees("w");
    await repository.removeWorktree("w", path);
    expect(await ran()).toBe(false);
    expect((await distrustedSettings(repository.commonDir, TEST_ENV)).map(({ key }) => key).sort()).toEqual([
      "filter.evil.clean",
      "filter.evil.process",
      "filter.evil.smudge",
    ]);
  });

  it("is not run in the very commit of the session, before anybody has looked", async () => {
    await session();
    await repo.git(["config", "--worktree", "filter.evil.clean", evil()], path).catch(() => "");
    await repo.git(["config", "extensions.worktreeConfig", "true"], path);
    await repo.git(["config", "--worktree", "filter.evil.clean", evil()], path);
    await repo.write("x.evil", "as it is\n", path);
    expect(await show(await commit(), "x.evil")).toBe("as it is");
    expect(await ran()).toBe(false);
  });

  it("is not run through a file that the settings include, also one that is made later", async () => {
    await session();
    const included = join(dirname(repo.root), "more.config");
    await repo.git(["config", "include.path", included], path);
    await repo.write("x.evil", "1\n", path);
    await commit("e1");
    await writeFile(included, `[filter "evil"]\n\tclean = "${evil().replaceAll('"', '\\"')}"\n`);
    await repo.write("x.evil", "2\n", path);
    expect(await show(await commit("e2"), "x.evil")).toBe("2");
    expect(await ran()).toBe(false);
  });

  it("never replaces one of the user's: that one goes on as it was, also when it was taken out", async () => {
    await session();
    await repo.git(["config", "filter.own.clean", evil()], path);
    await repo.write("x.own", "loud\n", path);
    expect(await show(await commit(), "x.own")).toBe("LOUD");
    await repo.git(["config", "--unset", "filter.own.clean"], path);
    await repo.write("y.own", "loud\n", path);
    expect(await show(await commit("e2"), "y.own")).toBe("LOUD");
    expect(await ran()).toBe(false);
  });

  it("and a merge driver leaves a conflict instead of deciding it", async () => {
    await repo.commit({ "x.evil": "base\n" });
    await session();
    await repo.git(["config", "merge.evil.driver", evil("exit 0")], path);
    await writeFile(join(repository.commonDir, "info/attributes"), "*.evil merge=evil\n");
    await repo.write("x.evil", "theirs\n", path);
    const theirs = await commit();
    const ours = await repo.commit({ "x.evil": "ours\n" });
    const merged = await repository.buildMerge(ours, theirs ?? "", { subject: "m", trailers: {} }, "merge");
    expect(merged).toEqual({ ok: false, conflicts: ["x.evil"] });
    expect(await ran()).toBe(false);
  });

  it("and a merge driver that committed attributes ask for runs neither in a merge nor in a prediction of one", async () => {
    await repo.commit({ "x.evil": "base\n", ".gitattributes": "*.evil merge=evil\n" });
    await session();
    await repo.git(["config", "merge.evil.driver", evil("exit 0")], path);
    await repo.write("x.evil", "theirs\n", path);
    const theirs = (await commit()) ?? "";
    const ours = await repo.commit({ "x.evil": "ours\n" });
    const merged = await repository.buildMerge(ours, theirs, { subject: "m", trailers: {} }, "merge");
    expect(merged).toEqual({ ok: false, conflicts: ["x.evil"] });
    const conflicts = await openConflicts(repo.root, { env: TEST_ENV });
    const { pairs } = await conflicts.matrix([
      { name: "ours", revision: ours },
      { name: "theirs", revision: theirs },
    ]);
    expect(pairs[0]?.prediction).toMatchObject({ result: "conflicts", files: [{ path: "x.evil" }] });
    expect(await ran()).toBe(false);
  });
});

describe("what the user sets", () => {
  it("works while nothing runs and afterwards, such as git-lfs installed between two sessions", async () => {
    await session();
    await watch.end("w", "w/1/a/1/create");
    await repo.git(["config", "filter.evil.clean", "tr a-z A-Z"]);
    await watch.begin("w", "w/1/a/1/revise");
    await repo.write("x.evil", "loud\n", path);
    expect(await show(await commit(), "x.evil")).toBe("LOUD");
  });

  it("stays unobeyed after it appeared during a session, until the file of trust is removed", async () => {
    await session();
    await repo.git(["config", "filter.evil.clean", "tr a-z A-Z"]);
    await watch.end("w", "w/1/a/1/create");
    await watch.begin("w", "w/1/a/1/revise");
    await repo.write("x.evil", "quiet\n", path);
    expect(await show(await commit("e1"), "x.evil")).toBe("quiet");
    await rm(trustFile(repository.commonDir));
    await repo.write("x.evil", "loud\n", path);
    expect(await show(await commit("e2"), "x.evil")).toBe("LOUD");
  });

  it("counts as the user's only while no other session is under way", async () => {
    await session();
    await repo.git(["config", "filter.evil.clean", evil()]);
    await watch.begin("w", "w/1/b/1/create");
    await watch.end("w", "w/1/a/1/create");
    await repo.write("x.evil", "quiet\n", path);
    await commit();
    expect(await ran()).toBe(false);
  });
});

it("does not take a replacement for the object that it replaces", async () => {
  await session();
  const blob = await repo.git(["rev-parse", "HEAD:README.md"]);
  await repo.write("other", "other\n");
  const other = await repo.git(["hash-object", "-w", "other"]);
  await repo.git(["replace", blob, other]);
  expect(await repository.readFile((await repository.head()).commit ?? "", "README.md")).toBe("hello\n");
});
