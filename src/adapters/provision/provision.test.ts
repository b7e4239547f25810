import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Provision } from "../../core/definition.ts";
import type { Provisioner } from "../../ports/provisioner.ts";
import type { Repository } from "../../ports/repository.ts";
import { testSettings } from "../checks/testing-settings.ts";
import { openRepository } from "../git/index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "../git/testing/temp-repository.ts";
import type { Consent } from "./consent.ts";
import { createProvisioner } from "./index.ts";
import { provisionLogPath } from "./log.ts";
import { matchPaths } from "./match.ts";

let repo: TempRepository;
let repository: Repository;
let provisioner: Provisioner;
let path: string;

beforeEach(async () => {
  repo = await tempRepository();
  await repo.commit({ ".gitignore": ".env*\nnode_modules/\n", "config/tracked.json": "base" });
  repository = await openRepository(repo.root, { env: TEST_ENV });
  provisioner = make();
  const base = (await repository.head()).commit ?? "";
  ({ path } = await repository.addWorktree({ workflow: "w", branch: "signalbox/w/a.1.1", base }));
});
afterEach(() => repo.remove());

const ANYBODY: Consent = { of: async () => true, remember: async () => {} };
const make = () =>
  createProvisioner({ root: repo.root, commonDir: repository.commonDir, env: TEST_ENV, consent: ANYBODY });
const prepare = (provision: Partial<Provision>) => provisioner.prepare(path, testSettings(provision));
const exists = async (file: string) => (await lstat(file).catch(() => null)) !== null;
const outside = () => join(dirname(repo.root), "outside");

describe("copy", () => {
  it("brings dot files, folders and globs, and is content with what is not there", async () => {
    await repo.write(".env", "A=1");
    await repo.write(".env.local", "B=2");
    await repo.write("data/deep/x.txt", "x");
    await repo.write("data/deep/y.bin", "y");
    expect(await prepare({ copy: [".env*", "data/**/*.txt", "missing", "none/*.x"] })).toEqual({ ok: true });
    expect(await repo.read(".env", path)).toBe("A=1");
    expect(await repo.read(".env.local", path)).toBe("B=2");
    expect(await repo.read("data/deep/x.txt", path)).toBe("x");
    expect(await exists(join(path, "data/deep/y.bin"))).toBe(false);
  });

  it("never replaces a file of the commit and fills up a folder that the commit has", async () => {
    await repo.write("config/tracked.json", "changed in the main checkout");
    await repo.write("config/local.json", "local");
    expect(await prepare({ copy: ["config"] })).toEqual({ ok: true });
    expect(await repo.read("config/tracked.json", path)).toBe("base");
    expect(await repo.read("config/local.json", path)).toBe("local");
  });

  it("keeps links inside the worktree, absolute ones too", async () => {
    await repo.write("node_modules/real/index.js", "r");
    await symlink("real", join(repo.root, "node_modules/alias"));
    await symlink(join(repo.root, "src"), join(repo.root, "node_modules/workspace"));
    await symlink("nowhere", join(repo.root, "node_modules/dangling"));
    expect(await prepare({ copy: ["node_modules"] })).toEqual({ ok: true });
    expect(await repo.read("node_modules/alias/index.js", path)).toBe("r");
    expect(await readlink(join(path, "node_modules/workspace"))).toBe("../src");
    expect(await readlink(join(path, "node_modules/dangling"))).toBe("nowhere");
  });

  it.each(["../outside", "/etc/passwd", "a/../../x", "~/x", ".git/config", "", "../*"])(
    "refuses the pattern %j",
    async (pattern) => {
      const result = await prepare({ copy: [pattern] });
      expect(result).toMatchObject({ ok: false, message: expect.stringContaining(JSON.stringify(pattern)) });
    },
  );

  it("refuses links that lead outside: the source, one inside a folder, one above the source", async () => {
    await repo.write("secret.txt", "s", outside());
    await symlink(join(outside(), "secret.txt"), join(repo.root, "direct"));
    await mkdir(join(repo.root, "folder"));
    await symlink("../../outside/secret.txt", join(repo.root, "folder/inner"));
    await symlink(outside(), join(repo.root, "above"));
    await symlink("direct", join(repo.root, "chain"));
    for (const pattern of ["direct", "folder", "above/secret.txt", "above/*", "chain"]) {
      const result = await prepare({ copy: [pattern] });
      if (pattern !== "above/*") expect(result, pattern).toMatchObject({ ok: false });
      expect(await exists(join(path, "above/secret.txt"))).toBe(false);
    }
    expect(await exists(join(path, "direct"))).toBe(false);
    expect(await exists(join(path, "folder/inner"))).toBe(false);
  });

  it("does not write through a link that the commit has", async () => {
    await mkdir(outside());
    await symlink(outside(), join(path, "linked"));
    await repo.write("linked/x.txt", "x");
    const result = await prepare({ copy: ["linked/x.txt"] });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("linked is a link") });
    expect(await exists(join(outside(), "x.txt"))).toBe(false);
  });
});

