/** Words for what waits for a person, what one decided, and what is told to one. */
import { placeText } from "../../../core/workflow/comment.ts";
import { ask, type EventType, good, plain, silent, type WordsFor, withDetail, work } from "./words.ts";

type PersonType =
  | Extract<
      EventType,
      | `question.${string}`
      | `decision.${string}`
      | `blocker.${string}`
      | `lesson.${string}`
      | `note.${string}`
      | `comment.${string}`
    >
  | "logged";

/** What an approval, a rejection or words to a session lead to has an event of its own. */
const TOLD_BY_ANOTHER: readonly string[] = ["approve", "reject", "say"];

export const PERSON: WordsFor<PersonType> = {
  "question.asked": ({ question }) => ask(question.subject, question.reason),
  "question.closed": silent,
  "decision.recorded": ({ decision: { word, subject, by, text } }) =>
    TOLD_BY_ANOTHER.includes(word) ? null : plain(subject, withDetail(`${word} by ${by}`, text)),
  "blocker.raised": ({ blocker }) =>
    // One that asks is told by its question.
    blocker.question === undefined
      ? ask(blocker.id, `blocks ${blocker.blocking.join(", ")}: ${blocker.description}`)
      : null,
  "blocker.resolved": ({ blocker, issue }) => good(blocker, `resolved: ${issue.resolution}`),
  "lesson.learned": ({ lesson }) => plain(lesson.id, lesson.lesson),
  "note.added": ({ note }) => plain(note.subject, `${note.by}: ${note.text}`),
  "comment.added": ({ subject, comment }) =>
    plain(subject, `${comment.id} on ${placeText(comment)} by ${comment.by}: ${comment.text}`),
  "comment.handed": ({ subject, comments }) =>
    work(subject, `takes ${comments.map(({ comment }) => comment).join(", ")} to its agent`),
  "comment.answered": ({ subject, comment, text }) =>
    plain(subject, `${comment} answered by its agent: ${text}`),
  "comment.resolved": ({ subject, comment, by, text }) =>
    good(subject, withDetail(`${comment} resolved by ${by}`, text)),
  logged: silent,
};
