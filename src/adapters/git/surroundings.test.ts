/** P6: the user's side is looked at without touching it, and put back where that takes nothing from anybody. */
import { chmod, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Surroundings, Trespass } from "../../core/trespass/surroundings.ts";
import type { SurroundingsWatch } from "../../ports/surroundings.ts";
import { openSurroundings, recordedTrespasses } from "./surroundings.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

const W = "w";
const S = "w/1/a/1/create.r1.t1";

let repo: TempRepository;
let watch: SurroundingsWatch;

beforeEach(async () => {
  repo = await tempRepository();
  await repo.write("notes.md", "1\n");
  await repo.git(["branch", "feature"]);
  await repo.git(["update-ref", "refs/heads/signalbox/w/main", "HEAD"]);
  watch = await openSurroundings(repo.root, { env: TEST_ENV });
});
afterEach(() => repo.remove());

async function moments(
  meanwhile: () => Promise<unknown>,
): Promise<{ before: Surroundings; after: Surroundings }> {
  await watch.begin(W, S);
  await meanwhile();
  return (await watch.end(W, S)) ?? expect.fail("no photo");
}

const named = (changes: Partial<Trespass>): Trespass => ({
  kind: "setting",
  name: "x.y",
  named: true,
  evidence: "",
  action: "",
  ...changes,
});

describe("the photo", () => {
  it("tells content, index, branches, stash, settings and hooks apart, and nothing of ours", async () => {
    const { before, after } = await moments(async () => {
      await repo.write("notes.md", "2\n");
      await repo.write("src/a.txt", "changed\n");
      await repo.write("new/ü file.txt", "n\n");
      await repo.git(["branch", "-D", "feature"]);
      await repo.git(["config", "core.editor", "evil"]);
      await repo.git([
        "update-ref",
        "refs/heads/signalbox/w/main",
        await repo.git(["commit-tree", "HEAD^{tree}", "-m", "x"]),
      ]);
      await repo.write(".git/hooks/pre-commit", "#!/bin/sh\n");
    });
    expect(Object.keys(before.files)).toEqual(["notes.md"]);
    expect(Object.keys(after.files).sort()).toEqual(["new/ü file.txt", "notes.md", "src/a.txt"]);
    expect(after.files["notes.md"]).not.toBe(before.files["notes.md"]);
    expect([before.refs["refs/heads/feature"], after.refs["refs/heads/feature"]]).toEqual([
      before.commit,
      undefined,
    ]);
    expect(Object.keys(after.refs).filter((ref) => ref.includes("signalbox"))).toEqual([]);
    expect(after.settings["core.editor"]).toBe("evil");
    expect([before.gitFiles, after.gitFiles]).toEqual([{}, { "hooks/pre-commit": "#!/bin/sh\n" }]);
    expect(before).toMatchObject({ root: repo.root, branch: "main" });
  });

  it("is the same where only a time has changed, and another one where something was staged", async () => {
    const { before, after } = await moments(async () => {
      await rm(join(repo.root, "notes.md"));
      await repo.write("notes.md", "1\n");
    });
    expect(after).toEqual(before);
    await watch.finish(W, S);
    const staged = await moments(() => repo.git(["add", "notes.md"]));
    expect(staged.after.files).not.toEqual(staged.before.files);
  });

  it("leaves index, settings and files byte for byte as they are", async () => {
    await repo.git(["add", "notes.md"]);
    const bytes = () =>
      Promise.all(
        [".git/index", ".git/config", "notes.md"].map((it) => readFile(join(repo.root, it), "hex")),
      );
    const before = await bytes();
    const index = (await stat(join(repo.root, ".git/index"))).mtimeMs;
    await moments(async () => {});
    expect(await bytes()).toEqual(before);
    expect((await stat(join(repo.root, ".git/index"))).mtimeMs).toBe(index);
  });

  it("of the beginning is kept over a second begin, and forgotten after the end", async () => {
    await watch.begin(W, S);
    await repo.write("notes.md", "2\n");
    await (await openSurroundings(repo.root, { env: TEST_ENV })).begin(W, S);
    const seen = await watch.end(W, S);
    expect(seen?.before.files).not.toEqual(seen?.after.files);
    await watch.finish(W, S);
    expect(await watch.end(W, S)).toBeNull();
  });
});

