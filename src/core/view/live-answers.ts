/** The commands that answer questions of running sessions. */
import { type DecisionWord, liveCommand, type Question } from "../workflow/question.ts";
import type { AnswerView } from "./waiting.ts";

/** Longest proposed answer that is offered as a command. */
const LONGEST = 80;

/** One per way to answer; what an agent proposes comes first. */
export function liveAnswers(
  question: Question,
  effects: Readonly<Record<DecisionWord, string>>,
): readonly AnswerView[] {
  const proposed = (question.session?.choices ?? []).filter(isOffered).map(
    (text): AnswerView => ({
      word: "answer",
      text,
      command: `signalbox answer ${question.id} ${quoted(text)}`,
      effect: effects.answer,
    }),
  );
  const plain = question.options.map((word) => ({
    word,
    command: liveCommand(question, word),
    effect: effects[word],
  }));
  return [...proposed, ...plain];
}

/** Text of an agent that somebody may copy into a shell: one printable line of moderate length. */
function isOffered(text: string): boolean {
  return text.length <= LONGEST && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.trim() !== "";
}

/** Nothing in single quotes means anything to a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
