/** The port `CheckRunner` over the shell. */
import type { Check, RunSettings } from "../../core/definition.ts";
import type { CheckResult } from "../../core/workflow/outcome.ts";
import type { CheckRunner } from "../../ports/provisioner.ts";
import { commandEnvironment } from "./environment.ts";
import { runShell, tailOf } from "./shell.ts";

export interface CheckRunnerOptions {
  /** Where PATH, HOME, LANG, TMPDIR and passed variables come from; default the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Git common dir of the repository; with it `endStrayCommands` finds what a killed process left. */
  readonly commonDir?: string;
}

const TAIL_LENGTH = 4000;

/** Runs checks with `sh -c`, one after another, each with the minimal environment of the settings. */
export function createCheckRunner(options: CheckRunnerOptions = {}): CheckRunner {
  return {
    run: async (folder, checks, settings, red, signal) => {
      const results: CheckResult[] = [];
      for (const check of checks) {
        if (signal?.aborted) break;
        results.push(await runCheck(folder, check, settings, red, { ...options, signal }));
      }
      return results;
    },
  };
}

async function runCheck(
  folder: string,
  check: Check,
  settings: RunSettings,
  red: ReadonlySet<string>,
  {
    env: source = process.env,
    commonDir,
    signal,
  }: CheckRunnerOptions & { readonly signal: AbortSignal | undefined },
): Promise<CheckResult> {
  const env = commandEnvironment(source, settings.env);
  const result = await runShell({
    command: check.run,
    cwd: folder,
    env,
    timeoutMs: check.timeoutMs,
    ...(commonDir === undefined ? {} : { commonDir }),
    ...(signal === undefined ? {} : { signal }),
  });
  const passed = result.exitCode === 0 && !result.timedOut;
  return {
    name: check.name,
    passed,
    redAtBase: !passed && red.has(check.name),
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    tail: tailOf(result.output, TAIL_LENGTH),
  };
}
