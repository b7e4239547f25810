/** Which fault strikes now. The only memory a scenario has: how often a rule with `times` has struck. */
import type { PromptFacts } from "./header.ts";
import { type Fault, type FaultRule, type Scenario, settingsFor } from "./scenario.ts";

export interface FaultLedger {
  /** The fault for this prompt and sample, counted as struck; null when all goes well. */
  readonly strike: (scenario: Scenario, facts: PromptFacts, sample: number) => Fault | null;
}

/** A fresh count. One per process that plays a scenario. */
export function createFaultLedger(): FaultLedger {
  const struck = new Map<string, number>();
  return {
    strike(scenario, facts, sample) {
      const settings = settingsFor(scenario, facts);
      if (facts.task === "judge") {
        const planned = settings.samples?.[sample - 1];
        if (planned !== undefined && planned !== null) return planned;
      }
      for (const [index, rule] of (settings.fail ?? []).entries()) {
        if (!applies(rule, facts, sample)) continue;
        const key = `${facts.deliverable}#${index}`;
        const count = struck.get(key) ?? 0;
        if (rule.times !== undefined && count >= rule.times) continue;
        struck.set(key, count + 1);
        return rule.fault;
      }
      return null;
    },
  };
}

function applies(rule: FaultRule, facts: PromptFacts, sample: number): boolean {
  return (
    holds(rule.task, facts.task) &&
    holds(rule.round, facts.round) &&
    holds(rule.attempt, facts.attempt) &&
    holds(rule.epoch, facts.epoch) &&
    holds(rule.sample, sample)
  );
}

function holds<T>(wanted: T | readonly T[] | undefined, value: T): boolean {
  if (wanted === undefined) return true;
  return Array.isArray(wanted) ? wanted.includes(value) : wanted === value;
}
