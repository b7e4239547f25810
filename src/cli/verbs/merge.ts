import { afterRules } from "../../core/conflicts/after-rules.ts";
import { INTEGRATION, workflowLines } from "../../core/conflicts/lines.ts";
import { type PlannedMerge, planMerges, type Waiting } from "../../core/merging/plan.ts";
import { foreseenPolicy } from "../../core/workflow/file-policy.ts";
import { hasEnded, requireDeliverable, requirePlanned } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Conflicts } from "../../ports/conflicts.ts";
import type { Repository } from "../../ports/repository.ts";
import { conflictsPort } from "../conflicts/port.ts";
import type { Context } from "../context.ts";
import { planDocument, planHint, planLines } from "../merging/show-plan.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject, pickWorkflow, repositoryOf } from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox merge [workflow] --plan`: in which order the open work would be merged, why, and what would conflict. Changes nothing. */
export async function merge(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "look");
  const repository = await repositoryOf(context.io, state);
  const plan = await planOf(await conflictsPort(context, state), repository, state);
  if (context.json) context.output.json(planDocument(state, plan));
  else context.output.answer(planLines(state, plan, context.output.style).join("\n"));
  if (!context.json) context.output.hint(planHint(state, plan));
  return EXIT.done;
}

async function planOf(
  port: Conflicts,
  repository: Repository,
  state: WorkflowState,
): Promise<readonly PlannedMerge[]> {
  if (state.head === null || hasEnded(state)) return [];
  const lines = workflowLines(state).filter(({ name }) => state.deliverables[name] !== undefined);
  const matrix = await port.matrix([
    { name: INTEGRATION, revision: state.head },
    ...lines.map(({ name, branch, worked }) => ({
      name,
      revision: requireDeliverable(state, name).approval?.commit ?? branch,
      ...(worked ? { worktree: repository.worktreePath(branch) } : {}),
    })),
  ]);
  const waiting: Waiting[] = [];
  for (const { name: subject, commit } of matrix.tips.filter(({ name }) => name !== INTEGRATION)) {
    const base = requireDeliverable(state, subject).base ?? commit;
    const changes = (await repository.changedFiles(base, commit)).length;
    waiting.push({ subject, commit, changes, priority: requirePlanned(state, subject).priority ?? 0 });
  }
  return planMerges(waiting, afterRules(matrix, foreseenPolicy(state)));
}
