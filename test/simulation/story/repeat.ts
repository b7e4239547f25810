/** What ended last is told once more: the newest session and the newest change of the branch. */
import type { CommandBody } from "../../../src/core/workflow/command.ts";
import type { WorkflowEvent } from "../../../src/core/workflow/event.ts";
import type { JournalEntry } from "../../../src/ports/journal.ts";
import type { Life } from "../world/coordinator.ts";
import type { Stage } from "../world/stage.ts";
import { WORKFLOW } from "./plans.ts";

export interface RepeatParts {
  readonly life: Life;
  readonly stage: Stage;
  readonly entries: readonly JournalEntry[];
  /** Told of an outcome that was taken again, and of the revision before it. */
  readonly changed: (body: CommandBody, before: number) => void;
}

export function repeatOutcomes({ life, stage, entries, changed }: RepeatParts): void {
  const live = life.engine.state(WORKFLOW);
  if (live === undefined) return;
  for (const body of stage.lateOutcomes(live)) {
    const was = entries.length;
    life.engine.submit(WORKFLOW, body).then(
      ({ ok }) => {
        // Other commands may be taken meanwhile: only what this one gave counts, and a refusal gives nothing.
        const news = entries.slice(was).flatMap(({ events }) => events);
        if (ok && news.some((event) => isOf(event, body))) changed(body, live.seq);
      },
      () => undefined,
    );
  }
}

/** True for an event that would come from this very outcome. */
function isOf(event: WorkflowEvent, body: CommandBody): boolean {
  if (body.type === "session-ended") return event.type === "session.ended" && event.session === body.effect;
  return body.type === "integrated" && event.type === "integration.done" && event.head === body.head;
}
