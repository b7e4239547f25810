/** Words of a trace. */
import type { CommitId } from "../../src/core/vocabulary.ts";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";

export function commitWords(commit: CommitId | null): string {
  return commit === null ? "nothing" : commit.slice(0, 8);
}

export function commandWords(body: CommandBody): string {
  return Object.entries(body)
    .filter(([key, value]) => key !== "by" && (typeof value === "string" || typeof value === "number"))
    .map(([, value]) => String(value))
    .join(" ");
}

export function eventWords(event: WorkflowEvent): string {
  const details: readonly unknown[] = Object.entries(event)
    .filter(
      ([key, value]) => key !== "at" && key !== "type" && typeof value === "string" && value.length < 60,
    )
    .map(([, value]) => value);
  return [event.type, ...details].join(" ");
}
