/** Work that nobody checks is worth a question: what the repository is tested with is proposed, and the answer kept. */
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import type { Project } from "../project.ts";
import { readRemembered, remember } from "../remembered.ts";
import type { VerbInput } from "../verb.ts";
import { proposedChecks } from "./checks-in-force.ts";
import { isUnverified } from "./header.ts";
import { type PlannedDefinition, type PlanRequest, planDefinition } from "./plan-definition.ts";

export interface ChosenChecks {
  readonly planned: PlannedDefinition;
  /** The checks are an earlier answer of the person, not something that stands in a file. */
  readonly remembered: boolean;
  /** Where nothing is checked: what the repository could be tested with. */
  readonly proposed: readonly string[];
}

/**
 * Plans with the checks that were answered here before where nobody names any. Where that question was never answered, a person is
 * asked once, with `ask` (replaced in tests); where nobody can be asked, the work stays UNVERIFIED and the header tells the flag and the key that change it.
 */
export async function withChecksChosen(
  context: Context,
  project: Project,
  request: PlanRequest,
  input: VerbInput,
  ask: typeof confirm = confirm,
): Promise<ChosenChecks> {
  const { checks: answered } = await readRemembered(project.commonDir);
  const plan = (fallbackChecks: readonly string[]): Promise<PlannedDefinition> =>
    planDefinition(project, context.io, { ...request, fallbackChecks });
  const planned = await plan(answered ?? []);
  const as = (remembered: boolean, proposed: readonly string[] = []): ChosenChecks => ({
    planned,
    remembered,
    proposed,
  });
  if (!planned.checksOpen) return as(false);
  if (answered !== undefined && answered.length > 0) return as(true);
  if (!isUnverified(planned.plan)) return as(false);
  const proposed = await proposedChecks(project, planned.plan.base.commit);
  if (answered !== undefined || proposed.length === 0 || !context.canAsk || input.flag("yes"))
    return as(false, proposed);
  const taken = (await ask(context, questionText(proposed), false, true)) ? proposed : [];
  await remember(project.commonDir, { checks: taken });
  return taken.length === 0 ? as(false, proposed) : { ...as(false), planned: await plan(taken) };
}

function questionText(proposed: readonly string[]): string {
  return `No check is configured. Use ${proposed.map((run) => `\`${run}\``).join(" and ")} on every result?`;
}

/** `set one with --check 'npm test', or for good in signalbox.yaml: checks: [npm test]` */
export function checksHint([example = "npm test"]: readonly string[]): string {
  return `set one with --check '${example}', or for good in signalbox.yaml: checks: [${example}]`;
}
