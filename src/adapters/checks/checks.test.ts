import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { processIdentity } from "../process/identity.ts";
import { createCheckRunner } from "./index.ts";
import { readOutputs } from "./read-outputs.ts";
import { endStrayCommands, tailOf } from "./shell.ts";
import { testSettings } from "./testing-settings.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "signalbox-checks-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const source = {
  PATH: process.env.PATH,
  HOME: "/home/x",
  SECRET: "s",
  WANTED: "w",
  GIT_DIR: "/g",
  NODE_OPTIONS: "--x",
};
const runner = createCheckRunner({ env: source });

async function run(command: string, options: { timeoutMs?: number; red?: string[]; env?: object } = {}) {
  const check = { name: "c", run: command, timeoutMs: options.timeoutMs ?? 20_000 };
  const settings = testSettings({}, options.env);
  const [result] = await runner.run(folder, [check], settings, new Set(options.red));
  if (result === undefined) throw new Error("no result");
  return result;
}

async function livingPid(file: string): Promise<number | null> {
  const pid = Number(await readFile(join(folder, file), "utf8"));
  return processIdentity(pid) === null ? null : pid;
}

describe("check runner", () => {
  it("reports exit code and the output of both streams in order", async () => {
    const result = await run("echo one; echo two >&2; pwd; exit 3");
    expect(result).toMatchObject({
      name: "c",
      passed: false,
      redAtBase: false,
      exitCode: 3,
      timedOut: false,
    });
    expect(result.tail.split("\n").sort()).toEqual([folder, "one", "two"]);
    expect(await run("true")).toMatchObject({ passed: true, exitCode: 0, tail: "" });
  });

  it("runs checks one after another and goes on after a failing one", async () => {
    const checks = ["echo a >> log; false", "echo b >> log", "cat log"].map((text, index) => ({
      name: `${index}`,
      run: text,
      timeoutMs: 20_000,
    }));
    const results = await runner.run(folder, checks, testSettings(), new Set());
    expect(results.map((it) => it.passed)).toEqual([false, true, true]);
    expect(results[2]?.tail).toBe("a\nb");
  });

  it("gives a check the minimal environment with what the settings pass and set, and nothing else", async () => {
    const result = await run("env", { env: { pass: ["WANTED", "ABSENT"], set: { PORT: "1", HOME: "/h" } } });
    const names = result.tail.split("\n").map((line) => line.split("=")[0]);
    // PWD, SHLVL, OLDPWD and _ are the shell's own.
    const own = names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name ?? ""));
    expect(own.sort()).toEqual(["HOME", "LANG", "PATH", "PORT", "SIGNALBOX_COMMAND", "TMPDIR", "WANTED"]);
    expect(result.tail).toContain("HOME=/h");
  });

  it("says when a failing check was red before anybody changed anything", async () => {
    expect(await run("false", { red: ["c"] })).toMatchObject({ passed: false, redAtBase: true });
    expect(await run("true", { red: ["c"] })).toMatchObject({ passed: true, redAtBase: false });
  });

  it("ends a check and all its processes at the time limit", async () => {
    const result = await run("sleep 300 & echo $! > pid; echo started; wait", { timeoutMs: 300 });
    expect(result).toMatchObject({ passed: false, timedOut: true, exitCode: null, tail: "started" });
    expect(await livingPid("pid")).toBeNull();
  });

  it("ends what a passing check leaves behind, also in a session of its own, without waiting for it", async () => {
    const result = await run(
      "sleep 300 & echo $! > pid; (exec $(command -v setsid) sleep 301) & echo $! > pid2; exit 0",
    );
    expect(result).toMatchObject({ passed: true, exitCode: 0 });
    expect(await livingPid("pid")).toBeNull();
    expect(await livingPid("pid2")).toBeNull();
  });

  it("ends the check under way and leaves out the rest when it is told to stop", async () => {
    const checks = ["echo $$ > pid; sleep 300 & wait", "touch second"].map((text) => ({
      name: text,
      run: text,
      timeoutMs: 60_000,
    }));
    const stop = new AbortController();
    const running = runner.run(folder, checks, testSettings(), new Set(), stop.signal);
    await eventually("the check has started", () => existsSync(join(folder, "pid")));
    stop.abort();
    expect(await running).toMatchObject([{ passed: false, exitCode: null, timedOut: false }]);
    expect(await livingPid("pid")).toBeNull();
    expect(existsSync(join(folder, "second"))).toBe(false);
  });

  it("can be ended by the next coordinator of the same repository, and of no other", async () => {
    const owned = createCheckRunner({ env: source, commonDir: join(folder, ".git") });
    const check = { name: "c", run: "touch started; exec sleep 300", timeoutMs: 60_000 };
    const running = owned.run(folder, [check], testSettings(), new Set());
    await eventually("the check has started", () => existsSync(join(folder, "started")));
    await endStrayCommands(join(folder, "other", ".git"));
    expect(await Promise.race([running, Promise.resolve("still running")])).toBe("still running");
    await endStrayCommands(join(folder, ".git"));
    expect(await running).toMatchObject([{ passed: false, exitCode: null, timedOut: false }]);
  });

  it("fails a check that kills itself or cannot be started", async () => {
    expect(await run("kill -9 $$")).toMatchObject({ passed: false, exitCode: null, timedOut: false });
    await rm(folder, { recursive: true });
    expect(await run("true")).toMatchObject({
      passed: false,
      tail: expect.stringContaining("could not be started"),
    });
  });

  it("keeps the last 4000 characters, without control sequences", async () => {
    const result = await run(
      "i=0; while [ $i -lt 900 ]; do printf '\\033[31mline %d\\033[0m\\n' $i; i=$((i+1)); done",
    );
    expect(result.tail.length).toBeLessThanOrEqual(4000);
    expect(result.tail).toMatch(/^line \d+\n/);
    expect(result.tail.endsWith("line 899")).toBe(true);
  });
});

