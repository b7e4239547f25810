/** Answers to open questions: by `--yes`, or asked on the terminal. */

import { waiting } from "../../core/view/waiting.ts";
import type { PersonCommand } from "../../core/workflow/command.ts";
import type { DecisionWord, Question, QuestionKind } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { aboutText } from "../board/waiting-lines.ts";
import { plainLine } from "../output/plain.ts";

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

/** Words that say nothing without a text, and what the text is asked as. */
const NEEDS_TEXT: Partial<Readonly<Record<DecisionWord, string>>> = {
  guide: "What should be different in the next round?",
  reject: "Why, and what must be different?",
  back: "Why, and what must be different?",
  accept: "Which caveats does it carry?",
  skip: "Why is it left out?",
  answer: "What is the answer?",
  say: "What should it know?",
};

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
  if (word === "resume") return { type: "resume", by: user };
  // A slot may have several questions of its session open.
  if (question.session !== undefined) return { type: "decide", subject: question.id, word, text, by: user };
  return { type: "decide", subject, word, text, by: user, ...(usd === undefined ? {} : { usd }) };
}

/** `later` leaves the question open; `leave` is Ctrl+C. */
export type Asked = PersonCommand | "later" | "leave";

/** Asks on the terminal. Gives `later` as well when `signal` aborts, because somebody else has answered. */
export async function askPerson(
  state: WorkflowState,
  question: Question,
  user: string,
  signal: AbortSignal,
): Promise<Asked> {
  const clack = await import("@clack/prompts");
  const answers = waiting(state).find((open) => open.question === question.id)?.answers ?? [];
  const common = { signal, output: process.stderr };
  const chosen = await clack.select<string>({
    ...common,
    message: [plainLine(`${question.subject}: ${question.reason}`), aboutText(question) ?? ""]
      .join("\n")
      .trimEnd(),
    options: [
      ...answers.map(({ word, effect }) => ({ value: word, label: word, hint: effect })),
      { value: "later", label: "later", hint: "leave it open" },
    ],
  });
  if (clack.isCancel(chosen)) return signal.aborted ? "later" : "leave";
  const choice = answers.find(({ word }) => word === chosen)?.word;
  if (choice === undefined) return "later";
  const asked = NEEDS_TEXT[choice];
  const text =
    asked === undefined ? "" : await clack.text({ ...common, message: asked, placeholder: "Enter for none" });
  if (clack.isCancel(text)) return signal.aborted ? "later" : "leave";
  if (choice !== "add" || question.kind !== "limit") return answerOf(question, choice, user, text ?? "");
  const usd = await clack.text({
    ...common,
    message: `New limit in USD (spent: ${state.spend.usd.toFixed(2)})`,
    validate: (value) => (Number(value) > state.spend.usd ? undefined : "a number above what is spent"),
  });
  return clack.isCancel(usd) ? "later" : answerOf(question, choice, user, text ?? "", Number(usd));
}
