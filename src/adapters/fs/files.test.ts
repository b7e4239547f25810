import { appendFileSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { openAppendFile } from "./append-file.ts";
import { readFileIfThere, readJsonIfThere } from "./read-file.ts";
import { createFileOnce, replaceFile } from "./replace-file.ts";

describe("replacing a file", () => {
  test("makes folders, keeps the mode that is asked for and leaves nothing else behind", async () => {
    const folder = join(await tempFolder(), "a", "b");
    const path = join(folder, "file.json");
    await replaceFile(path, "one", { mode: 0o600 });
    await replaceFile(path, "two", { mode: 0o600 });
    expect(await readFile(path, "utf8")).toBe("two");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["file.json"]);
  });

  test("shows readers the old or the new content, never a part", async () => {
    const path = join(await tempFolder(), "file");
    const contents = ["a".repeat(200_000), "b".repeat(300_000)];
    await replaceFile(path, contents[0] ?? "");
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 30; i += 1) await replaceFile(path, contents[i % 2] ?? "");
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      expect(contents.includes(await readFile(path, "utf8"))).toBe(true);
      reads += 1;
    }
    await writer;
    expect(reads).toBeGreaterThan(5);
  });

  test("that fails leaves the old content and no temporary file", async () => {
    const folder = await tempFolder();
    await replaceFile(join(folder, "taken", "inside"), "x");
    await expect(replaceFile(join(folder, "taken"), "y")).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["taken"]);
  });
});

test("of many who create the same file one succeeds, and its content stays", async () => {
  const folder = await tempFolder();
  const path = join(folder, "once");
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => createFileOnce(path, `writer ${i}`)),
  );
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await readFile(path, "utf8")).toBe(`writer ${results.indexOf(true)}`);
  expect(await readdir(folder)).toEqual(["once"]);
});

test("a missing file, a missing folder and a file that is no JSON are answers", async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, "file"), "{");
  expect(await readFileIfThere(join(folder, "none"))).toBeNull();
  expect(await readFileIfThere(join(folder, "file", "none"))).toBeNull();
  expect(await readJsonIfThere(join(folder, "file"))).toBeNull();
  await expect(readFileIfThere(folder)).rejects.toThrow("EISDIR");
});

describe("appending to a file", () => {
  test("keeps the order of the calls and joins those that wait", async () => {
    const path = join(await tempFolder(), "log");
    let writes = 0;
    const file = await openAppendFile(path, {
      before: () => {
        writes += 1;
      },
    });
    const texts = Array.from({ length: 200 }, (_, i) => `line ${i}\n`);
    await Promise.all(texts.map((text) => file.append(text)));
    await file.close();
    await file.close();
    expect(await readFile(path, "utf8")).toBe(texts.join(""));
    expect(writes).toBeLessThan(10);
  });

  test("after a failure refuses everything with the same error, because the disk's content is unknown", async () => {
    const path = join(await tempFolder(), "log");
    const trouble = new Error("no");
    let fail = false;
    const file = await openAppendFile(path, {
      after: () => {
        if (fail) throw trouble;
      },
    });
    await file.append("one\n");
    fail = true;
    await expect(file.append("two\n")).rejects.toBe(trouble);
    fail = false;
    await expect(file.append("three\n")).rejects.toBe(trouble);
    await file.close();
    expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
  });

  test("does not take for its own what somebody else writes in the same moment: the next write is told of it", async () => {
    const path = join(await tempFolder(), "log");
    const sizes: (readonly [number, number])[] = [];
    let meanwhile = "half";
    const file = await openAppendFile(path, {
      before: ({ expectedSize, size }) => void sizes.push([expectedSize, size]),
      after: () => appendFileSync(path, meanwhile),
    });
    await file.append("one\n");
    meanwhile = "";
    await file.append("two\n");
    await file.close();
    expect(sizes).toEqual([
      [0, 0],
      [4, 8],
    ]);
  });

  test("refuses a write that got into the middle of what somebody else writes, and lets one between whole lines be", async () => {
    const path = join(await tempFolder(), "log");
    let meanwhile = "whole\n";
    const file = await openAppendFile(path, { before: () => appendFileSync(path, meanwhile) });
    await file.append("one\n");
    meanwhile = "half";
    await expect(file.append("two\n")).rejects.toThrow("another program wrote into");
    await file.close();
    expect(await readFile(path, "utf8")).toBe("whole\none\nhalftwo\n");
  });

  test("a write that is let through by nobody reaches no disk", async () => {
    const path = join(await tempFolder(), "log");
    const file = await openAppendFile(path, {
      before: ({ expectedSize }) => {
        if (expectedSize > 0) throw new Error("no more");
      },
    });
    await file.append("one\n");
    await expect(file.append("two\n")).rejects.toThrow("no more");
    await file.close();
    expect(await readFile(path, "utf8")).toBe("one\n");
  });
});
