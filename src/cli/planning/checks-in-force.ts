/** Which checks a plan gets where flags, files and earlier answers speak of them, and what else they make protected. */
import { scriptsBehind } from "../../config/check-scripts.ts";
import { detectChecks } from "../../config/detect-checks.ts";
import { DEFAULT_STEP_TIMEOUT_MS } from "../../config/normalise/run-overrides.ts";
import { protectScripts } from "../../config/settings/resolve-run.ts";
import type { Check, Definition, RunOverrides, RunSettings } from "../../core/definition.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { Project } from "../project.ts";
import { withFilesAt } from "./base-files.ts";
import type { ValidSettings } from "./settings.ts";

export interface ChecksRequest {
  /** Commands that stand above every `checks` of definition and configuration. */
  readonly checks?: readonly string[];
  /** Commands that count where nobody names any. */
  readonly fallbackChecks?: readonly string[];
}

/** Somebody wrote `checks`, also where the list is empty. */
export function namesChecks(definition: Definition, { origins }: ValidSettings): boolean {
  const levels: readonly RunOverrides[] = definition.stages.flatMap((stage): readonly RunOverrides[] =>
    stage.kind === "phase" ? [stage, ...stage.slots] : [stage],
  );
  const configured = origins.some(({ key, origin }) => key === "checks" && origin.layer !== "built-in");
  return configured || [definition, ...levels].some((level) => level.checks !== undefined);
}

/** Settings with the checks of flags above everything, or those that stand in where nobody named any. */
export function withChecks(
  loaded: ValidSettings,
  request: ChecksRequest,
  checksOpen: boolean,
): ValidSettings {
  const { checks = [], fallbackChecks = [] } = request;
  const { settings } = loaded;
  if (checks.length > 0)
    return {
      ...loaded,
      settings: { ...settings, overrides: { ...settings.overrides, checks: toChecks(checks) } },
    };
  if (!checksOpen || fallbackChecks.length === 0) return loaded;
  return { ...loaded, settings: { ...settings, run: { ...settings.run, checks: toChecks(fallbackChecks) } } };
}

function toChecks(commands: readonly string[]): readonly Check[] {
  return [...new Set(commands)].map((run) => ({ name: run, run, timeoutMs: DEFAULT_STEP_TIMEOUT_MS }));
}

/** Protects what the checks run by way of package.json or a Makefile as well. */
export function withProtectedScripts(run: RunSettings, read: (path: string) => string | null): RunSettings {
  return protectScripts(run, scriptsBehind(run.checks, read));
}

/** What the repository itself would be tested with at a commit; empty where nothing tells. */
export async function proposedChecks({ repository }: Project, commit: CommitId): Promise<readonly string[]> {
  // One listing instead of a process for each file that might be there.
  const present = new Set(await repository.listFiles(commit, ""));
  return withFilesAt(repository, commit, (read) =>
    detectChecks((path) => (present.has(path) ? read(path) : null)),
  );
}
