import { describe, expect, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { processIdentity } from "./identity.ts";
import { runProgram } from "./spawn.ts";

const env = { PATH: process.env.PATH ?? "" };

describe("a program that is run to its end", () => {
  test("gets its input and exactly the environment that is given", async () => {
    const cwd = await tempFolder();
    const result = await runProgram("/bin/sh", ["-c", "cat; pwd; /usr/bin/env | sort"], {
      cwd,
      env: { ONLY: "this" },
      input: "in\n",
    });
    expect(result).toMatchObject({ code: 0, signal: null, timedOut: false, stderr: "" });
    const lines = result.stdout.toString().split("\n");
    expect(lines.slice(0, 2)).toEqual(["in", cwd]);
    expect(lines.filter((line) => /^[A-Z]/.test(line) && !/^(PWD|SHLVL|_|OLDPWD)=/.test(line))).toEqual([
      "ONLY=this",
    ]);
  });

  test("is ended with its children when its time is over", async () => {
    const cwd = await tempFolder();
    const result = await runProgram("/bin/sh", ["-c", "sleep 300 & echo $!; wait"], {
      cwd,
      env,
      timeoutMs: 200,
    });
    expect(result).toMatchObject({ code: null, signal: "SIGKILL", timedOut: true });
    const pid = Number(result.stdout.toString());
    await eventually("the child is gone", () => processIdentity(pid) === null);
  });

  test("is ended when the signal aborts, and keeps the end of too much output", async () => {
    const cwd = await tempFolder();
    const abort = new AbortController();
    const running = runProgram("/bin/sh", ["-c", "sleep 300"], { cwd, env, signal: abort.signal });
    abort.abort();
    expect(await running).toMatchObject({ signal: "SIGKILL", timedOut: false });
    const noisy = await runProgram("/bin/sh", ["-c", "seq 100000; echo end"], { cwd, env, maxBytes: 100 });
    expect(noisy.stdout).toHaveLength(100);
    expect(noisy.stdout.toString().endsWith("100000\nend\n")).toBe(true);
  });

  test("is ended at once when the signal was aborted before", async () => {
    const cwd = await tempFolder();
    const result = await runProgram("/bin/sh", ["-c", "sleep 300"], {
      cwd,
      env,
      signal: AbortSignal.abort(),
    });
    expect(result.signal).toBe("SIGKILL");
  });

  test("has ended although a process of its own session holds its output", async () => {
    const cwd = await tempFolder();
    const start = performance.now();
    const result = await runProgram("/bin/sh", ["-c", "setsid sleep 300 & echo $!"], { cwd, env });
    process.kill(Number(result.stdout.toString()), "SIGKILL");
    expect(result.code).toBe(0);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test("that does not exist rejects", async () => {
    await expect(runProgram("/no/such/program", [], { cwd: "/", env })).rejects.toThrow("ENOENT");
  });
});
