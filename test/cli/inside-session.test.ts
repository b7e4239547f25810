import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { sessionFolder, sessionMarker } from "../../src/adapters/host/paths.ts";
import { killGroup } from "../../src/adapters/process/spawn.ts";
import { isBelowSession } from "../../src/cli/inside-session.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Pid of a process that a marked shell started without its mark. */
async function unmarkedChild(folder: string): Promise<number> {
  const { name, value } = sessionMarker(folder);
  const out = join(await tempFolder(), "pid");
  const script = `env -u ${name} -u SIGNALBOX_SESSION sleep 60 & echo $! > ${out}; wait`;
  const env = { PATH: process.env.PATH, [name]: value, SIGNALBOX_SESSION: "a" };
  const child = spawn("/bin/sh", ["-c", script], { detached: true, stdio: "ignore", env });
  onTestFinished(() => {
    killGroup(child.pid ?? 0, "SIGKILL");
  });
  return eventually("the child", async () => Number(await readFile(out, "utf8").catch(() => "")) || false);
}

describe("a command of an agent that took the mark out of its environment", () => {
  it("is known by its ancestors, in the repository of the session and in no other", async () => {
    const [common, other] = [join(await tempFolder(), ".git"), join(await tempFolder(), ".git")];
    const folder = sessionFolder(common, "x-20260220-001", "a/create/1");
    await mkdir(folder, { recursive: true });
    await mkdir(sessionFolder(other, "x-20260220-001", "a/create/1"), { recursive: true });
    const pid = await unmarkedChild(folder);
    expect([isBelowSession(pid, common), isBelowSession(pid, other)]).toEqual([true, false]);
    expect(isBelowSession(process.pid, common)).toBe(false);
  });
});
