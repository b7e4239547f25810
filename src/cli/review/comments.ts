/** Comments of a slot with where their lines are in the work under review. */
import type { ReviewedWork } from "../../adapters/git/reviewed-work.ts";
import { type PlaceNow, placeNow } from "../../core/review/map-line.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { type CommentStatus, commentStatus, type ReviewComment } from "../../core/workflow/comment.ts";
import type { DeliverableState } from "../../core/workflow/deliverable.ts";

export interface CommentView {
  readonly comment: ReviewComment;
  readonly status: CommentStatus;
  readonly now: PlaceNow;
}

/** In the order in which they were made. */
export function commentViews(
  work: ReviewedWork,
  { comments = [] }: DeliverableState,
  commit: CommitId,
): Promise<readonly CommentView[]> {
  return Promise.all(
    comments.map(async (comment) => ({
      comment,
      status: commentStatus(comment),
      now: placeNow(comment, await work.fate(comment.commit, commit, comment.path)),
    })),
  );
}

/** The same for programs. */
export function commentDocument({ comment, status, now }: CommentView): Readonly<Record<string, unknown>> {
  const { handed, answer, resolved, quote, ...made } = comment;
  return {
    ...made,
    quote: quote ?? null,
    status,
    now: "path" in now ? now : { kind: now.kind, path: null, line: null },
    handed: handed ?? null,
    answer: answer ?? null,
    resolved: resolved ?? null,
  };
}
