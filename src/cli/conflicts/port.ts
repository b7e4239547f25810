/** Predicted merges of a workflow's lines, for verbs that look without a coordinator. */
import { openConflicts } from "../../adapters/git/conflicts/index.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Conflicts } from "../../ports/conflicts.ts";
import type { Context } from "../context.ts";

/** Errors: those of finding the repository. */
export function conflictsPort({ io }: Pick<Context, "io">, { plan }: WorkflowState): Promise<Conflicts> {
  const { worktrees, branchPrefix } = plan.layout;
  const folder = branchPrefix.slice(0, branchPrefix.lastIndexOf("/"));
  return openConflicts(io.cwd, { env: io.env, worktrees, branchPrefix: `${folder}/{id}` });
}
