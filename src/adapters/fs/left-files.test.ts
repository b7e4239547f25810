import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { removeAbandoned } from "./left-files.ts";

it("temporary files of writers that are gone are removed, however deep; those of living ones and all others stay", async () => {
  const folder = await tempFolder();
  const deep = join(folder, "sessions", "one");
  mkdirSync(deep, { recursive: true });
  const gone = spawnSync("true").pid;
  const made = (name: string): string => {
    const path = join(deep, name);
    writeFileSync(path, "half");
    return path;
  };
  const abandoned = made(`.result.json.${gone}.15b55264-5bca-4a95-af84-4eeaf6b8fd90.tmp`);
  const others = [
    made(`.result.json.${process.pid}.15b55264-5bca-4a95-af84-4eeaf6b8fd90.tmp`),
    made("result.json"),
    made(`notes.${gone}.tmp`),
  ];

  await removeAbandoned(folder);

  expect(existsSync(abandoned)).toBe(false);
  expect(others.filter((path) => !existsSync(path))).toEqual([]);
});
