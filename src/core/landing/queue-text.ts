/** Landings that are under way or wait, in words. */

interface Named {
  readonly workflow: string;
  /** Empty for the workflow as a whole. */
  readonly slots: readonly string[];
}

/** `login, dates of fixes-20260220-001`, or the workflow alone where it lands as a whole. */
export function landingName({ workflow, slots }: Named): string {
  return slots.length === 0 ? workflow : `${slots.join(", ")} of ${workflow}`;
}

/** Who it is, as a person finds it with `ps`. */
export function ownerName({ pid, host }: { readonly pid: number; readonly host: string }): string {
  return `process ${pid} on ${host}`;
}

/** Name under which worktrees for the checks of a landing are kept: the coordinator clears those of the workflow while it is in use. */
export function landingWorktrees(workflow: string, target: string): string {
  return `${workflow}.landing-${target.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 40)}`;
}
