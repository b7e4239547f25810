/** How a slot goes on by a person's word: the answer where it asks, else after a confirmation what the word says. */
import { SignalboxError } from "../../core/errors.ts";
import type { SlotWord } from "../../core/workflow/live.ts";
import { openQuestion, requireDeliverable, runningSessions } from "../../core/workflow/queries.ts";
import { directRefusal, standing } from "../../core/workflow/standing.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { resolveSlot } from "../landing/slots.ts";
import { RejectedError } from "../output/report-error.ts";
import { submitOn } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox retry <slot> [text]`: a new attempt, branch, worktree and conversation from the present tip. */
export function retry(context: Context, input: VerbInput): Promise<number> {
  return direct(context, input, "retry", "starts again from the present tip");
}

/** `signalbox skip <slot> [reason]`. */
export function skip(context: Context, input: VerbInput): Promise<number> {
  return direct(context, input, "skip", "is left out");
}

function direct(context: Context, input: VerbInput, word: "retry" | "skip", said: string): Promise<number> {
  const named = input.argument(0) ?? "";
  return submitOn(context, { workflow: input.text("workflow"), slots: [named] }, async (state) => {
    const subject = resolveSlot(state, named);
    await requireSure(context, input, state, { subject, word });
    return {
      command: { type: "direct", subject, word, text: textOf(input), by: context.io.user },
      said: isAtWork(state, subject) ? `${subject} is being stopped, then it ${said}` : `${subject} ${said}`,
    };
  });
}

/** Words behind the slot, or the note. */
export function textOf(input: VerbInput): string {
  return input.text("note") ?? input.words(1).join(" ");
}

export function isAtWork(state: WorkflowState, subject: string): boolean {
  return runningSessions(state).some((session) => session.subject === subject);
}

const CONSEQUENCES: Readonly<Record<SlotWord, string>> = {
  retry: "Start it again from the present tip, with a new conversation?",
  skip: "Leave it out for good?",
  write: "Take it over, so that a person makes it?",
};

/** Asks before something that nobody was asked about; throws what the core would refuse before it asks. */
export async function requireSure(
  context: Context,
  input: VerbInput,
  state: WorkflowState,
  { subject, word }: { readonly subject: string; readonly word: SlotWord },
): Promise<void> {
  if (openQuestion(state, subject) !== undefined) return;
  const refusal = directRefusal(state, subject, word);
  if (refusal !== null) throw new RejectedError(refusal);
  const now = isAtWork(state, subject)
    ? "an agent works on it and will be ended; what it wrote is kept"
    : standing(state, requireDeliverable(state, subject));
  const sure = await confirm(
    context,
    `${subject} asks nothing: ${now}. ${CONSEQUENCES[word]}`,
    input.flag("yes"),
  );
  if (!sure) throw new SignalboxError("user", "not-confirmed", `${subject} goes on as it is`);
}
