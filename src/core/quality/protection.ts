/** Changes that a person must see whatever the score, each with its reason. Source: definition key `protect`. */
import { matchGlob } from "../glob.ts";
import type { PlannedDeliverable } from "../plan/plan.ts";
import type { ChangedFile } from "../workflow/outcome.ts";
import { PROTECTED_KINDS } from "./protected-kinds.ts";

export interface Protection {
  readonly path: string;
  /** `skips a test: test/a.test.ts:12` */
  readonly reason: string;
}

/**
 * One per file: by what the repository adapter saw in the change, by the globs of the settings, and every submodule, whose content is
 * not in the commit. Sorted by path. A rename counts as a change of both ends.
 */
export function protections(
  { settings }: Pick<PlannedDeliverable, "settings">,
  files: readonly ChangedFile[],
): readonly Protection[] {
  return files
    .flatMap((file) => {
      const reason = reasonOf(file, settings);
      return reason === null ? [] : [{ path: file.path, reason }];
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function reasonOf(file: ChangedFile, settings: PlannedDeliverable["settings"]): string | null {
  const at = `${file.path}${file.protectedLine === undefined ? "" : `:${file.protectedLine}`}`;
  if (file.protected !== undefined) return `${file.protected}: ${at}`;
  if (file.change === "submodule") return `changes a submodule: ${at}`;
  const paths = file.from === undefined ? [file.path] : [file.path, file.from];
  const glob = settings.protect.find((one) => paths.some((path) => matchGlob(one, path)));
  if (glob === undefined) return null;
  return `${globReason(glob, paths, settings.checkScripts ?? [])}: ${at}`;
}

function globReason(glob: string, paths: readonly string[], scripts: readonly string[]): string {
  if (paths.some((path) => scripts.includes(path))) return "changes what a check runs";
  const kind = PROTECTED_KINDS.find(({ globs }) => globs.includes(glob));
  return kind?.reason ?? `changes a protected file (${glob})`;
}
