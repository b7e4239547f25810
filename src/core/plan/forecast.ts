/** What a plan can cost in agent runs and judge calls, and its longest chain. Source: design §7 (panels), domain §10 (rounds). */
import type { MergePolicy } from "../definition.ts";
import { sharesFiles } from "../merging/shares-files.ts";
import type { Forecast, PlannedDeliverable } from "./plan.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Session retries are not counted: they are trouble, not plan. */
export function forecastOf(deliverables: readonly PlannedDeliverable[], merge?: MergePolicy): Forecast {
  const again = returningOf(deliverables, merge);
  return {
    agentRuns: sum(deliverables.map((one) => agentRuns(one, again(one)))),
    judgeCalls: sum(deliverables.map((one) => judgeCalls(one, again(one)))),
    criticalPath: criticalPath(deliverables),
  };
}

/** Creator and critic sessions over all rounds of one deliverable. */
function agentRuns({ byPerson, gate, settings }: PlannedDeliverable, again: Again = NEVER): Range {
  const perRound = (byPerson ? 0 : 1) + criticSessions({ gate, settings });
  const joining = gate.critic === null && again.judged ? perRound + 1 : perRound;
  return {
    min: perRound * Math.max(1, gate.loop.min),
    max: perRound * gate.loop.max + joining * again.rounds,
  };
}

/**
 * Calls of all reviewers over all rounds. Fewest: every round but the last ends with its first sample, the last is a
 * full panel of each reviewer. Most: every panel of every round is undecided to its end.
 */
function judgeCalls({ gate, settings }: PlannedDeliverable, again: Again): Range {
  const reviewers = gate.judged ? gate.reviewers.length : 0;
  const most = Math.max(settings.judge.samples, settings.judge.maxSamples);
  const joining = again.judged ? again.rounds * Math.max(1, reviewers) * most : 0;
  if (reviewers === 0) return { min: 0, max: joining };
  const fewest = Math.max(1, gate.loop.min) - 1 + reviewers * settings.judge.samples;
  return { min: fewest, max: gate.loop.max * reviewers * most + joining };
}

/** Rounds of work that went back to its creator after its approval (`merge.returns`). */
interface Again {
  readonly rounds: number;
  readonly judged: boolean;
}

const NEVER: Again = { rounds: 0, judged: false };

/** Only where another slot of the stage may change the same files, and once. */
function returningOf(
  deliverables: readonly PlannedDeliverable[],
  merge: MergePolicy | undefined,
): (one: PlannedDeliverable) => Again {
  const returns = merge?.returns ?? "none";
  const sharing = (one: PlannedDeliverable): boolean => one.kind === "slot" && sharesFiles(one);
  return (one) => {
    const isPossible = returns === "all" || (returns === "checks" && one.gate.checks.length > 0);
    const others = deliverables.filter((other) => other.stage === one.stage && sharing(other));
    if (!isPossible || one.byPerson || !sharing(one) || others.length < 2) return NEVER;
    return { rounds: 2, judged: one.gate.judged || returns === "all" };
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
