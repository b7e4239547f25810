import { chmod, link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { folderSize } from "./folder-size.ts";

const NEVER = new AbortController().signal;
const MEGABYTE = Buffer.alloc(1024 * 1024, 1);

async function sizeOf(path: string): Promise<number> {
  const size = await folderSize(path, NEVER);
  if (size === null || !size.complete) throw new Error("not measured");
  return size.bytes;
}

describe("the size of a folder", () => {
  it("is the space of all files at any depth, a file with two names once, links not followed", async () => {
    const folder = await tempFolder();
    const [tree, outside] = [join(folder, "tree"), join(folder, "outside")];
    await mkdir(join(tree, "a", "b"), { recursive: true });
    await mkdir(outside);
    const before = await sizeOf(tree);
    await writeFile(join(tree, "one"), MEGABYTE);
    await writeFile(join(tree, "a", "b", "two"), MEGABYTE);
    await link(join(tree, "one"), join(tree, "a", "again"));
    await writeFile(join(outside, "three"), MEGABYTE);
    await symlink(outside, join(tree, "link"));
    const grown = (await sizeOf(tree)) - before;
    expect(grown).toBeGreaterThanOrEqual(2 * MEGABYTE.length);
    expect(grown).toBeLessThan(2.2 * MEGABYTE.length);
  });

  it("is null for a folder that is not there", async () => {
    expect(await folderSize(join(await tempFolder(), "nothing"), NEVER)).toBe(null);
  });

  it("is a floor when the time is up", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "one"), MEGABYTE);
    expect(await folderSize(folder, AbortSignal.abort())).toMatchObject({ complete: false });
  });

  it.skipIf(process.getuid?.() === 0)("is a floor where something cannot be read", async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, "secret"), { mode: 0o000 });
    expect(await folderSize(folder, NEVER)).toMatchObject({ complete: false });
    await chmod(join(folder, "secret"), 0o700);
  });
});
