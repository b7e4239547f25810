/** What a plan can cost in agent runs and judge calls, and its longest chain. Source: design §7 (panels), domain §10 (rounds). */
import type { Forecast, PlannedDeliverable } from "./plan.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Session retries are not counted: they are trouble, not plan. */
export function forecastOf(deliverables: readonly PlannedDeliverable[]): Forecast {
  return {
    agentRuns: sum(deliverables.map(agentRuns)),
    judgeCalls: sum(deliverables.map(judgeCalls)),
    criticalPath: criticalPath(deliverables),
  };
}

/** Creator and critic sessions over all rounds of one deliverable. */
function agentRuns({ byPerson, gate, settings }: PlannedDeliverable): Range {
  const perRound = (byPerson ? 0 : 1) + criticSessions({ gate, settings });
  return { min: perRound * Math.max(1, gate.loop.min), max: perRound * gate.loop.max };
}

/**
 * Calls of all reviewers over all rounds. Fewest: every round but the last ends with its first sample, the last is a
 * full panel of each reviewer. Most: every panel of every round is undecided to its end.
 */
function judgeCalls({ gate, settings }: PlannedDeliverable): Range {
  const reviewers = gate.reviewers.length;
  if (!gate.judged || reviewers === 0) return { min: 0, max: 0 };
  const fewest = Math.max(1, gate.loop.min) - 1 + reviewers * settings.judge.samples;
  return {
    min: fewest,
    max: gate.loop.max * reviewers * Math.max(settings.judge.samples, settings.judge.maxSamples),
  };
}

/** One combined session, or one per strategy and pattern without strategy; self-review and score are not the critic's. */
function criticSessions({ gate, settings }: Pick<PlannedDeliverable, "gate" | "settings">): number {
  if (gate.critic === null) return 0;
  if (settings.critic.mode === "combined") return 1;
  const strategies = gate.strategies.order.filter((id) => id !== "S-010" && id !== "S-014");
  const withoutStrategy = gate.patterns.filter(
    (pattern) => pattern === "strawman" || pattern === "blue-team",
  );
  return strategies.length + withoutStrategy.length;
}

/** Stages follow each other whole, so the longest chain is the longest chain inside each stage, one after the other. */
function criticalPath(deliverables: readonly PlannedDeliverable[]): readonly string[] {
  const stages = [...new Set(deliverables.map(({ stage }) => stage))];
  return stages.flatMap((stage) =>
    longestChain(deliverables.filter((deliverable) => deliverable.stage === stage)),
  );
}

interface Chain {
  readonly length: number;
  readonly ids: readonly string[];
}

/** Weighed by the fewest agent runs; of equal chains the first one of the plan. Members must come in merge order. */
function longestChain(members: readonly PlannedDeliverable[]): readonly string[] {
  const chains = new Map<string, Chain>();
  for (const member of members) {
    const before = longest(member.after.flatMap((id) => chains.get(id) ?? []));
    chains.set(member.id, { length: before.length + agentRuns(member).min, ids: [...before.ids, member.id] });
  }
  return longest([...chains.values()]).ids;
}

function longest(chains: readonly Chain[]): Chain {
  return chains.reduce(
    (best, chain) => (chain.length > best.length || best.ids.length === 0 ? chain : best),
    { length: 0, ids: [] },
  );
}

function sum(ranges: readonly Range[]): Range {
  return ranges.reduce((total, { min, max }) => ({ min: total.min + min, max: total.max + max }), {
    min: 0,
    max: 0,
  });
}
