/** The watchdog must know every session from its first moment: the host may die before it says a word. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { writeScript } from "../../../test/support/script.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { childIdentity, isFrozen, ownIdentity } from "../process/identity.ts";
import { runWatchdog, startWatchdog } from "./watchdog.ts";

/** Stands in for the watchdog: writes down how it was started, and never reads what it is told. */
const DEAF = `
import { appendFileSync } from "node:fs";
const [, , , ...folders] = process.argv;
appendFileSync("LOG", JSON.stringify({ pid: process.pid, folders }) + "\\n");
process.stdin.on("end", () => process.exit()).resume();`;

interface Start {
  readonly pid: number;
  readonly folders: readonly string[];
}

function starts(log: string): readonly Start[] {
  const text = existsSync(log) ? readFileSync(log, "utf8") : "";
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Start);
}

test("a watchdog that replaces a killed one is started with the sessions that run, without a word over the pipe", async () => {
  const folder = await tempFolder();
  const log = join(folder, "log");
  const script = await writeScript(folder, "deaf.mjs", DEAF.replace("LOG", log));
  const watchdog = startWatchdog(script, ownIdentity());
  onTestFinished(() => watchdog.close());
  watchdog.add("/sessions/one");
  watchdog.add("/sessions/two");
  watchdog.remove("/sessions/one");
  const first = await eventually("the first one", () => starts(log)[0]);
  expect(first.folders).toEqual([]);
  process.kill(first.pid, "SIGKILL");
  const second = await eventually("its replacement", () => starts(log)[1]);
  expect(second.folders).toEqual(["/sessions/two"]);
});

test("a host that somebody stopped and forgot is woken", async () => {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  const host = await eventually("its identity", () => childIdentity(child.pid ?? 0) ?? undefined);
  child.kill("SIGSTOP");
  await eventually("a stopped host", () => isFrozen(host) || undefined);
  const pipe = new PassThrough();
  const watching = runWatchdog(pipe, host, [], 50);
  await eventually("a host that runs", () => !isFrozen(host) || undefined);
  child.kill("SIGKILL");
  pipe.end();
  await watching;
});
