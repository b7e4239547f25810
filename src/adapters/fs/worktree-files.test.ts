import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorktreeFiles } from "./worktree-files.ts";

let folder = "";
let root = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-files-")));
  root = join(folder, "worktree");
  mkdirSync(root);
  mkdirSync(join(folder, "outside"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = createWorktreeFiles(() => join(folder, "local"));

describe("files of a worktree", () => {
  it("are written with the folders they need", async () => {
    await files.write(root, [{ path: "a/b/c.md", content: "hello\n" }]);
    expect(readFileSync(join(root, "a/b/c.md"), "utf8")).toBe("hello\n");
    expect(await files.size(root, "a/b/c.md")).toBe(6);
  });

  it("are not joined by what a killed writer left beside them", async () => {
    const left = `.c.md.${spawnSync("true").pid}.15b55264-5bca-4a95-af84-4eeaf6b8fd90.tmp`;
    writeFileSync(join(root, left), "hel");
    await files.write(root, [{ path: "c.md", content: "hello\n" }]);
    expect(readdirSync(root)).toEqual(["c.md"]);
  });

  it.each(["../outside/x.md", "link/deep/x.md"])(
    "are not written through %s, and no folder is made there",
    async (path) => {
      symlinkSync(join(folder, "outside"), join(root, "link"));
      await expect(files.write(root, [{ path, content: "x" }])).rejects.toMatchObject({
        code: "path-escape",
      });
      await expect(files.size(folder, "outside/deep/x.md")).resolves.toBeNull();
      expect(() => readFileSync(join(folder, "outside/x.md"))).toThrow();
    },
  );

  it("have no size when they are missing, folders or links, inside or out", async () => {
    writeFileSync(join(folder, "outside/real.md"), "secret");
    mkdirSync(join(root, "real"));
    writeFileSync(join(root, "real/a.md"), "a");
    symlinkSync(join(folder, "outside/real.md"), join(root, "link.md"));
    symlinkSync(join(root, "real"), join(root, "linked"));
    for (const path of ["none.md", "real", "link.md", "linked/a.md", "../outside/real.md"])
      expect(await files.size(root, path)).toBeNull();
    const found = ["none.md", "real", "link.md", "linked/a.md", "real/a.md"];
    expect(await Promise.all(found.map((path) => files.standIn(root, path)))).toEqual([
      null,
      "folder",
      "symlink",
      "behind-symlink",
      null,
    ]);
  });

  it("leave an empty folder per session", async () => {
    const first = await files.emptyFolder("wf-1", "wf-1/1/a/1/judge.r1.s1.t1");
    expect(first.startsWith(join(folder, "local"))).toBe(true);
    expect(await files.emptyFolder("wf-1", "wf-1/1/a/1/judge.r1.s2.t1")).not.toBe(first);
  });
});
