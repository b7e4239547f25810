import type { Check, RunSettings } from "../core/definition.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";

/** How a preparation ended. `message` names what failed on its first line; the rest is the end of its output. */
export type Preparation = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** What a worktree is prepared for: an agent or a person who works in it, or checks on a commit. */
export type ProvisionUse = "work" | "checks";

/**
 * Prepares a worktree: copies, links, dependencies and commands as the settings ask for.
 *
 * Contract:
 * - `prepare` is idempotent per worktree (a marker outside the tree says it is done); a failing step is tried once more, then
 *   `{ ok: false }` with command, exit code and the end of its output. Never rejects for a failing step. Default use `work`.
 * - `release` takes dependencies away again that `prepare` brought, once for each `prepare` for checks that went well: the
 *   last one ends it. Before a worktree is removed it makes the removal quick. The next `prepare` brings them back.
 * - The user's checkout is only read.
 */
export interface Provisioner {
  prepare(worktree: string, settings: RunSettings, use?: ProvisionUse): Promise<Preparation>;
  release(worktree: string): Promise<void>;
}

/** Under which name the whole output of a run is kept until the next run of the same name. */
export interface CheckRecord {
  readonly workflow: string;
  /** Deliverable, `base`, or `<deliverable>.merge` for a merge candidate. */
  readonly subject: string;
  readonly commit: CommitId;
}

/**
 * Runs checks in a folder, one after another, minimal environment, own process group, time limit, tree killed after it.
 * Never rejects for a failing check. `red` names the checks that fail on the base. `signal` ends the check under way and
 * leaves out the rest: what is returned then says nothing about the work.
 * With `record` the whole output is kept, whether or not the run gets to its end.
 */
export interface CheckRunner {
  run(
    folder: string,
    checks: readonly Check[],
    settings: RunSettings,
    red: ReadonlySet<string>,
    signal?: AbortSignal,
    record?: CheckRecord,
  ): Promise<readonly CheckResult[]>;
}
