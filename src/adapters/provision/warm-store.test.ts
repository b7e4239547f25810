import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWarmStore, type WarmKey, type WarmStore } from "./warm-store.ts";

let folder: string;
let store: WarmStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-warm-"));
  store = openWarmStore(join(folder, "store"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const key = (lockfile: string, change: Partial<WarmKey> = {}): WarmKey => ({
  manager: "npm",
  folder: "",
  lockfile: Buffer.from(lockfile),
  packageFile: Buffer.from("{}"),
  ...change,
});

async function project(name: string, content = name): Promise<string> {
  await mkdir(join(folder, name, "node_modules", "a"), { recursive: true });
  await writeFile(join(folder, name, "node_modules", "a", "index.js"), content);
  return join(folder, name);
}

const names = () => readdir(join(folder, "store"));

describe("kept installs", () => {
  it("are given to whoever has the same lockfile, manager, folder and package file, and to nobody else", async () => {
    await store.keep(key("one"), await project("p"), ["node_modules"]);
    expect(await store.homes(key("one"))).toEqual(["node_modules"]);
    const others = [
      key("two"),
      key("one", { manager: "yarn" }),
      key("one", { folder: "x" }),
      key("one", { packageFile: null }),
    ];
    for (const other of others) expect(await store.homes(other)).toBeNull();
    expect(await store.size(key("one"))).toBeGreaterThan(4096);
    await mkdir(join(folder, "other"));
    await store.take(key("one"), join(folder, "other"));
    expect(await readFile(join(folder, "other/node_modules/a/index.js"), "utf8")).toBe("p");
  });

  it("do not change with the worktree they came from, nor with one they went to", async () => {
    const from = await project("p");
    await store.keep(key("one"), from, ["node_modules"]);
    await writeFile(join(from, "node_modules/a/index.js"), "changed");
    await mkdir(join(folder, "q"));
    await store.take(key("one"), join(folder, "q"));
    await writeFile(join(folder, "q/node_modules/a/index.js"), "changed");
    await mkdir(join(folder, "r"));
    await store.take(key("one"), join(folder, "r"));
    expect(await readFile(join(folder, "r/node_modules/a/index.js"), "utf8")).toBe("p");
  });

  it("are three at most, the ones used last, and never one that may just be being copied", async () => {
    const from = await project("p");
    for (const lockfile of ["1", "2", "3", "4"]) await store.keep(key(lockfile), from, ["node_modules"]);
    expect(await names()).toHaveLength(4);
    const old = new Date(Date.now() - 3_600_000);
    for (const name of await names()) await utimes(join(folder, "store", name, "about.json"), old, old);
    await mkdir(join(folder, "q"));
    await store.take(key("1"), join(folder, "q"));
    await store.keep(key("5"), from, ["node_modules"]);
    expect(await names()).toHaveLength(3);
    expect(await store.homes(key("1"))).not.toBeNull();
    expect(await store.homes(key("5"))).not.toBeNull();
  });

  it("are there whole or not at all, and one that cannot be kept hinders nobody", async () => {
    await store.keep(key("one"), join(folder, "nowhere"), ["node_modules"]);
    expect(await store.homes(key("one"))).toBeNull();
    await writeFile(join(folder, "file"), "");
    await openWarmStore(join(folder, "file", "below")).keep(key("one"), await project("p"), ["node_modules"]);
    await store.keep(key("two"), await project("p"), ["node_modules"]);
    await store.keep(key("two"), await project("p"), ["node_modules"]);
    expect((await names()).filter((name) => name.startsWith("."))).toEqual([]);
    expect(await store.homes(key("two"))).toEqual(["node_modules"]);
  });
});
