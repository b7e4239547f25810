/** Remarks of people on lines of a slot's work, kept over rounds until somebody settles them. */
import type { CommitId, Instant } from "../vocabulary.ts";
import type { Finding } from "./round.ts";

export interface ReviewComment {
  /** `C-001`, counted within the workflow. */
  readonly id: string;
  /** Repository-relative, in the tree of `commit`. */
  readonly path: string;
  /** 1-based in the file at `commit`; null = the whole file. */
  readonly line: number | null;
  readonly text: string;
  /** The line as it was, at most 200 characters; absent where nobody looked it up. */
  readonly quote?: string;
  /** The work under review at that time. */
  readonly commit: CommitId;
  readonly epoch: number;
  readonly attempt: number;
  readonly round: number;
  readonly by: string;
  readonly at: Instant;
  /** The finding with which it went to the creator last. */
  readonly handed?: HandedComment;
  /** What the creator said became of it. A note: it settles what the creator is asked, not what the person thinks. */
  readonly answer?: { readonly text: string; readonly round: number; readonly at: Instant };
  readonly resolved?: { readonly by: string; readonly text: string; readonly at: Instant };
}

export interface HandedComment {
  readonly epoch: number;
  readonly attempt: number;
  /** Round whose finding it is; the next one answers it. */
  readonly round: number;
  /** Id of the finding, such as `F-1-3`. */
  readonly finding: string;
}

/** `open` goes to the creator when the work is sent back; `handed` has gone and came back without an answer. */
export type CommentStatus = "open" | "handed" | "answered" | "resolved";

export function commentStatus(comment: ReviewComment): CommentStatus {
  if (comment.resolved !== undefined) return "resolved";
  if (comment.answer !== undefined) return "answered";
  return comment.handed === undefined ? "open" : "handed";
}

/** True for what the creator still has to answer: it is handed on with every round until then. */
export function isUnanswered(comment: ReviewComment): boolean {
  return comment.resolved === undefined && comment.answer === undefined;
}

/** True where the attempt in which the creator last heard of it is over, so that whoever works now has never heard of it. */
export function isOfBefore(
  comment: ReviewComment,
  now: { readonly epoch: number; readonly attempt: number },
): boolean {
  const last = comment.handed ?? comment;
  return last.epoch !== now.epoch || last.attempt !== now.attempt;
}

/** As its creator gets it. `commit` = the work that goes back; on any other one the line may be somewhere else. */
export function findingOf(comment: ReviewComment, id: string, commit: CommitId | undefined): Finding {
  const { text, quote, by } = comment;
  const old = commit === comment.commit ? "" : ` at ${comment.commit.slice(0, 8)}`;
  return {
    id,
    type: "BLIND_SPOT",
    severity: "HIGH",
    source: `person:${by}`,
    section: `${placeText(comment)}${old}`,
    evidence: quote === undefined ? text : `${text}\nThe line: ${quote}`,
    action: text,
    resolved: false,
  };
}

/** `src/a.ts:12`, or the path alone for the whole file. */
export function placeText({ path, line }: Pick<ReviewComment, "path" | "line">): string {
  return line === null ? path : `${path}:${line}`;
}