describe("undo", () => {
  it("takes a setting away or puts it back, while it still is as the session left it", async () => {
    await repo.git(["config", "core.hooksPath", ".husky"]);
    expect(await watch.undo(W, S, named({ name: "core.hookspath", before: null, now: ".husky" }))).toContain(
      "taken away",
    );
    await repo.git(["config", "user.name", "Eve"]);
    expect(await watch.undo(W, S, named({ name: "user.name", before: "Ada", now: "Eve" }))).toContain(
      "put back",
    );
    expect(await repo.git(["config", "user.name"])).toBe("Ada");
    expect(await watch.undo(W, S, named({ name: "user.name", before: "Ada", now: "Eve" }))).toContain(
      "put back",
    );
    await repo.git(["config", "--add", "x.many", "1"]);
    const two = named({ name: "x.many", before: "1\x002", now: "1" });
    expect(await watch.undo(W, S, two)).toContain("put back");
    expect(await repo.git(["config", "--get-all", "x.many"])).toBe("1\n2");
    expect(await repo.git(["config", "--get", "core.hooksPath"]).catch(() => "none")).toBe("none");
  });

  it("changes nothing that somebody has changed since, that is not named, or that is no setting or file", async () => {
    await repo.git(["config", "core.hooksPath", "mine"]);
    for (const trespass of [
      named({ name: "core.hookspath", before: null, now: ".husky" }),
      named({ name: "core.hookspath", before: null, now: "mine", named: false }),
      named({ kind: "file", name: "notes.md", before: null, now: "1\n" }),
      named({ name: "core.hookspath" }),
    ])
      expect(await watch.undo(W, S, trespass)).toBeNull();
    expect(await repo.git(["config", "core.hooksPath"])).toBe("mine");
  });

  it("moves a hook aside and brings back the one that was there, links excepted", async () => {
    const hook = join(repo.root, ".git/hooks/pre-commit");
    await writeFile(hook, "evil\n");
    await chmod(hook, 0o755);
    const trespass = named({ kind: "git-file", name: "hooks/pre-commit", before: "good\n", now: "evil\n" });
    expect(await watch.undo(W, S, trespass)).toContain("kept aside");
    expect([await readFile(hook, "utf8"), (await stat(hook)).mode & 0o777]).toEqual(["good\n", 0o755]);
    const aside = join(
      repo.root,
      ".git/signalbox/w/surroundings",
      `${S.replaceAll("/", "+")}.aside/hooks/pre-commit`,
    );
    expect(await readFile(aside, "utf8")).toBe("evil\n");
    expect(await watch.undo(W, S, trespass)).toContain("kept aside");
    await rm(hook);
    expect(await watch.undo(W, S, trespass)).toContain("kept aside");
    expect(await readFile(hook, "utf8")).toBe("good\n");
    const made = { ...trespass, before: null, now: "good\n" };
    expect(await watch.undo(W, S, made)).toContain("moved aside");
    await expect(stat(hook)).rejects.toMatchObject({ code: "ENOENT" });
    await writeFile(join(dirname(repo.root), "target"), "evil\n");
    await symlink(join(dirname(repo.root), "target"), hook);
    expect(await watch.undo(W, S, trespass)).toBeNull();
  });
});

it("leaves a hook alone that somebody has changed since the session ended", async () => {
  const hook = join(repo.root, ".git/hooks/pre-commit");
  await writeFile(hook, "mine\n");
  const trespass = named({ kind: "git-file", name: "hooks/pre-commit", before: "good\n", now: "evil\n" });
  expect(await watch.undo(W, S, trespass)).toBeNull();
  expect(await readFile(hook, "utf8")).toBe("mine\n");
});

it("tells a hook that is a program apart without keeping it, and does not bring it back", async () => {
  const hook = join(repo.root, ".git/hooks/pre-commit");
  await writeFile(hook, Buffer.from([0x7f, 0x45, 0, 0xff]));
  const { before, after } = await moments(() => writeFile(hook, Buffer.from([0x7f, 0x45, 0, 0xfe])));
  const [was, is] = [before.gitFiles["hooks/pre-commit"], after.gitFiles["hooks/pre-commit"]];
  expect(was).toMatch(/sha256 [0-9a-f]{64}$/);
  expect(is).not.toBe(was);
  const trespass = named({
    kind: "git-file",
    name: "hooks/pre-commit",
    before: was ?? null,
    now: is ?? null,
  });
  expect(await watch.undo(W, S, trespass)).toBeNull();
});

it("keeps what was found, for the commit and for doctor", async () => {
  expect(await watch.recorded(W, S)).toBeNull();
  const found = [named({ name: "core.editor" })];
  await watch.record(W, S, found);
  expect(await watch.recorded(W, S)).toEqual(found);
  expect(await recordedTrespasses(join(repo.root, ".git"), W)).toEqual([{ session: S, found }]);
});
