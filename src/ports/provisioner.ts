import type { Check, RunSettings } from "../core/definition.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";

/**
 * Prepares a worktree: copies, links and runs what the settings ask for.
 *
 * Contract: idempotent per worktree (a marker outside the tree says it is done); a failing step is tried once more, then
 * `{ ok: false }` with command, exit code and the end of its output. Never rejects for a failing step.
 */
export interface Provisioner {
  prepare(
    worktree: string,
    settings: RunSettings,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;
}

/**
 * Runs checks in a folder, one after another, minimal environment, own process group, time limit, tree killed after it.
 * Never rejects for a failing check. `red` names the checks that fail on the base. `signal` ends the check under way and
 * leaves out the rest: what is returned then says nothing about the work.
 */
export interface CheckRunner {
  run(
    folder: string,
    checks: readonly Check[],
    settings: RunSettings,
    red: ReadonlySet<string>,
    signal?: AbortSignal,
  ): Promise<readonly CheckResult[]>;
}
