/** The matrix of a workflow's lines as they are now, whoever asks. */
import { workflowLines } from "../../core/conflicts/lines.ts";
import type { Matrix } from "../../core/conflicts/matrix.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Line } from "../../ports/conflicts.ts";
import type { CliIo } from "../io.ts";
import { repositoryOf } from "../project.ts";
import { conflictsPort } from "./port.ts";

/** Computes it again and again, each time only what has moved. */
export interface OpenMatrix {
  /** `more` = lines beside those of the workflow; one of the same name takes the place of the workflow's. */
  compute(state: WorkflowState, more?: readonly Line[]): Promise<Matrix>;
}

export async function openMatrix(io: CliIo, state: WorkflowState): Promise<OpenMatrix> {
  const [repository, port] = await Promise.all([repositoryOf(io, state), conflictsPort({ io }, state)]);
  const ownLines = (now: WorkflowState): readonly Line[] =>
    workflowLines(now).map(({ name, branch, worked }) => ({
      name,
      revision: branch,
      ...(worked ? { worktree: repository.worktreePath(branch) } : {}),
    }));
  return {
    compute: (now, more = []) => {
      const given = new Set(more.map(({ name }) => name));
      return port.matrix([...ownLines(now).filter(({ name }) => !given.has(name)), ...more]);
    },
  };
}
