import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPortRanges, portsPath } from "./port-ranges.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-ports-"));
  file = join(folder, "state", "ports.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const free = async () => true;
async function worktree(name: string): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  return join(folder, name);
}

describe("ports of worktrees", () => {
  it("never overlap, whoever asks at the same time", async () => {
    const ranges = [openPortRanges(file, free), openPortRanges(file, free)];
    const asked = Array.from({ length: 12 }, async (_, index) =>
      ranges[index % 2]?.rangeOf(await worktree(`w${index}`), 7 + (index % 3) * 4),
    );
    const ports = (await Promise.all(asked)).flatMap((range) =>
      Array.from({ length: range?.count ?? 0 }, (_, index) => (range?.first ?? 0) + index),
    );
    expect(ports).toHaveLength(4 * (7 + 11 + 15));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("stay the same for a worktree, also after a restart, and for fewer", async () => {
    const place = await worktree("a");
    const first = await openPortRanges(file, free).rangeOf(place, 10);
    await openPortRanges(file, free).rangeOf(await worktree("b"), 10);
    const nothingIsFree = openPortRanges(file, async () => false);
    expect(await nothingIsFree.rangeOf(place, 10)).toEqual(first);
    expect(await nothingIsFree.rangeOf(place, 3)).toEqual({ first: first?.first, count: 3 });
  });

  it("are free again once the worktree is gone", async () => {
    const ranges = openPortRanges(file, free);
    const first = await ranges.rangeOf(await worktree("a"), 10);
    expect((await ranges.rangeOf(await worktree("b"), 10))?.first).toBe((first?.first ?? 0) + 10);
    await rm(join(folder, "a"), { recursive: true });
    expect((await ranges.rangeOf(await worktree("c"), 10))?.first).toBe(first?.first);
  });

  it("leave out those that some program listens on", async () => {
    const ranges = openPortRanges(file);
    const first = (await ranges.rangeOf(await worktree("a"), 10))?.first ?? 0;
    await rm(join(folder, "a"), { recursive: true });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(first + 4, "127.0.0.1", resolve));
    const next = (await ranges.rangeOf(await worktree("b"), 10))?.first ?? 0;
    server.close();
    expect(next).toBeGreaterThan(first + 4);
  });

  it("are refused in words when there are none, and not asked for where none are needed", async () => {
    const none = openPortRanges(file, async () => false);
    await expect(none.rangeOf(await worktree("a"), 10)).rejects.toMatchObject({ code: "no-ports" });
    expect(await none.rangeOf(await worktree("a"), 0)).toBeNull();
  });

  it("are given out again after somebody damaged the file", async () => {
    await mkdir(join(folder, "state"));
    await writeFile(file, '{"ranges":[{"worktree":1},null]}');
    expect(await openPortRanges(file, free).rangeOf(await worktree("a"), 10)).toMatchObject({ count: 10 });
  });
});

it("ports are recorded for the user, and where there is no home for the repository", () => {
  expect(portsPath({ XDG_STATE_HOME: "/s", HOME: "/h" }, "/r/.git")).toBe("/s/signalbox/ports.json");
  expect(portsPath({ HOME: "/h" }, "/r/.git")).toBe("/h/.local/state/signalbox/ports.json");
  expect(portsPath({}, "/r/.git")).toBe("/r/.git/signalbox/ports.json");
});
