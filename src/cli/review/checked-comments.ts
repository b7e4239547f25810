/** Remarks on lines, looked up in the work that they are about before anything is recorded. */
import { openReviewedWork } from "../../adapters/git/reviewed-work.ts";
import { SignalboxError } from "../../core/errors.ts";
import { placeProblem, quoteOf } from "../../core/review/place.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { LineComment } from "../../core/workflow/command.ts";
import { requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { underReview } from "../../core/workflow/under-review.ts";
import type { CliIo } from "../io.ts";

/** The same with the lines as they are. Throws `no-such-file`, `no-such-line`. */
export async function checkedComments(
  io: CliIo,
  state: WorkflowState,
  subject: string,
  comments: readonly LineComment[],
): Promise<readonly LineComment[]> {
  const commit = underReview(state, subject)?.commit;
  // Of work that is not under review the core says so, better than a missing file would.
  if (commit === undefined || comments.length === 0) return comments;
  const work = await openReviewedWork(io.cwd, { env: io.env });
  const changed = await work.files(baseOf(state, subject, commit), commit);
  return Promise.all(
    comments.map(async (comment) => {
      const facts = { file: await work.fileAt(commit, comment.path), changed };
      const problem = placeProblem(comment, facts);
      if (problem !== null)
        throw new SignalboxError("user", problem.code, `${subject}: ${problem.message}`, [problem.hint]);
      const quote = quoteOf(comment, facts);
      return quote === undefined ? comment : { ...comment, quote };
    }),
  );
}

function baseOf(state: WorkflowState, subject: string, commit: CommitId): CommitId {
  return requireDeliverable(state, subject).base ?? commit;
}
