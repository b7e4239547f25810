/** What waits for a person, with the command that gives each answer. Source: design §11 no. 6, 7; domain §9.5. */
import type { Instant } from "../vocabulary.ts";
import { type DecisionWord, liveCommand, type Question, wordCommand } from "../workflow/question.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { liveAnswers } from "./live-answers.ts";
import { unit } from "./unit.ts";

/** One way to answer. */
export interface AnswerView {
  readonly word: DecisionWord;
  /** The words of the answer, where they are given with it. */
  readonly text?: string;
  /** Runnable as it stands once what stands in `"…"` or `<…>` is filled in. */
  readonly command: string;
  /** What happens then, half a sentence. */
  readonly effect: string;
}

/** One open question. */
export interface WaitingView {
  readonly question: string;
  readonly kind: Question["kind"];
  readonly subject: string;
  readonly reason: string;
  readonly since: Instant;
  readonly answers: readonly AnswerView[];
}

const EFFECTS: Readonly<Record<DecisionWord, string>> = {
  approve: "go on",
  reject: "send it back with a note",
  accept: "take it as it is, with its caveats",
  guide: "one more round with this guidance",
  write: "a person writes the artifact",
  back: "return to an earlier phase",
  cancel: "end the workflow",
  retry: "try again from the start",
  skip: "leave it out, with a reason",
  redo: "do it again on the current tip",
  resolve: "a person resolves the conflict in the worktree",
  done: "the work is there",
  rerun: "carry it out again",
  waive: "pass it without a score",
  add: "raise the limit",
  finish: "let what runs end, start nothing new",
  stop: "stop now and keep the work",
  resume: "go on",
  answer: "tell the agent, which waits for it",
  allow: "let it use the tool this once",
  deny: "refuse the tool; the agent finds another way",
  continue: "let it go on where it is",
  say: "tell the running session something",
  land: "put it on the target as one commit",
  "send-back": "back to its agent, the same conversation goes on",
  drop: "do not land it; its commit stays reachable",
};

/** Open questions, oldest first. */
export function waiting(state: WorkflowState): readonly WaitingView[] {
  return state.questions.map((question) => ({
    question: question.id,
    kind: question.kind,
    subject: question.subject,
    reason: question.reason,
    since: question.session?.since ?? question.askedAt,
    answers:
      question.session !== undefined
        ? liveAnswers(question, EFFECTS)
        : question.options.map((word) => ({
            word,
            command: answerCommand(state, question, word),
            effect: EFFECTS[word],
          })),
  }));
}

/** The command line that answers a question with a word. */
export function answerCommand(state: WorkflowState, question: Question, word: DecisionWord): string {
  const { subject } = question;
  if (question.session !== undefined) return liveCommand(question, word);
  if (word === "send-back") return `${wordCommand(subject, word)} "…"`;
  if (word === "reject") return `signalbox reject ${subject}${rejectTarget(state, question)} --note "…"`;
  return `${wordCommand(subject, word)}${decideFlags(state, question, word)}`;
}

function decideFlags(state: WorkflowState, question: Question, word: DecisionWord): string {
  if (word === "guide" || word === "skip" || word === "accept") return ' --note "…"';
  if (word === "back") return ` --to ${earlierPhase(state, question)} --note "…"`;
  if (word === "add" && question.kind === "limit") return " --usd <amount>";
  return "";
}

function rejectTarget(state: WorkflowState, question: Question): string {
  if (question.kind !== "checkpoint") return "";
  const planned = state.plan.checkpoints.find((candidate) => candidate.id === question.subject);
  const target = phaseUpTo(state, (planned?.position ?? 1) - 1);
  return target === null ? "" : ` --to ${target}`;
}

function earlierPhase(state: WorkflowState, question: Question): string {
  const stage = unit(state, question.subject)?.plan.stage ?? state.plan.stages.length;
  return phaseUpTo(state, stage - 1) ?? phaseUpTo(state, stage) ?? "<phase>";
}

function phaseUpTo(state: WorkflowState, index: number): string | null {
  return state.plan.stages.findLast((stage) => stage.kind === "phase" && stage.index <= index)?.id ?? null;
}
