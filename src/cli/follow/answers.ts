/** Commands that answer open questions: by `--yes`, or with the word that a person chose. */
import type { PersonCommand } from "../../core/workflow/command.ts";
import type { DecisionWord, Question, QuestionKind } from "../../core/workflow/question.ts";

/** What `--yes` may answer: routine approvals, never an escalation, a failure or unverified work. */
const ROUTINE: ReadonlySet<QuestionKind> = new Set<QuestionKind>(["plan", "checkpoint", "finish"]);

/** The approval that `--yes` gives, in the name of whoever typed it; null where a real decision is needed. */
export function routineApproval(question: Question, user: string): PersonCommand | null {
  if (!isRoutine(question) || !question.options.includes("approve")) return null;
  return { type: "approve", subject: question.subject, by: `${user} (--yes)`, note: "" };
}

/** A level that rules raise at plan time is part of the plan that was shown with its cost; one that rises later is not. */
function isRoutine({ kind, subject }: Question): boolean {
  return ROUTINE.has(kind) || (kind === "criticality" && subject === "plan");
}

/** The command for a word that a person chose. */
export function answerOf(
  question: Question,
  word: DecisionWord,
  user: string,
  text: string,
  usd?: number,
): PersonCommand {
  const { subject } = question;
  if (word === "approve") return { type: "approve", subject, by: user, note: text };
  if (word === "reject") return { type: "reject", subject, by: user, note: text, clean: false };
  if (word === "send-back") return { type: "send-back", subject, text, comments: [], by: user };
  if (word === "resume") return { type: "resume", by: user };
  // A slot may have several questions of its session open.
  if (question.session !== undefined) return { type: "decide", subject: question.id, word, text, by: user };
  return { type: "decide", subject, word, text, by: user, ...(usd === undefined ? {} : { usd }) };
}
