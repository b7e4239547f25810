import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTreePool, stampTree, type TreePool } from "./tree-pool.ts";

let folder: string;
let pool: TreePool;
const HOMES = ["node_modules", "packages/m/node_modules"];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-pool-"));
  pool = openTreePool(join(folder, "pool"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A project with two folders of packages, stamped under `name`. */
async function project(
  place: string,
  name = "one",
): Promise<{ readonly root: string; readonly stamp: string }> {
  const root = join(folder, place);
  for (const home of HOMES) {
    await mkdir(join(root, home, "a", "lib"), { recursive: true });
    await writeFile(join(root, home, "a", "lib", "x.js"), "x");
    await symlink("a/lib/x.js", join(root, home, "link"));
  }
  const stamp = join(folder, `${place}.json`);
  await stampTree(stamp, name, root, HOMES);
  return { root, stamp };
}

async function empty(place: string): Promise<string> {
  await mkdir(join(folder, place, "packages/m"), { recursive: true });
  return join(folder, place);
}

/** Gives a tree back after a change, and takes it again. */
async function handOn(change: (home: string) => Promise<unknown>): Promise<string> {
  const { root, stamp } = await project("p");
  await change(join(root, "node_modules"));
  await pool.put(root, HOMES, stamp);
  const next = await empty("next");
  await pool.take("one", next);
  return join(next, "node_modules");
}

describe("a tree that a worktree gave back", () => {
  it("is moved whole into the next one, once", async () => {
    const { root, stamp } = await project("p");
    await pool.put(root, HOMES, stamp);
    expect(await readdir(root)).toEqual(["packages"]);
    expect(await pool.homes("one")).toEqual(HOMES);
    expect(await pool.homes("two")).toBeNull();
    const next = await empty("next");
    await pool.take("one", next);
    expect(await readFile(join(next, "packages/m/node_modules/a/lib/x.js"), "utf8")).toBe("x");
    expect(await pool.homes("one")).toBeNull();
    await expect(pool.take("one", await empty("other"))).rejects.toThrow("has been changed");
  });

  it.each<[string, (home: string) => Promise<unknown>]>([
    ["a file was written", (home) => writeFile(join(home, "a/lib/x.js"), "y")],
    [
      "a file was written and its times set back",
      async (home) => {
        await writeFile(join(home, "a/lib/x.js"), "y");
        await utimes(join(home, "a/lib/x.js"), 1, 1);
      },
    ],
    ["a file was added", (home) => writeFile(join(home, "a/lib/y.js"), "y")],
    ["a file was deleted", (home) => unlink(join(home, "a/lib/x.js"))],
    ["a mode was changed", (home) => chmod(join(home, "a/lib/x.js"), 0o700)],
    ["a file got a second name elsewhere", (home) => link(join(home, "a/lib/x.js"), join(folder, "second"))],
    ["a package was added", (home) => mkdir(join(home, "b"))],
    ["a package was deleted", (home) => rm(join(home, "a"), { recursive: true })],
    [
      "it was replaced by a link",
      async (home) => {
        await rm(home, { recursive: true });
        await mkdir(join(folder, "elsewhere/a"), { recursive: true });
        await symlink(join(folder, "elsewhere"), home);
      },
    ],
  ])("is not handed on after %s", async (_, change) => {
    await expect(handOn(change)).rejects.toThrow("has been changed");
    expect(await readdir(join(folder, "next"))).toEqual(["packages"]);
  });

  it("is handed on without what tools keep for themselves", async () => {
    const home = await handOn(async (at) => {
      await mkdir(join(at, ".cache"));
      await writeFile(join(at, ".cache/x"), "x");
      await mkdir(join(at, ".vite"));
    });
    expect((await readdir(home)).toSorted()).toEqual(["a", "link"]);
  });

  it("goes to one worktree when two ask at the same time", async () => {
    const { root, stamp } = await project("p");
    await pool.put(root, HOMES, stamp);
    const asked = [await empty("q"), await empty("r")].map((place) =>
      openTreePool(join(folder, "pool")).take("one", place),
    );
    expect((await Promise.allSettled(asked)).map((it) => it.status).toSorted()).toEqual([
      "fulfilled",
      "rejected",
    ]);
  });

  it("is kept at most twice, four of all kinds, and not at all where nobody stamped it", async () => {
    for (const [index, name] of ["one", "one", "one", "two", "three", "four"].entries()) {
      const { root, stamp } = await project(`p${index}`, name);
      await pool.put(root, HOMES, stamp);
    }
    const kept = await Promise.all(
      ["one", "two", "three", "four"].map(async (name) => (await readdir(join(folder, "pool", name))).length),
    );
    expect(Math.max(...kept)).toBeLessThanOrEqual(2);
    expect(kept.reduce((sum, count) => sum + count, 0)).toBe(4);
    const { root } = await project("last", "last");
    await pool.put(root, HOMES, null);
    await pool.put(await empty("nothing"), HOMES, join(folder, "no.json"));
    expect(await pool.homes("last")).toBeNull();
    expect(await readdir(root)).toEqual(["packages"]);
  });

  it("leaves nothing behind after a process that died while it deleted", async () => {
    await mkdir(join(folder, "pool/.old-x/deep"), { recursive: true });
    await pool.sweep();
    expect(await readdir(join(folder, "pool"))).toEqual([".old-x"]);
    await pool.sweep(-1);
    expect(await readdir(join(folder, "pool"))).toEqual([]);
    await openTreePool(join(folder, "nowhere")).sweep();
  });
});
