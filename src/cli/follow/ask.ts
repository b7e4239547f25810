/** Asks a question of a workflow below its live board, with the keys of the terminal. */
import type { PersonCommand } from "../../core/workflow/command.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { CliIo } from "../io.ts";
import { answerOf } from "./answers.ts";
import { type Dialog, dialogKeys, dialogLines, openDialog, press } from "./dialog.ts";
import { type Key, keysIn } from "./keys.ts";
import type { Asking } from "./presenter.ts";

/** `later` leaves the question open; `leave` is Ctrl+C. */
export type Asked = PersonCommand | "later" | "leave";

/** Gives `later` as well when `signal` aborts, because somebody else has answered. */
export type Ask = (
  state: WorkflowState,
  question: Question,
  user: string,
  signal: AbortSignal,
) => Promise<Asked>;

/** What was typed before the question could be read is no answer to it. */
const READING_MS = 300;

/** `show` gets what is asked now, null when nothing is. */
export function askBelow(
  io: CliIo,
  typed: NonNullable<CliIo["typed"]>,
  show: (asking: Asking | null) => void,
): Ask {
  return (state, question, user, signal) =>
    new Promise((resolve) => {
      const since = io.now();
      let dialog = openDialog(state, question);
      const end = (asked: Asked): void => {
        release();
        signal.removeEventListener("abort", later);
        show(null);
        resolve(asked);
      };
      const later = (): void => end("later");
      const release = typed((chunk) => {
        const keys = keysIn(chunk);
        const pasted = keys.some((key) => key.key === "text" && key.text.length > 1);
        for (const key of keys) {
          if (isNoChoice(key, dialog, pasted || io.now() - since < READING_MS)) continue;
          const pressed = press(dialog, key);
          if (pressed.kind === "later" || pressed.kind === "leave") return end(pressed.kind);
          if (pressed.kind === "answer")
            return end(answerOf(question, pressed.word, user, pressed.text, pressed.usd));
          dialog = pressed.dialog;
        }
        show(toAsking(dialog));
      });
      signal.addEventListener("abort", later);
      show(toAsking(dialog));
    });
}

/** Enter that was on its way before the question was there, or came with pasted text, chooses nothing. */
function isNoChoice(key: Key, dialog: Dialog, unmeant: boolean): boolean {
  return unmeant && dialog.writing === undefined && key.key !== "interrupt";
}

function toAsking(dialog: Dialog): Asking {
  return {
    question: dialog.question.id,
    lines: (options) => dialogLines(dialog, options),
    keys: dialogKeys(dialog),
  };
}