describe("link", () => {
  it("links into the main worktree, once", async () => {
    await repo.write("node_modules/x/index.js", "x");
    expect(await prepare({ link: ["node_modules"] })).toEqual({ ok: true });
    expect(await readlink(join(path, "node_modules"))).toBe(join(repo.root, "node_modules"));
    expect(await prepare({ link: ["node_modules"], run: ["true"] })).toEqual({ ok: true });
  });

  it("refuses to hide a file of the commit", async () => {
    const result = await prepare({ link: ["config"] });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("config cannot be linked") });
  });

  it("is no part of what the session's commit holds, although ignore rules miss the link", async () => {
    await repo.write("node_modules/x", "x");
    await repo.write("local.cfg", "x");
    await prepare({ link: ["node_modules"], copy: ["local.cfg"] });
    expect(await repository.commitWorktree(path, { subject: "x", trailers: {} }, "e", [])).toBeNull();
    expect(await repository.removeWorktree("w", path)).toEqual({ preserved: null });
    expect(await repo.read("node_modules/x")).toBe("x");
  });
});

describe("run", () => {
  it("runs in the worktree with the minimal environment, after files were brought, once", async () => {
    await repo.write(".env", "A=1");
    const settings = testSettings(
      { copy: [".env"], run: ["cat .env >> seen; pwd >> seen; echo $PORT $GIT_CONFIG_GLOBAL >> seen"] },
      { set: { PORT: "8080" } },
    );
    await provisioner.prepare(path, settings);
    await provisioner.prepare(path, settings);
    await make().prepare(path, settings);
    expect(await repo.read("seen", path)).toBe(`A=1${path}\n8080\n`);
  });

  it("runs once for callers at the same time, and again when the settings change", async () => {
    const step = { run: ["echo x >> seen"] };
    await Promise.all([prepare(step), prepare(step), prepare(step)]);
    expect(await repo.read("seen", path)).toBe("x\n");
    await prepare({ run: ["echo x >> seen", "true"] });
    expect(await repo.read("seen", path)).toBe("x\nx\n");
  });

  it("tries a failing command once more", async () => {
    expect(await prepare({ run: ["echo x >> tries; test $(wc -l < tries) -ge 2"] })).toEqual({ ok: true });
    expect(await repo.read("tries", path)).toBe("x\nx\n");
  });

  it("gives up with command, exit code and the end of the output, and starts again when asked again", async () => {
    const step = { copy: [".env"], run: ["echo before; echo broken >&2; exit 7", "touch never"] };
    await repo.write(".env", "old");
    const result = await prepare(step);
    expect(result).toMatchObject({ ok: false });
    if (!result.ok)
      expect(result.message).toMatch(
        /^"echo before.*exit 7" failed with exit code 7, 2 times \(all of its output: (.git\S+)\)\n(before\nbroken|broken\nbefore)$/,
      );
    expect(await exists(join(path, "never"))).toBe(false);
    const log = provisionLogPath(repository.commonDir, "w", path);
    expect(await readFile(log, "utf8")).toContain("broken\n\n[failed with exit code 7]");
    await repo.write(".env", "new");
    await prepare(step);
    expect(await repo.read(".env", path)).toBe("new");
  });

  it("ends a command at the time limit", async () => {
    const result = await prepare({ run: ["sleep 300"], timeoutMs: 200 });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("did not end within 0.2 s") });
  });
});

it("takes back what a kill left half-copied", async () => {
  await repo.write("data/a.txt", "whole");
  const marker = { version: 1, settings: "x", done: false, paths: ["data"], fresh: ["data"] };
  await writeFile(join(repo.root, ".git/worktrees/a.1.1/signalbox-provisioned.json"), JSON.stringify(marker));
  await repo.write("data/a.txt", "ha", path);
  expect(await prepare({ copy: ["data"] })).toEqual({ ok: true });
  expect(await repo.read("data/a.txt", path)).toBe("whole");
});

it("refuses a folder that is no worktree, and asks nothing of one where nothing is to be done", async () => {
  await mkdir(outside());
  expect(await provisioner.prepare(outside(), testSettings({ run: ["true"] }))).toMatchObject({ ok: false });
  expect(await provisioner.prepare(outside(), testSettings())).toEqual({ ok: true });
});

it("walks no further than a pattern reaches and never into .git", async () => {
  await repo.write("node_modules/p/.env", "x");
  await repo.write("a/b/.env", "x");
  await repo.write(".env", "x");
  expect(await matchPaths(repo.root, ".env*")).toEqual([".env"]);
  expect(await matchPaths(repo.root, "**/.env")).toEqual([".env", "a/b/.env"]);
  expect(await matchPaths(repo.root, "**/HEAD")).toEqual([]);
  expect(await matchPaths(repo.root, "{a,src}/b/")).toEqual(["a/b"]);
  await rm(join(repo.root, "a"), { recursive: true });
  expect(await matchPaths(repo.root, "a/**")).toEqual([]);
});
