/**
 * Money and refusals of the model service through the engine: real git, a host in this process. Defects these would catch: a wait that never
 * ends or that nobody waits for, sessions that start in spite of it, a limit that an agent is not told.
 */
import { afterEach, describe, expect, it } from "vitest";
import { createAdapter as createClaude } from "../../src/adapters/agents/claude.ts";
import { createAdapter as createSimulated } from "../../src/adapters/agents/simulated.ts";
import { createSystemClock, toInstant } from "../../src/adapters/clock/system.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { runningSessions } from "../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { AgentAdapter } from "../../src/ports/session-host.ts";
import { aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { openRealWorld, realClaudeMissing } from "../support/real-claude.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

/** For a busy machine. */
const PATIENCE_MS = 60_000;

const scratches: Scratch[] = [];
const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  for (const scratch of scratches.splice(0)) scratch.remove();
});

/** Slots without a gate, all at one time. */
function aPlan(slots: number, usd: number | null, use: string): Plan {
  const { plan, notices } = derivePlan(
    aDefinition({
      criticality: "C1",
      use,
      limits: { parallel: slots, usd },
      stages: [
        aPhase(
          "Research",
          Array.from({ length: slots }, () => aSlot({ role: ["ps-researcher"], makes: "research" })),
        ),
      ],
    }),
    aPlanContext(),
  );
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  return plan;
}

/** A wait ends as soon as no session runs, and then it is as late as if it had been kept. */
function hurriedClock(isQuiet: () => boolean): Clock {
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;
  return {
    now: () => toInstant(nowMs()),
    pause: createSystemClock().pause,
    wait: async (at, signal) => {
      await eventually("no session runs", () => signal.aborted || isQuiet(), PATIENCE_MS);
      aheadMs += Math.max(0, Date.parse(at) - nowMs());
    },
  };
}

interface Ran {
  readonly state: WorkflowState;
  /** Sessions that ran at one time, by each start. */
  readonly together: readonly number[];
}

/** Runs a plan until nothing moves without a person; the first sessions end when `first` of them run. */
async function ran(
  plan: Plan,
  adapter: AgentAdapter,
  { first = 1, env = {} }: { readonly first?: number; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const base = await engineDependencies(scratch);
  let running = 0;
  const together: number[] = [];
  const counting: AgentAdapter = {
    ...adapter,
    run: async (spec, io) => {
      running += 1;
      together.push(running);
      await eventually(`${first} sessions run`, () => together.length >= first, PATIENCE_MS);
      return adapter.run(spec, io).finally(() => {
        running -= 1;
      });
    },
  };
  const now = (): WorkflowState | undefined => engine.state(plan.workflow.id);
  const engine: Engine = createEngine({
    ...base,
    clock: hurriedClock(() => runningSessions(now() ?? expect.fail("no state")).length === 0),
    host: createInProcessHost({ commonDir: base.repository.commonDir, loadAdapter: async () => counting }),
    agentEnvironment: () => ({ PATH: process.env.PATH ?? "", ...env }),
  });
  engines.push(engine);
  await engine.create(onBase(plan, await scratch.git("rev-parse", "HEAD")), "ana");
  await engine.idle();
  return { state: now() ?? expect.fail("no state"), together };
}

const failing = (fault: "api-429" | "api-529" | "api-401" | "usage-window", times?: number): Scenario => ({
  deliverables: { "*": { fail: [{ fault, ...(times === undefined ? {} : { times }) }] } },
});

/** At C1 without checks a person looks at every artifact: all work is there then. */
function allMade({ questions }: WorkflowState): boolean {
  return questions.length > 0 && questions.every(({ kind }) => kind === "unverified");
}

describe("a model service that refuses", () => {
  it("eight sessions at once is asked again by half as many, and all work gets done", async () => {
    const adapter = createSimulated({ scenario: failing("api-429", 1) });
    const { state, together } = await ran(aPlan(8, null, "simulated"), adapter, { first: 8 });
    expect(allMade(state)).toBe(true);
    expect(together.slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(together).toHaveLength(16);
    expect(Math.max(...together.slice(8, 12))).toBeLessThanOrEqual(4);
    expect(state.service).toBeUndefined();
    expect(Object.values(state.deliverables).every((d) => d.attempt === 1)).toBe(true);
  });

  it("for a usage window is asked again when that ends, without a retry", async () => {
    const adapter = createSimulated({ scenario: failing("usage-window", 1) });
    const { state, together } = await ran(aPlan(3, null, "simulated"), adapter, { first: 3 });
    expect(allMade(state)).toBe(true);
    expect(together).toHaveLength(6);
    expect(state.spend.retries).toBe(0);
    expect(state.log.filter(({ event }) => event === "WAITING")).toHaveLength(1);
  });

  it("because of the login asks one question for eight sessions", async () => {
    const adapter = createSimulated({ scenario: failing("api-401") });
    const { state, together } = await ran(aPlan(8, null, "simulated"), adapter, { first: 8 });
    expect(state.questions.map(({ kind }) => kind)).toEqual(["auth"]);
    expect(together).toHaveLength(8);
  });
});

describe.skipIf(realClaudeMissing() !== null)("the real claude program", () => {
  it("that burns money stops within one request of the limit, and the limit is asked about", async () => {
    const world = await openRealWorld({
      deliverables: { "*": { calls: [{ tool: "Read", input: { file_path: "README.md" }, times: 500 }] } },
    });
    try {
      const { state } = await ran(aPlan(1, 0.06, "claude"), createClaude(), { env: world.spec().env });
      expect(state.questions).toMatchObject([{ kind: "limit", options: ["add", "finish", "stop"] }]);
      const request = state.spend.usd / world.endpoint.log.length;
      expect(state.spend.usd).toBeGreaterThan(0.045);
      expect(state.spend.usd).toBeLessThan(0.06 + 2 * request);
      expect(state.spend.incomplete).toBe(false);
    } finally {
      await world.close();
    }
  });

  it("that is refused with 429 and 529 makes no storm of requests, and its work gets done", async () => {
    const world = await openRealWorld({
      deliverables: {
        "agent-a-001": { fail: [{ fault: "api-429", times: 1 }] },
        "agent-a-002": { fail: [{ fault: "api-529", times: 1 }] },
      },
    });
    try {
      const { state } = await ran(aPlan(2, null, "claude"), createClaude(), {
        first: 2,
        env: world.spec().env,
      });
      expect(allMade(state)).toBe(true);
      expect(world.endpoint.log.filter(({ fault }) => fault !== null)).toHaveLength(2);
      const held = state.log.filter(({ event }) => event === "WAITING");
      expect(held.map(({ details }) => /rate limit|overloaded/.test(details))).toEqual([true]);
    } finally {
      await world.close();
    }
  });
});