it("cuts a tail without splitting a character", () => {
  expect(tailOf("x😀", 1)).toBe("");
  expect(tailOf("ab\n", 5)).toBe("ab");
});

describe("the output of a run", () => {
  const commonDir = (): string => join(folder, ".git");
  const record = { workflow: "w-1", subject: "login", commit: "abc" };
  const recorded = async (...lines: readonly string[]) => {
    const checks = lines.map((text, index) => ({ name: `${index}`, run: text, timeoutMs: 20_000 }));
    const owned = createCheckRunner({ env: source, commonDir: commonDir() });
    return owned.run(folder, checks, testSettings(), new Set(), undefined, record);
  };

  it("is kept in full beyond what the result carries, for the user alone, until the next run", async () => {
    await recorded("echo old");
    await recorded("seq 1 3000; exit 1", "true");
    const kept = await readOutputs(commonDir(), record);
    expect(kept).toMatchObject({
      commit: "abc",
      checks: [
        { name: "0", exitCode: 1 },
        { passed: true, output: "" },
      ],
    });
    expect(kept?.checks[0]?.output.split("\n").slice(0, 2)).toEqual(["1", "2"]);
    const { mode } = await stat(join(commonDir(), "signalbox", "w-1", "checks", "login.json"));
    expect(mode & 0o777).toBe(0o600);
    expect(await readOutputs(commonDir(), { ...record, subject: "export" })).toBeNull();
  });

  it("tells what failed and how often, the same wherever the folder is", async () => {
    const [result] = await recorded(`echo "not ok 1 - $PWD/a.test.js"; echo "# fail 1"; exit 1`);
    expect(result).toMatchObject({ failures: ["a.test.js"], failureCount: 1 });
    expect((await recorded("echo 'not ok 1 - a'; true"))[0]).not.toHaveProperty("failures");
  });
});
