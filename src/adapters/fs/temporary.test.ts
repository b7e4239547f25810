import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { removeAbandonedTemporary, temporaryPrefix } from "./temporary.ts";

it("what a dead process of this machine left in the temporary folder goes; what lives, is of another machine or not ours stays", async () => {
  const folder = await tempFolder();
  const dead = spawnSync("true").pid;
  const own = `${temporaryPrefix("index", folder)}abc`;
  const left = own.replace(`-${process.pid}-`, `-${dead}-`);
  const elsewhere = left.replace(/index-[0-9a-f]{6}/, "index-000000");
  const foreign = join(folder, `signalbox-e2e-${dead}-abc`);
  for (const path of [own, left, elsewhere]) {
    mkdirSync(path);
    writeFileSync(join(path, "blob-0"), "half");
  }
  mkdirSync(foreign);

  await removeAbandonedTemporary(folder);

  expect([own, left, elsewhere, foreign].map((path) => existsSync(path))).toEqual([true, false, true, true]);
});
