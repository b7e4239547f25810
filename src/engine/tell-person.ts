/** Tells a person of every question that an append has raised, with the command that answers it. */
import { answerCommand } from "../core/view/waiting.ts";
import type { WorkflowEvent } from "../core/workflow/event.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Notifier } from "../ports/notifier.ts";

/** `state` is the one after the events. Does not wait for the channels. */
export function tellPerson(notifier: Notifier, state: WorkflowState, events: readonly WorkflowEvent[]): void {
  for (const event of events) {
    if (event.type !== "question.asked") continue;
    const { question } = event;
    const [first] = question.options;
    void notifier.notify({
      workflow: state.id,
      subject: question.subject,
      kind: question.kind,
      reason: question.reason,
      command:
        first === undefined ? `signalbox show ${question.subject}` : answerCommand(state, question, first),
      at: question.askedAt,
      base: state.plan.base.commit,
    });
  }
}
