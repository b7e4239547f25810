/** How a slot goes on by a person's word, wherever the word was said: in answer to a question, or without one. */
import type { Draft } from "./draft.ts";
import type { SlotWord } from "./live.ts";
import { lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import type { DecisionWord } from "./question.ts";

/** `retry`: a new attempt from the present tip; `skip`: left out, for good; `write`: a person makes it in the attempt's worktree. */
export function goOnWith(
  draft: Draft,
  subject: string,
  { word, by, text }: { readonly word: SlotWord; readonly by: string; readonly text: string },
): void {
  switch (word) {
    case "retry":
      return draft.move(subject, "ready");
    case "skip":
      return draft.move(subject, "skipped", {
        summary: `skipped by ${by}${text === "" ? "" : `: ${text}`}`,
      });
    case "write":
      return takeOver(draft, subject, "writes the work");
    default:
      return word satisfies never;
  }
}

/** A person works in the attempt's worktree; `decide … done` takes it from there. */
export function takeOver(draft: Draft, subject: string, what: string): void {
  draft.emit({ type: "deliverable.manual", subject, manual: true });
  // The person's version is a round of its own: what was scored before stays on record as it was.
  const round = lastRound(requireDeliverable(draft.state, subject));
  // Where not even a worktree could be prepared there is no round yet, and without one nothing would be committed.
  if (round === undefined || round.verdict !== undefined)
    draft.emit({ type: "round.started", subject, round: (round?.round ?? 0) + 1 });
  draft.move(subject, "waiting");
  const branch = draft.state.deliverables[subject]?.branch ?? "";
  draft.ask("user-artifact", subject, `A person ${what} on branch ${branch}`, writtenOptions(draft, subject));
}

/** `retry` gives it back to an agent, where one could make it. */
export function writtenOptions(draft: Draft, subject: string): readonly DecisionWord[] {
  const { byPerson } = requirePlanned(draft.state, subject);
  return byPerson ? ["done", "skip", "cancel"] : ["done", "retry", "skip", "cancel"];
}
