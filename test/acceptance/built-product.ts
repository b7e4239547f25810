/** The bundles of this source, built once per process into a folder of its own, so that nobody's `dist/` is in the way. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProgram } from "../../src/adapters/process/spawn.ts";

export interface BuiltProduct {
  readonly hostScript: string;
  readonly watchdogScript: string;
}

/** Inside `node_modules`, because bundles leave the Agent SDK outside and have to find it. */
const FOLDER = resolve("node_modules", ".cache", `signalbox-acceptance-${process.pid}`);

export async function buildProduct(): Promise<BuiltProduct & { remove(): void }> {
  const result = await runProgram(process.execPath, ["scripts/build.mjs", "--outdir", FOLDER], {
    cwd: resolve("."),
    env: { PATH: process.env.PATH ?? "" },
  });
  if (result.code !== 0) throw new Error(`the build failed: ${result.stderr}`);
  return {
    hostScript: join(FOLDER, "host/main.js"),
    watchdogScript: join(FOLDER, "host/watchdog.js"),
    remove: () => rmSync(FOLDER, { recursive: true, force: true }),
  };
}
