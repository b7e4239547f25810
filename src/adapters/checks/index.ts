/** The port `CheckRunner` over the shell. */
import type { Check, RunSettings } from "../../core/definition.ts";
import { portCount, withPorts } from "../../core/ports.ts";
import { failuresIn } from "../../core/quality/failures.ts";
import { type Redact, redactor, secretsIn } from "../../core/redaction.ts";
import type { CheckResult } from "../../core/workflow/outcome.ts";
import type { CheckRunner } from "../../ports/provisioner.ts";
import type { RunPlace } from "../environment/place.ts";
import type { PortRanges } from "../provision/port-ranges.ts";
import { worktreeRedactor } from "../provision/secrets.ts";
import { commandEnvironment } from "./environment.ts";
import { keepOutputs } from "./outputs.ts";
import type { CheckOutputs } from "./read-outputs.ts";
import { runShell, tailOf } from "./shell.ts";

export interface CheckRunnerOptions {
  /** Where PATH, HOME, LANG, TMPDIR and passed variables come from; default the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Git common dir of the repository; with it `endStrayCommands` finds what a killed process left. */
  readonly commonDir?: string;
  /** Whose commands they are, for `endStrayCommands`; default the coordinator of `commonDir`. */
  readonly owner?: string;
  /** The user's checkout: programs of it on the PATH are replaced by those of the folder that is checked. */
  readonly root?: string;
  /** Ports of worktrees; without it there are none. */
  readonly ports?: PortRanges;
}

const TAIL_LENGTH = 4000;

/**
 * Runs checks with `sh -c`, one after another, each with the minimal environment of the settings and the ports of the folder.
 * Values of secret files that were copied into it are taken out of what is reported.
 */
export function createCheckRunner(options: CheckRunnerOptions = {}): CheckRunner {
  return {
    run: async (folder, checks, settings, red, signal, record) => {
      if (checks.length === 0) return [];
      const surroundings = await surroundingsOf(folder, settings, options);
      const runs: CheckRun[] = [];
      for (const check of checks) {
        if (signal?.aborted) break;
        runs.push(await runCheck(check, surroundings, red, signal));
      }
      if (record !== undefined && options.commonDir !== undefined)
        await keepOutputs(options.commonDir, record, runs.map(keptOf));
      return runs.map(({ result }) => result);
    },
  };
}

interface CheckRun {
  readonly check: Check;
  readonly result: CheckResult;
  readonly output: string;
}

function keptOf({ check, result, output }: CheckRun): CheckOutputs["checks"][number] {
  const { name, passed, exitCode, timedOut } = result;
  return { name, run: check.run, passed, exitCode, timedOut, output };
}

interface Surroundings {
  readonly place: RunPlace;
  readonly env: Readonly<Record<string, string>>;
  readonly owner: string | undefined;
  readonly redact: Redact;
}

async function surroundingsOf(
  folder: string,
  settings: RunSettings,
  { env = process.env, commonDir, owner = commonDir, root, ports }: CheckRunnerOptions,
): Promise<Surroundings> {
  const range = (await ports?.rangeOf(folder, portCount(settings))) ?? null;
  const place: RunPlace = { worktree: folder, ports: range, ...(root === undefined ? {} : { root }) };
  const own = commandEnvironment(env, settings.env, place);
  const [copied, passed] = [await worktreeRedactor(commonDir, folder), redactor(secretsIn(own))];
  return { place, env: own, owner, redact: (text) => passed(copied(text)) };
}

async function runCheck(
  check: Check,
  { place, env, owner, redact }: Surroundings,
  red: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<CheckRun> {
  const ended = await runShell({
    command: place.ports == null ? check.run : withPorts(check.run, place.ports.first),
    cwd: place.worktree,
    env,
    timeoutMs: check.timeoutMs,
    ...(owner === undefined ? {} : { owner }),
    ...(signal === undefined ? {} : { signal }),
  });
  const passed = ended.exitCode === 0 && !ended.timedOut;
  // The folder is another one for the base and for each round; failures that name it are still the same.
  const output = redact(ended.output).replaceAll(`${place.worktree}/`, "");
  return {
    check,
    output,
    result: {
      name: check.name,
      passed,
      redAtBase: !passed && red.has(check.name),
      exitCode: ended.exitCode,
      timedOut: ended.timedOut,
      tail: tailOf(output, TAIL_LENGTH),
      ...(passed ? {} : failureFacts(output)),
    },
  };
}

function failureFacts(output: string): Partial<CheckResult> {
  const { lines, count } = failuresIn(output);
  return {
    ...(lines.length === 0 ? {} : { failures: lines }),
    ...(count === null ? {} : { failureCount: count }),
  };
}
