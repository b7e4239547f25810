/** What a scripted maker does with people and tools before its work, and how what it heard shows in the work. */
import type { PromptFacts, Task } from "./header.ts";
import { type PlannedAsk, type PlannedCall, type Scenario, settingsFor } from "./scenario.ts";

const MAKING: ReadonlySet<Task> = new Set<Task>(["create", "revise", "synthesis"]);

/** Tool calls of this round before its work, or (`after`) behind it, in order. */
export function plannedCalls(
  scenario: Scenario,
  facts: PromptFacts,
  after?: PlannedCall["after"],
): readonly PlannedCall[] {
  if (!MAKING.has(facts.task)) return [];
  const calls = settingsFor(scenario, facts).calls ?? [];
  return calls.filter((call) => call.after === after && isNow(call.round, facts));
}

/** Questions of this round, in order. */
export function plannedAsks(scenario: Scenario, facts: PromptFacts): readonly PlannedAsk[] {
  if (!MAKING.has(facts.task)) return [];
  return (settingsFor(scenario, facts).asks ?? []).filter(({ round }) => isNow(round, facts));
}

function isNow(round: number | readonly number[] | undefined, facts: PromptFacts): boolean {
  return (
    round === undefined || (typeof round === "number" ? round === facts.round : round.includes(facts.round))
  );
}

/** The artifact with what people answered and said, one line each. */
export function withRemarks(text: string, remarks: readonly string[]): string {
  if (remarks.length === 0 || text === "") return text;
  const lines = remarks.map((remark) => `- ${remark.replaceAll("\n", " ")}`);
  return `${text.trimEnd()}\n\n## Heard from people\n\n${lines.join("\n")}\n`;
}
