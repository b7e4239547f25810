import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { bundleScript } from "../../../test/support/script.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { processIdentity } from "./identity.ts";
import { runByShell } from "./shell-runner.ts";
import { runProgram } from "./spawn.ts";

const env = { PATH: process.env.PATH ?? "", LC_ALL: "C" };
/** Added by the shell itself. */
const OF_THE_SHELL = /^(PWD|OLDPWD|SHLVL|_)=/;

/** Prints folder, arguments, environment and input, each as it is. */
const ECHO = `const fs = require("node:fs");
process.stdout.write(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), env: process.env, input: fs.readFileSync(0).toString("hex") }));`;

async function echo(cwd: string, args: readonly string[], more: object = {}) {
  const script = join(cwd, "echo.cjs");
  await writeFile(script, ECHO);
  const result = await runByShell(process.execPath, [script, ...args], { cwd, env, ...more });
  return JSON.parse(result.stdout.toString()) as { cwd: string; args: string[]; env: object; input: string };
}

describe("a program that a shell runs", () => {
  test("gets arguments, input, folder and environment byte for byte", async () => {
    const cwd = join(await tempFolder(), "a 'folder' $HOME `x`\n");
    await mkdir(cwd);
    const word = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !text.includes("\0"));
    const name = fc.stringMatching(/^X[A-Za-z0-9_]{0,9}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 4 }),
        fc.dictionary(name, word, { maxKeys: 4 }),
        fc.uint8Array({ maxLength: 300 }),
        async (args, more, input) => {
          const given = { PATH: env.PATH, ...more };
          const seen = await echo(cwd, args, { env: given, input });
          expect(seen.args).toEqual(args);
          expect(seen.cwd).toBe(cwd);
          expect(seen.input).toBe(Buffer.from(input).toString("hex"));
          const entries = Object.entries(seen.env).filter(([key]) => !OF_THE_SHELL.test(`${key}=`));
          expect(Object.fromEntries(entries)).toEqual(given);
        },
      ),
      {
        numRuns: 20,
        examples: [[["'", "\\", "$(id)", "", "a\nb", "-n", "*"], { XA: "'\"\n" }, new Uint8Array()]],
      },
    );
  });

  test("answers as when it is run directly, also with large, binary and unended output, and when it fails", async () => {
    const cwd = await tempFolder();
    const scripts = [
      "head -c 3000000 /dev/zero | tr '\\0' x; printf 'no end' >&2; exit 3",
      "printf '\\000\\377\\n\\n'",
      "cat; exit 255",
      ":",
    ];
    for (const script of scripts) {
      const options = { cwd, env, input: "some input" };
      const { stdout: wanted, ...end } = await runProgram("/bin/sh", ["-c", script], options);
      const { stdout, ...rest } = await runByShell("/bin/sh", ["-c", script], options);
      expect(stdout.equals(wanted)).toBe(true); // a matcher would look at every byte
      expect(rest).toEqual(end);
    }
    const noisy = await runByShell("/bin/sh", ["-c", "seq 100000; echo end"], { cwd, env, maxBytes: 100 });
    expect(noisy.stdout).toHaveLength(100);
    expect(noisy.stdout.toString().endsWith("100000\nend\n")).toBe(true);
  });

  test("leaves what it did not read of its input to nobody", async () => {
    const cwd = await tempFolder();
    const input = "echo not to be run\n".repeat(10_000);
    await runByShell("/bin/sh", ["-c", "exit 1"], { cwd, env, input });
    const next = await runByShell("cat", [], { cwd, env });
    expect(next).toMatchObject({ code: 0, stderr: "" });
    expect(next.stdout).toHaveLength(0);
  });

  test("runs beside others, each in a shell of its own, and the next ones use these shells again", async () => {
    const cwd = await tempFolder();
    const parents = async (): Promise<readonly string[]> => {
      const runs = [1, 2, 3].map(() =>
        runByShell("/bin/sh", ["-c", "sleep 0.1; ps -o ppid= -p $$ | tr -d ' '"], { cwd, env }),
      );
      return (await Promise.all(runs)).map((run) => run.stdout.toString()).toSorted();
    };
    const first = await parents();
    expect(new Set(first).size).toBe(3);
    expect(await parents()).toEqual(first);
  });

  test("tells by its code that it could not be started", async () => {
    const cwd = await tempFolder();
    expect(await runByShell("no-such-program", [], { cwd, env })).toMatchObject({ code: 127 });
    expect(await runByShell("true", [], { cwd: join(cwd, "nowhere"), env })).toMatchObject({ code: 126 });
  });

  test("is ended with its children when its time is over, and the next one runs all the same", async () => {
    const cwd = await tempFolder();
    const late = await runByShell("/bin/sh", ["-c", "sleep 300 & echo $!; wait"], {
      cwd,
      env,
      timeoutMs: 300,
    });
    expect(late).toMatchObject({ code: null, timedOut: true });
    const pid = Number(late.stdout.toString());
    await eventually("the child is gone", () => processIdentity(pid) === null);
    expect((await runByShell("echo", ["on"], { cwd, env })).stdout.toString()).toBe("on\n");
  });

  test("does not meet a shell that was ended from outside while it waited", async () => {
    const cwd = await tempFolder();
    const parent = async (): Promise<number> =>
      Number((await runByShell("/bin/sh", ["-c", "ps -o ppid= -p $$"], { cwd, env })).stdout.toString());
    const ended = await parent();
    process.kill(ended, "SIGKILL");
    await eventually("the shell is gone", () => processIdentity(ended) === null);
    expect(await parent()).not.toBe(ended);
  });

  test("keeps nobody alive, and its shell ends with whoever started it", async () => {
    const cwd = await tempFolder();
    const source = `import { runByShell } from "./src/adapters/process/shell-runner.ts";
      const options = { cwd: "/", env: { PATH: process.env.PATH } };
      const { stdout } = await runByShell("/bin/sh", ["-c", "ps -o ppid= -p $$"], options);
      console.log(stdout.toString().trim());`;
    const file = await bundleScript(cwd, "user", source);
    const { code, stdout } = await runProgram(process.execPath, [file], { cwd, env, timeoutMs: 20_000 });
    expect(code).toBe(0);
    const pid = Number(stdout.toString());
    expect(pid).toBeGreaterThan(1);
    await eventually("the shell is gone", () => processIdentity(pid) === null);
  });
});
