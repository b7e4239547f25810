/** Comments on lines of work: made by a person, handed to the creator as findings, answered by it, resolved by a person. */
import type { CreatorReport } from "../quality/summary.ts";
import type { CommitId } from "../vocabulary.ts";
import type { LineComment, PersonCommand, Rejection } from "./command.ts";
import { findingOf, isOfBefore, isUnanswered, placeText, type ReviewComment } from "./comment.ts";
import { type Draft, numbered } from "./draft.ts";
import { lastRound, requireDeliverable } from "./queries.ts";
import { notUnderReview, underReview } from "./under-review.ts";

type Of<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

/** Whether the file and the line are there is looked up by whoever asks: the core has no files. */
export function onComment(draft: Draft, command: Of<"comment">): Rejection | null {
  const { subject, commit, comment, by } = command;
  const review = underReview(draft.state, subject);
  if (review?.commit === undefined) return notUnderReview(draft.state, subject);
  if (review.commit !== commit) return changedMeanwhile(subject, review.commit);
  const refusal = refuseComments(draft, subject, [comment], commit);
  if (refusal !== null) return refusal;
  addComments(draft, subject, { commit, comments: [comment], by });
  return null;
}

/** Settles it for good, whatever the work looks like now. */
export function onResolveComment(draft: Draft, command: Of<"resolve-comment">): Rejection | null {
  const { subject, comment: id, text, by } = command;
  const comments = draft.state.deliverables[subject]?.comments ?? [];
  const comment = comments.find((one) => one.id === id);
  if (comment === undefined) return unknownComment(subject, id, comments);
  if (comment.resolved !== undefined)
    return {
      code: "not-waiting",
      message: `${id} was resolved by ${comment.resolved.by} already`,
      hint: `To see all comments on it: signalbox review ${subject} --comments`,
    };
  draft.emit({ type: "comment.resolved", subject, comment: id, by, text });
  return null;
}

/** Keeps each as a comment on that commit, in the order in which they were given. */
export function addComments(
  draft: Draft,
  subject: string,
  given: { readonly commit: CommitId; readonly comments: readonly LineComment[]; readonly by: string },
): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const { epoch, attempt } = deliverable;
  const round = lastRound(deliverable)?.round ?? 1;
  for (const { path, line, text, quote } of given.comments) {
    const id = numbered("C", (draft.state.counters.comment ?? 0) + 1);
    const made = { commit: given.commit, epoch, attempt, round, by: given.by, at: draft.at };
    const comment = { id, path, line, text: text.trim(), ...(quote === undefined ? {} : { quote }), ...made };
    draft.emit({ type: "comment.added", subject, comment });
  }
}

/** Everything that the creator has not answered becomes a finding of the round that goes back to it. */
export function handComments(draft: Draft, subject: string): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const round = lastRound(deliverable);
  const open = (deliverable.comments ?? []).filter(isUnanswered);
  if (round === undefined || open.length === 0) return;
  const number = (index: number): string => `F-${round.round}-${round.findings.length + index + 1}`;
  const findings = open.map((comment, index) => findingOf(comment, number(index), round.commit));
  draft.emit({ type: "round.found", subject, findings });
  draft.emit({
    type: "comment.handed",
    subject,
    round: round.round,
    comments: open.map(({ id }, index) => ({ comment: id, finding: findings[index]?.id ?? "" })),
  });
}

/** What the creator says became of the comments that it was handed last, or (in a new attempt) found in its first prompt. */
export function recordAnswers(draft: Draft, subject: string, { answers }: CreatorReport): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const round = lastRound(deliverable)?.round ?? 1;
  for (const comment of (deliverable.comments ?? []).filter(isUnanswered)) {
    const asked = isOfBefore(comment, deliverable) ? comment.id : comment.handed?.finding;
    const said = answers.find(({ finding }) => finding === asked);
    if (said === undefined) continue;
    draft.emit({ type: "comment.answered", subject, comment: comment.id, round, text: said.text });
  }
}

/** Why these cannot be recorded; null where they can. `commit` = the work that they are about. */
export function refuseComments(
  draft: Draft,
  subject: string,
  comments: readonly LineComment[],
  commit: CommitId | undefined,
): Rejection | null {
  if (comments.length > 0 && commit === undefined) return notUnderReview(draft.state, subject);
  for (const comment of comments) {
    const refusal = badComment(subject, comment);
    if (refusal !== null) return refusal;
  }
  return null;
}

function badComment(subject: string, comment: LineComment): Rejection | null {
  const hint = `signalbox review ${subject} --comment ${placeText(comment) || "src/a.ts:12"} "what is wrong there"`;
  if (comment.text.trim() === "") return { code: "bad-argument", message: "a comment needs words", hint };
  const { path, line } = comment;
  if (path === "" || (line !== null && !(Number.isSafeInteger(line) && line > 0)))
    return { code: "bad-argument", message: `${placeText(comment) || '""'} is no place in a file`, hint };
  return null;
}

function changedMeanwhile(subject: string, commit: CommitId): Rejection {
  return {
    code: "stale",
    message: `${subject} has changed since you looked at it: ${commit.slice(0, 8)} is under review now`,
    hint: `Look at it again: signalbox review ${subject}`,
  };
}

function unknownComment(subject: string, id: string, comments: readonly ReviewComment[]): Rejection {
  const known = comments.map((one) => one.id).join(", ");
  return {
    code: "no-such-subject",
    message: `no comment ${id} on ${subject} (${known === "" ? "there is none" : `there are: ${known}`})`,
    hint: `To see them: signalbox review ${subject} --comments`,
  };
}
