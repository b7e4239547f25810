/** One command from argv to exit code. Everything that fails anywhere is caught here, once. */
import { resolve } from "node:path";
import { VERBS } from "./catalogue/index.ts";
import type { Context } from "./context.ts";
import type { CliIo } from "./io.ts";
import { createOutput } from "./output/output.ts";
import { reportError } from "./output/report-error.ts";
import { createStyle } from "./output/style.ts";
import { type Choice, parseArguments } from "./program.ts";
import { packageVersion } from "./version.ts";

/** Runs `signalbox <argv>` and resolves with its exit code. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const json = argv.includes("--json");
  const version = packageVersion();
  try {
    const parsed = await parseArguments(argv, VERBS, io, createStyle(io.stderr, io.env, "auto"), version);
    return parsed.kind === "exit" ? parsed.code : await runChoice(parsed.choice, io, json, version);
  } catch (error) {
    return reportError(error, createOutput(io, "auto"), json);
  }
}

async function runChoice(choice: Choice, outer: CliIo, json: boolean, version: string): Promise<number> {
  const { verb, input, globals } = choice;
  const io = globals.C === undefined ? outer : { ...outer, cwd: resolve(outer.cwd, globals.C) };
  const output = createOutput(io, globals.color);
  const context: Context = {
    io,
    output,
    json,
    canAsk: io.interactive && globals.input,
    version,
    verbs: VERBS,
  };
  try {
    const run = verb === null ? (await import("./verbs/light.ts")).overview : await verb.load();
    return await run(context, input);
  } catch (error) {
    return reportError(error, output, json);
  }
}
