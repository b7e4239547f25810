/** Runs the user's own `gh`, which knows login, host and remote. */
import { SignalboxError } from "../../core/errors.ts";
import { type RunResult, runProgram } from "../process/spawn.ts";

export interface GhOptions {
  /** Folder of the repository whose remote counts. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const GH_TIMEOUT_MS = 30_000;

/** `gh <args>` without prompts. Throws `gh-missing` with the given words where it is not installed; its failures are results. */
export async function runGh(
  args: readonly string[],
  { cwd, env }: GhOptions,
  missing: { readonly message: string; readonly hint: string },
  input?: string,
): Promise<RunResult> {
  const given = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const options = {
    cwd,
    env: {
      ...Object.fromEntries(given),
      GH_PROMPT_DISABLED: "1",
      NO_COLOR: "1",
      GH_NO_UPDATE_NOTIFIER: "1",
    },
    timeoutMs: GH_TIMEOUT_MS,
  };
  try {
    return await runProgram("gh", args, input === undefined ? options : { ...options, input });
  } catch (error) {
    throw new SignalboxError(
      "environment",
      "gh-missing",
      missing.message,
      ["Install it: https://cli.github.com", missing.hint],
      error,
    );
  }
}
