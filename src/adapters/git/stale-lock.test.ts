import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clearStaleLock } from "./stale-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("removes a lock that nobody has open", async () => {
  const lock = join(folder, "index.lock");
  await writeFile(lock, "");
  await clearStaleLock(lock);
  expect(existsSync(lock)).toBe(false);
});

it.runIf(process.platform === "linux")(
  "leaves a lock alone for as long as a living process has it open",
  async () => {
    const lock = join(folder, "index.lock");
    const script = 'exec 9>"$0"; echo open; sleep 2; test -e "$0" && echo there || echo gone';
    const child = spawn("sh", ["-c", script, lock], { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(child, "close");
    let said = "";
    child.stdout.on("data", (text: Buffer) => {
      said += text.toString("utf8");
    });
    await once(child.stdout, "data");
    await clearStaleLock(lock);
    await closed;
    expect(said).toBe("open\nthere\n");
    expect(existsSync(lock)).toBe(false);
  },
);
