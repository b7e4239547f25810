/** Small workflows of every kind, from a seed: code tasks, pipelines with barriers, phases with checkpoints. */
import type {
  Definition,
  RunOverrides,
  SlotDefinition,
  StageDefinition,
} from "../../../src/core/definition.ts";
import { derivePlan } from "../../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { CommitId } from "../../../src/core/vocabulary.ts";
import {
  aBarrier,
  aDefinition,
  aPhase,
  aPlanContext,
  aSlot,
  LOOPS,
  resolveRun,
  SETTINGS,
} from "../../builders/definitions.ts";
import type { Dice } from "../world/dice.ts";

export const WORKFLOW = "sim-20260220-001";

/** The kinds of workflows; `tasks` is what `dispatch` makes. */
export type PlanKind = "tasks" | "pipelines" | "phases";

/** A plan that starts from `base`. Throws with the planner's words where a generated definition cannot be planned. */
export function planFor(dice: Dice, base: CommitId): Plan {
  const kind = dice.pick<PlanKind>("kind", ["tasks", "pipelines", "phases"]);
  const definition = { tasks, pipelines, phases }[kind](dice);
  const running = runningOf(dice);
  const context = aPlanContext({
    id: WORKFLOW,
    base: { branch: "main", commit: base, target: "main" },
    resolveRun: (...layers) => resolveRun(running, ...layers),
  });
  const { plan, notices } = derivePlan(definition, context);
  if (plan === null) throw new Error(notices.map(({ message }) => message).join("; "));
  return plan;
}

/** How things run: places, retries, limits of money and sessions, size of panels. */
function runningOf(dice: Dice): RunOverrides {
  const usd = dice.chance("money", 0.4) ? dice.pick("usd", [1, 2, 4]) : null;
  const sessions = dice.chance("sessions", 0.15) ? dice.int("sessions.most", 3, 20) : null;
  const samples = dice.pick("samples", [1, 1, 2, 3]);
  return {
    limits: {
      ...SETTINGS.limits,
      parallel: dice.int("parallel", 1, 4),
      retries: dice.int("retries", 0, 2),
      usd,
      sessions,
    },
    judge: { samples, maxSamples: samples + dice.int("samples.more", 0, 4) },
    critic: { mode: dice.chance("critics apart", 0.1) ? "separate" : "combined" },
  };
}

function checksOf(dice: Dice, probability: number): RunOverrides {
  if (!dice.chance("checks", probability)) return {};
  return { checks: [{ name: "test", run: "npm test", timeoutMs: 600_000 }] };
}

/** Code work without a judge: commits that pass by their checks, or are accepted by a person. */
function tasks(dice: Dice): Definition {
  const names = ["login", "export", "dates", "menu"].slice(0, dice.int("tasks", 1, 4));
  const slots = names.map((id, index) =>
    aSlot({
      id,
      brief: [`Fix ${id}`],
      ...(index > 0 && dice.chance(`after.${id}`, 0.25) ? { after: [names[index - 1] ?? ""] } : {}),
      ...(dice.chance(`limit.${id}`, 0.1) ? { limits: { usd: 0.5 } } : {}),
    }),
  );
  const per = dice.chance("per slot", 0.4) ? ("slot" as const) : ("workflow" as const);
  return aDefinition({
    name: "Tasks",
    slug: "sim",
    ...checksOf(dice, 0.7),
    stages: [aPhase("Fix", slots)],
    finish: { ...finishOf(dice), per, ...(per === "slot" ? { documents: "drop" as const } : {}) },
    merge: {
      warn: "none",
      batch: dice.pick("batch", [1, 1, 2, 4]),
      returns: dice.pick("returns", ["none", "checks", "all", "all"]),
      files: dice.chance("rules", 0.8) ? [{ match: ["CHANGELOG.md"], resolve: "union" }] : [],
    },
  });
}

/** Two pipelines that hand over to each other, as in the cross-pollinated workflow. */
function pipelines(dice: Dice): Definition {
  const slot = (pipeline: string, role: string, makes: string): SlotDefinition =>
    aSlot({ in: pipeline, role: [role], makes, brief: [`${makes} of ${pipeline}`] });
  const both = dice.chance("both ways", 0.5);
  const stages: readonly StageDefinition[] = [
    aPhase("Research", [slot("a", "ps-researcher", "research"), slot("b", "ps-researcher", "research")], {
      exit: dice.chance("exit", 0.3) ? ["Sources are named"] : [],
      ...(dice.chance("phase money", 0.15) ? { limits: { usd: 1 } } : {}),
    }),
    aBarrier("Cross-Pollination", [
      { from: "a", to: "b", text: "What was found" },
      ...(both ? [{ from: "b", to: "a", text: "What holds it back" }] : []),
    ]),
    aPhase("Analysis", [slot("b", "ps-analyst", "analysis")]),
  ];
  return aDefinition({
    name: "Pipelines",
    slug: "sim",
    criticality: dice.pick("criticality", ["C1", "C2"]),
    loop: dice.pick("loop", [LOOPS.standard, LOOPS.standard, LOOPS.h14]),
    pipelines: [
      { key: "a", title: "First", skill: "problem-solving" },
      { key: "b", title: "Second", skill: "problem-solving" },
    ],
    stages: stages.slice(0, dice.pick("stages", [2, 3])),
    finish: finishOf(dice),
  });
}

/** One phase after the other with critics and checkpoints that wait for a person, as in the sequential workflow. */
function phases(dice: Dice): Definition {
  const names = ["Research", "Design", "Build"].slice(0, dice.int("phases", 1, 3));
  const makes = ["research", "analysis", "commit"];
  const roles = ["ps-researcher", "ps-analyst", "main-context"];
  const stages = names.map((name, index) => {
    const one = (extra: Partial<SlotDefinition>): SlotDefinition =>
      aSlot({ role: [roles[index] ?? ""], makes: makes[index] ?? "commit", brief: [name], ...extra });
    const two = dice.chance(`two.${name}`, 0.35);
    return aPhase(name, two ? [one({}), one({ title: `${name} again` })] : [one({})], {
      ...(dice.chance(`checkpoint.${name}`, 0.5) ? { checkpoint: `A person looks at ${name}` } : {}),
      conditions: dice.chance(`condition.${name}`, 0.15) ? ["reviewed"] : [],
      sequential: dice.chance(`sequential.${name}`, 0.2),
    });
  });
  return aDefinition({
    name: "Phases",
    slug: "sim",
    criticality: dice.pick("criticality", ["C1", "C2"]),
    loop: dice.pick("loop", [LOOPS.standard, LOOPS.disc002, LOOPS.none]),
    reviewPlan: dice.chance("review plan", 0.4),
    ...checksOf(dice, 0.4),
    stages,
    finish: finishOf(dice),
  });
}

function finishOf(dice: Dice): Definition["finish"] {
  return {
    approve: dice.chance("approve the end", 0.3),
    synthesis: dice.chance("synthesis", 0.1),
    merge: "none",
    per: "workflow",
    documents: "keep",
    next: [],
  };
}
