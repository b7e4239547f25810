import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildHook, makePlace, type Place } from "../../../test/support/agent-sessions.ts";
import { runProgram } from "../process/spawn.ts";
import { refuseWrite, writeTarget } from "./write-boundary.ts";

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

function refuse(target: string, writes: readonly string[] = ["**"]): string | null {
  return refuseWrite({ boundary: place.cwd, writes }, place.cwd, target);
}

describe("the write boundary", () => {
  it("allows files inside the worktree, also in folders that are not there yet", () => {
    expect(refuse("a.md")).toBeNull();
    expect(refuse(path.join(place.cwd, "new/deep/a.md"))).toBeNull();
    expect(refuse("dotted/.hidden/a.md")).toBeNull();
  });

  it.each(["../a.md", "/etc/passwd", "sub/../../a.md", "."])(
    "refuses %s, which leads outside or to the worktree itself",
    (target) => {
      expect(refuse(target)).toMatch(/outside the worktree/);
    },
  );

  it("refuses a sibling whose name starts like the worktree's", () => {
    expect(refuse(`${place.cwd}-other/a.md`)).toMatch(/outside the worktree/);
  });

  it("follows symbolic links of files and of folders before it compares", () => {
    mkdirSync(path.join(place.root, "elsewhere"));
    writeFileSync(path.join(place.root, "elsewhere/file.md"), "");
    symlinkSync("../elsewhere", path.join(place.cwd, "folder"));
    symlinkSync("../elsewhere/file.md", path.join(place.cwd, "file.md"));
    expect(refuse("folder/new/a.md")).toMatch(/outside the worktree/);
    expect(refuse("file.md")).toMatch(/outside the worktree/);
  });

  it("refuses a link that points nowhere, because writing would create its target", () => {
    symlinkSync("../not-there.md", path.join(place.cwd, "broken.md"));
    symlinkSync("loop.md", path.join(place.cwd, "loop.md"));
    expect(refuse("broken.md")).toMatch(/broken symbolic link/);
    expect(refuse("loop.md")).toMatch(/broken symbolic link/);
  });

  it("refuses a file that has a second name elsewhere, because what is written changes both", () => {
    writeFileSync(path.join(place.root, "theirs.md"), "");
    linkSync(path.join(place.root, "theirs.md"), path.join(place.cwd, "linked.md"));
    expect(refuse("linked.md")).toMatch(/a hard link/);
  });

  it.each(["~/a.md", " a.md", "a.md ", "file:///etc/passwd", "a\0.md"])(
    "refuses %j, which an agent may read in another way than the system",
    (target) => {
      expect(refuse(target)).toMatch(/is no plain path/);
    },
  );

  it("refuses git's own data wherever it is", () => {
    expect(refuse(".git")).toMatch(/git's own data/);
    expect(refuse("sub/.GIT/config")).toMatch(/git's own data/);
    expect(refuse(".gitignore")).toBeNull();
  });

  it("refuses what the session's globs do not name", () => {
    expect(refuse("src/a.ts", ["src/**"])).toBeNull();
    expect(refuse("docs/a.md", ["src/**"])).toMatch(/outside what this session may write: src\/\*\*/);
    expect(refuse("src/a.ts", [])).toMatch(/may write: nothing/);
  });

  it("refuses everything in a read-only session, and calls that name no file", () => {
    expect(refuseWrite({ boundary: null, writes: ["**"] }, place.cwd, "a.md")).toBe(
      "this session is read-only",
    );
    expect(refuseWrite({ boundary: place.cwd, writes: ["**"] }, place.cwd, writeTarget({}))).toMatch(
      /names no file/,
    );
  });
});

describe("the write boundary as a hook program", () => {
  async function hook(argument: string, input: string) {
    const env = { PATH: process.env.PATH ?? "" };
    const result = await runProgram(process.execPath, [buildHook(place.root), argument], {
      cwd: place.root,
      env,
      input,
    });
    return { code: result.code, stderr: result.stderr };
  }
  const rule = (): string =>
    Buffer.from(JSON.stringify({ boundary: place.cwd, writes: ["**"] })).toString("base64url");
  const write = (file: string): string => JSON.stringify({ cwd: place.cwd, tool_input: { file_path: file } });

  it("ends with 0 for a write inside and with 2 and the reason for one outside", async () => {
    expect(await hook(rule(), write("a.md"))).toEqual({ code: 0, stderr: "" });
    const refused = await hook(rule(), write("/etc/x"));
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("/etc/x is outside the worktree"),
    });
  });

  it("blocks whatever it cannot understand", async () => {
    expect((await hook("", write("a.md"))).code).toBe(2);
    expect((await hook(rule(), "not json")).code).toBe(2);
  });
});
