import { SignalboxError } from "../../core/errors.ts";
import { answerCommand } from "../../core/view/waiting.ts";
import type { DecisionWord } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { endJoin, isJoining } from "../joining.ts";
import { listText, nearest } from "../resolve.ts";
import { answeredSubject, questionOn } from "../subject.ts";
import { submit } from "../submit.ts";
import { parseCount, type VerbInput } from "../verb.ts";

const WORDS: readonly DecisionWord[] = [
  "approve",
  "reject",
  "accept",
  "guide",
  "write",
  "back",
  "cancel",
  "retry",
  "skip",
  "redo",
  "resolve",
  "done",
  "rerun",
  "waive",
  "add",
  "finish",
  "stop",
  "resume",
  "continue",
  "allow",
  "deny",
  "drop",
];

/** `signalbox decide [subject] <word> [text]`; the text may also be given with `--note`. */
export function decide(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), async (state) => {
    const { subject, word } = target(state, input);
    if (word === "done" && isJoining(state, subject)) await endJoin(context, state, subject);
    const to = input.text("to");
    const round = parseCount(input.text("round"), "--round");
    const usd = parseAmount(input.text("usd"));
    const sessions = parseCount(input.text("sessions"), "--sessions");
    return {
      command: {
        type: "decide",
        subject,
        word,
        by: context.io.user,
        text: input.text("note") ?? input.words(2).join(" "),
        ...(to === undefined ? {} : { to }),
        ...(round === undefined ? {} : { round }),
        ...(usd === undefined ? {} : { usd }),
        ...(sessions === undefined ? {} : { sessions }),
      },
      said: `${subject}: ${word}`,
    };
  });
}

/** A single word is a decision on the only open question; otherwise the subject comes first. */
function target(
  state: WorkflowState,
  input: VerbInput,
): { readonly subject: string; readonly word: DecisionWord } {
  const first = input.argument(0);
  const second = input.argument(1);
  if (second === undefined && isWord(first))
    return { subject: answeredSubject(state, undefined), word: first };
  const subject = answeredSubject(state, first);
  if (isWord(second)) return { subject, word: second };
  throw wrongWord(state, subject, second);
}

function isWord(text: string | undefined): text is DecisionWord {
  return WORDS.some((word) => word === text);
}

function wrongWord(state: WorkflowState, subject: string, word: string | undefined): SignalboxError {
  const question = questionOn(state, subject);
  const options = question?.options ?? WORDS;
  const close = word === undefined ? undefined : nearest(word, options);
  return new SignalboxError(
    "user",
    "unknown-decision",
    word === undefined ? `No decision was given for ${subject}` : `${word} is not a decision`,
    [
      ...(close === undefined ? [] : [`The nearest is ${close}`]),
      question === undefined
        ? `Decisions: ${listText(options, 20)}`
        : [
            "Possible here:",
            ...question.options.map((option) => answerCommand(state, question, option)),
          ].join("\n    "),
    ],
  );
}

function parseAmount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = Number(text.replace(/^\$/, ""));
  if (!(amount > 0))
    throw new SignalboxError("user", "not-an-amount", `--usd ${text} is not an amount of money`, [
      "For example: --usd 25",
    ]);
  return amount;
}
