/** A question as it is asked on a terminal: choose an answer, then write the text that it needs. Pure: keys in, pictures out. */
import { type AnswerView, waiting } from "../../core/view/waiting.ts";
import { spentUnder } from "../../core/workflow/budget.ts";
import type { DecisionWord, Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { aboutText, waitingHead } from "../board/waiting-lines.ts";
import { clip, padded } from "../output/clip.ts";
import { plainLine, plainText } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { moneyText } from "../output/units.ts";
import type { Key } from "./keys.ts";

interface Choice {
  readonly word: DecisionWord | "later";
  readonly effect: string;
  /** The words of the answer, where they are given with it. */
  readonly text?: string;
}

export interface Dialog {
  readonly question: Question;
  readonly choices: readonly Choice[];
  /** Index of the marked choice. */
  readonly at: number;
  /** Money spent so far; a new limit must be above it. */
  readonly spentUsd: number;
  /** Absent until an answer was chosen that needs words. */
  readonly writing?: { readonly word: DecisionWord; readonly asks: string; readonly text: string };
  /** Why what was written cannot be taken. */
  readonly problem?: string;
}

/** What a key led to: another picture, or the end of the dialog. */
export type Pressed =
  | { readonly kind: "open"; readonly dialog: Dialog }
  | { readonly kind: "answer"; readonly word: DecisionWord; readonly text: string; readonly usd?: number }
  | { readonly kind: "later" }
  | { readonly kind: "leave" };

/** Words that say nothing without a text, and what the text is asked as. */
const NEEDS_TEXT: Partial<Readonly<Record<DecisionWord, string>>> = {
  guide: "What should be different in the next round?",
  reject: "Why, and what must be different?",
  back: "Why, and what must be different?",
  "send-back": "Why, and what must be different?",
  accept: "Which caveats does it carry?",
  skip: "Why is it left out?",
  answer: "What is the answer?",
  say: "What should it know?",
};

export function openDialog(state: WorkflowState, question: Question): Dialog {
  const answers = waiting(state).find((open) => open.question === question.id)?.answers ?? [];
  return {
    question,
    choices: choicesOf(question, answers),
    at: 0,
    spentUsd: spentUnder(state, question.subject),
  };
}

/** Landing is done by a command of its own, which sees the checkout that it lands on; leaving it open is what Enter does then. */
function choicesOf({ options, subject }: Question, answers: readonly AnswerView[]): readonly Choice[] {
  const choices = answers.flatMap(({ word, effect, text }): readonly Choice[] => {
    if (word === "land") return [];
    return [text === undefined ? { word, effect } : { word, effect: text, text }];
  });
  return options.includes("land")
    ? [{ word: "later", effect: `leave it open; to land it: signalbox land ${subject}` }, ...choices]
    : [...choices, { word: "later", effect: "leave it open" }];
}

/** The dialog after a key. Escape leaves the text, then the question. */
export function press(dialog: Dialog, key: Key): Pressed {
  if (key.key === "interrupt") return { kind: "leave" };
  return dialog.writing === undefined ? choose(dialog, key) : write(dialog, dialog.writing, key);
}

function choose(dialog: Dialog, key: Key): Pressed {
  const { choices, at } = dialog;
  const mark = (index: number): Pressed => ({
    kind: "open",
    dialog: { ...dialog, at: (index + choices.length) % choices.length },
  });
  if (key.key === "up" || isTyped(key, "k")) return mark(at - 1);
  if (key.key === "down" || isTyped(key, "j")) return mark(at + 1);
  if (key.key === "escape") return { kind: "later" };
  const { word, text } = choices[at] ?? {};
  if (key.key !== "enter" || word === undefined) return { kind: "open", dialog };
  if (word === "later") return { kind: "later" };
  if (text !== undefined) return { kind: "answer", word, text };
  const asks = textFor(dialog, word);
  if (asks === undefined) return { kind: "answer", word, text: "" };
  return { kind: "open", dialog: { ...dialog, writing: { word, asks, text: "" } } };
}

function write(dialog: Dialog, writing: NonNullable<Dialog["writing"]>, key: Key): Pressed {
  const { writing: _, problem: __, ...chosen } = dialog;
  const wrote = (text: string): Pressed => ({
    kind: "open",
    dialog: { ...chosen, writing: { ...writing, text } },
  });
  switch (key.key) {
    case "escape":
      return { kind: "open", dialog: chosen };
    case "backspace":
      return wrote([...writing.text].slice(0, -1).join(""));
    case "clear":
      return wrote("");
    case "text":
      return wrote(writing.text + plainText(key.text));
    case "enter":
      return written(dialog, writing);
    default:
      return { kind: "open", dialog };
  }
}

function written(dialog: Dialog, { word, text }: NonNullable<Dialog["writing"]>): Pressed {
  if (!isAmount(dialog, word)) return { kind: "answer", word, text };
  const usd = Number(text.replace(/^\$/, ""));
  if (usd > dialog.spentUsd) return { kind: "answer", word, text: "", usd };
  return {
    kind: "open",
    dialog: { ...dialog, problem: `a number above ${moneyText(dialog.spentUsd)} is needed` },
  };
}

function isAmount({ question }: Dialog, word: DecisionWord): boolean {
  return word === "add" && question.kind === "limit";
}

function textFor(dialog: Dialog, word: DecisionWord): string | undefined {
  return isAmount(dialog, word)
    ? `New limit in USD (spent: ${moneyText(dialog.spentUsd)})`
    : NEEDS_TEXT[word];
}

function isTyped(key: Key, letter: string): boolean {
  return key.key === "text" && key.text === letter;
}

/** The picture: what is asked, what it is about, then the choices or the line that is written. */
export function dialogLines(
  dialog: Dialog,
  options: { readonly style: Style; readonly width: number; readonly now: number },
): readonly string[] {
  const { question } = dialog;
  const { style, width } = options;
  const about = aboutText(question);
  return [
    ...waitingHead({ ...question, since: question.session?.since ?? question.askedAt }, options),
    ...(about === null ? [] : [clip(`    ${style.dim(about)}`, width, style.symbol.ellipsis)]),
    ...(dialog.writing === undefined ? choiceLines(dialog, style) : writingLines(dialog, style, width)),
  ];
}

/** What the keys do, for the last line. */
export function dialogKeys(dialog: Dialog): readonly string[] {
  return dialog.writing === undefined
    ? ["Up/Down, Enter: answer", "Esc: later"]
    : ["Enter: send", "Esc: back"];
}

function choiceLines({ choices, at }: Dialog, style: Style): readonly string[] {
  const longest = Math.max(...choices.map(({ word }) => word.length));
  return choices.map(({ word, effect }, i) => {
    const name = padded(word, longest);
    return i === at
      ? `  ${style.cyan(style.symbol.pick)} ${style.bold(name)}  ${plainLine(effect)}`
      : `    ${name}  ${style.dim(plainLine(effect))}`;
  });
}

/** The end of what is written stays in sight. */
function writingLines({ writing, problem }: Dialog, style: Style, width: number): readonly string[] {
  const text = plainLine(writing?.text ?? "");
  const room = Math.max(10, width - 8);
  const shown = text.length > room ? `${style.symbol.ellipsis}${text.slice(1 - room)}` : text;
  return [
    `    ${writing?.asks ?? ""}`,
    `  ${style.cyan(style.symbol.pick)} ${shown}${style.cyan(style.symbol.caret)}`,
    ...(problem === undefined ? [] : [`    ${style.yellow(problem)}`]),
  ];
}
