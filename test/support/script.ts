import type { ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { killGroup, spawnProcess } from "../../src/adapters/process/spawn.ts";
import { bundleInto } from "./bundle.ts";

/** Bundles TypeScript source (imports relative to the repository root) into one `.mjs` that plain Node runs. */
export async function bundleScript(folder: string, name: string, source: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await bundleInto(outfile, {
    stdin: { contents: source, resolveDir: process.cwd(), loader: "ts", sourcefile: `${name}.ts` },
  });
  return outfile;
}

export interface ScriptRun {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Lines of standard output so far. */
  lines(): readonly string[];
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stderr: string;
  }>;
}

/** Runs a script in a group of its own, which is killed when the test ends. */
export function runScript(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ScriptRun {
  const child = spawnProcess(process.execPath, [file, ...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  onTestFinished(() => killGroup(child.pid, "SIGKILL"));
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>(
    (resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal, stderr: err }));
    },
  );
  return { child, pid: child.pid ?? 0, lines: () => out.split("\n").slice(0, -1), ended };
}

/** Writes a plain script and returns its path. */
export async function writeScript(folder: string, name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source, { mode: 0o755 });
  return path;
}
