/** Comments of a slot with where their lines are in the work under review. */
import type { ReviewedWork } from "../../adapters/git/reviewed-work.ts";
import { type PlaceNow, placeNow } from "../../core/review/map-line.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { type CommentStatus, commentStatus, type ReviewComment } from "../../core/workflow/comment.ts";
import type { DeliverableState } from "../../core/workflow/deliverable.ts";
import { lastRound } from "../../core/workflow/queries.ts";

export interface CommentView {
  readonly comment: ReviewComment;
  readonly status: CommentStatus;
  readonly now: PlaceNow;
  /** Its agent has it and has not come back yet. */
  readonly away: boolean;
}

/** In the order in which they were made. */
export function commentViews(
  work: ReviewedWork,
  standing: DeliverableState,
  commit: CommitId,
): Promise<readonly CommentView[]> {
  const { comments = [] } = standing;
  return Promise.all(
    comments.map(async (comment) => ({
      comment,
      status: commentStatus(comment),
      away: isAway(comment, standing),
      now: placeNow(comment, await work.fate(comment.commit, commit, comment.path)),
    })),
  );
}

function isAway({ handed }: ReviewComment, standing: DeliverableState): boolean {
  const round = lastRound(standing);
  return handed !== undefined && round?.round === handed.round + 1 && round.creatorSession === undefined;
}

/** The same for programs. */
export function commentDocument({
  comment,
  status,
  now,
  away,
}: CommentView): Readonly<Record<string, unknown>> {
  const { handed, answer, resolved, quote, ...made } = comment;
  return {
    ...made,
    quote: quote ?? null,
    status,
    away,
    now: "path" in now ? now : { kind: now.kind, path: null, line: null },
    handed: handed ?? null,
    answer: answer ?? null,
    resolved: resolved ?? null,
  };
}
