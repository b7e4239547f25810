/** What is known of the checks on the base before anything starts: an earlier workflow may have begun at the same commit. */
import { readBaseOutputs } from "../../adapters/checks/read-outputs.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { redText } from "../../core/quality/against-base.ts";
import { failuresIn } from "../../core/quality/failures.ts";

/** `npm test is red at base: 3 failures, held against nobody`, one for each check that is known to fail there. */
export async function knownRedAtBase(commonDir: string, plan: Plan): Promise<readonly string[]> {
  const outputs = await readBaseOutputs(commonDir, plan.base.commit);
  const asked = new Set(plan.deliverables.flatMap(({ gate }) => gate.checks.map(({ run }) => run)));
  return (outputs?.checks ?? [])
    .filter(({ passed, run }) => !passed && asked.has(run))
    .map(({ name, timedOut, output }) => {
      const { count } = failuresIn(output);
      const failures = count === null ? {} : { failureCount: count };
      return `${redText({ name, timedOut, ...failures })}, held against nobody`;
    });
}
