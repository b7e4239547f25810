/** What is particular about the repository that work is to start in: told before the start, or the reason why there is none. */
import type { Particular } from "../../adapters/git/particulars.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { CliIo } from "../io.ts";
import type { Output } from "../output/output.ts";

/** Without what the plan's own preparation of worktrees takes care of. */
export async function particularsFor(io: CliIo, plan: Plan): Promise<readonly Particular[]> {
  const { particularsOf } = await import("../../adapters/git/particulars.ts");
  const found = await particularsOf(io.cwd, { env: io.env }, plan.base.commit);
  const fillsSubmodules = plan.deliverables.every(({ settings }) =>
    settings.provision.run.some((command) => /\bgit\s+submodule\b/.test(command)),
  );
  return found.filter(({ kind }) => kind !== "submodules" || !fillsSubmodules);
}

export function tellParticulars(output: Output, found: readonly Particular[]): void {
  for (const { level, text, hint } of found) {
    if (level === "note") output.say(`${output.narration.dim(output.narration.symbol.info)} ${text}`);
    else output.warn(text);
    output.hint(hint);
  }
}

/** Throws `environment` error `not-workable` where a worktree would damage the work, or could not be made. */
export function requireWorkable(found: readonly Particular[]): void {
  const refusal = found.find(({ level }) => level === "refuse");
  if (refusal !== undefined)
    throw new SignalboxError("environment", "not-workable", refusal.text, [refusal.hint]);
}
