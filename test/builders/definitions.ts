/** Definitions as values, as the parser would hand them over. Smallest valid ones first, the two documented workflows last. */
import type {
  BarrierDefinition,
  Definition,
  DirectionDefinition,
  Loop,
  PhaseDefinition,
  RunOverrides,
  RunSettings,
  SlotDefinition,
} from "../../src/core/definition.ts";
import { DEFAULT_LAYOUT, type PlanContext } from "../../src/core/plan/context.ts";
import { DEFAULT_ESCALATION_RULES } from "../../src/core/quality/criticality.ts";
import { SIX_DIMENSIONS } from "../../src/core/quality/rubric.ts";

export const LOOPS = {
  standard: { profile: "standard", min: 1, max: 3, findings: 0 },
  h14: { profile: "h14", min: 3, max: 3, findings: 0 },
  disc002: { profile: "disc-002", min: 1, max: 3, findings: 3, critic: "ps-critic" },
  none: { profile: "none", min: 1, max: 1, findings: 0 },
} as const satisfies Record<string, Loop>;

export const SETTINGS: RunSettings = {
  use: "simulated",
  limits: {
    parallel: 3,
    timeoutMs: 3_600_000,
    idleMs: 900_000,
    turns: 200,
    retries: 2,
    usd: 10,
    sessions: null,
  },
  inherit: ["instructions"],
  env: { pass: [], set: {} },
  writes: [],
  protect: [],
  checks: [],
  judge: { samples: 3, maxSamples: 7 },
  critic: { mode: "combined" },
  provision: { copy: [], link: [], run: [], timeoutMs: 600_000 },
  constitution: ["CLAUDE.md"],
};

/** Layering in small: the narrower key wins, nested maps are merged. */
export function resolveRun(...layers: readonly RunOverrides[]): RunSettings {
  let settings = SETTINGS;
  for (const layer of layers) settings = layered(settings, layer);
  return settings;
}

function layered(settings: RunSettings, layer: RunOverrides): RunSettings {
  return {
    ...settings,
    ...layer,
    limits: { ...settings.limits, ...layer.limits },
    env: { ...settings.env, ...layer.env },
    judge: { ...settings.judge, ...layer.judge },
    critic: { ...settings.critic, ...layer.critic },
    provision: { ...settings.provision, ...layer.provision },
  };
}

export function aPlanContext(changes: Partial<PlanContext> = {}): PlanContext {
  return {
    id: "demo-20260220-001",
    idSource: "auto",
    createdAt: "2026-02-20T10:00:00Z",
    project: "shop",
    base: { branch: "main", commit: "1f0e5c0a1b2c3d4e5f60718293a4b5c6d7e8f901", target: "main" },
    layout: DEFAULT_LAYOUT,
    roles: {},
    escalationRules: DEFAULT_ESCALATION_RULES,
    resolveRun,
    ...changes,
  };
}

export function aDefinition(changes: Partial<Definition> = {}): Definition {
  return {
    name: "Demo",
    slug: "demo",
    criticality: "C1",
    loop: LOOPS.standard,
    rubric: SIX_DIMENSIONS,
    reviewPlan: false,
    reviewPhases: false,
    firstPhase: 1,
    pipelines: [],
    stages: [aPhase("Build", [aSlot({ brief: ["Do it"] })])],
    finish: { approve: false, synthesis: false, merge: "none", per: "workflow", documents: "keep", next: [] },
    risks: [],
    levels: [],
    facts: [],
    roles: {},
    escalate: { auto: false },
    inputs: {},
    maxBarrierRetries: 2,
    checkpointFrequency: "PHASE",
    ...changes,
  };
}

export function aSlot(changes: Partial<SlotDefinition> = {}): SlotDefinition {
  return {
    role: [],
    brief: [],
    reads: [],
    critics: [],
    after: [],
    touches: [],
    allow: [],
    position: { line: 1, column: 1 },
    ...changes,
  };
}

export function aPhase(
  name: string,
  slots: readonly SlotDefinition[],
  changes: Partial<PhaseDefinition> = {},
): PhaseDefinition {
  return {
    kind: "phase",
    name,
    slots,
    exit: [],
    conditions: [],
    deliverables: [],
    sequential: false,
    position: { line: 1, column: 1 },
    ...changes,
  };
}

export function aBarrier(
  name: string,
  directions: readonly DirectionDefinition[] = [],
  changes: Partial<BarrierDefinition> = {},
): BarrierDefinition {
  return { kind: "barrier", name, directions, position: { line: 1, column: 1 }, ...changes };
}

/** The cross-pollinated workflow with two spikes and a joining decision. */
export function multiInstance(changes: Partial<Definition> = {}): Definition {
  const slot = (
    pipeline: string,
    role: string,
    makes: string,
    brief: string,
    reads: readonly string[] = [],
  ) => aSlot({ in: pipeline, role: [role], makes, brief: [brief], reads });
  return aDefinition({
    name: "PROJ-006 Multi-Instance Strategy Assessment",
    slug: "multi-instance",
    project: "PROJ-006-multi-instance",
    goal: "Choose how the coordinator runs many coding-agent sessions.",
    criticality: "C2",
    loop: LOOPS.h14,
    limits: { parallel: 2 },
    pipelines: [
      {
        key: "a",
        alias: "spike-001",
        title: "SPIKE-001: SDK vs CLI Instance Comparison",
        skill: "problem-solving",
      },
      {
        key: "b",
        alias: "spike-002",
        title: "SPIKE-002: Worktree & Session Lifecycle",
        skill: "problem-solving",
      },
      { key: "c", alias: "convergent", title: "Decision Synthesis", skill: "problem-solving" },
    ],
    stages: [
      aPhase(
        "Research",
        [
          slot("a", "ps-researcher", "research", "SDK surface and CLI automation audit", [
            "PLAN.md",
            "SPIKE-001",
          ]),
          slot("b", "ps-researcher", "research", "Worktree API and provisioning audit", [
            "PLAN.md",
            "SPIKE-002",
          ]),
        ],
        { exit: ["SDK API surface documented", "Manual worktree workflow documented"] },
      ),
      aBarrier("Phase 1 Cross-Pollination", [
        { from: "a", to: "b", text: "Approach options with capabilities and limits" },
        { from: "b", to: "a", text: "Worktree constraints and provisioning needs" },
      ]),
      aPhase("Analysis", [
        slot("a", "ps-analyst", "analysis", "Eight-dimension trade-off scoring"),
        slot("b", "ps-analyst", "analysis", "Session lifecycle design for both approaches"),
      ]),
      aBarrier("Phase 2 Cross-Pollination", [
        { from: "a", to: "b", text: "Scored matrix and weighted recommendation" },
        { from: "b", to: "a", text: "Lifecycle feasibility per approach" },
      ]),
      aPhase("Decision", [slot("c", "ps-architect", "adr", "Go/no-go ADR from both pipelines")]),
    ],
    finish: {
      approve: true,
      synthesis: false,
      merge: "none",
      per: "workflow",
      documents: "keep",
      next: ["Begin FEAT-001"],
    },
    risks: [
      { risk: "SDK surface insufficient", likelihood: "M", impact: "H", mitigation: "CLI fallback adapter" },
    ],
    ...changes,
  });
}

export const MULTI_INSTANCE_CONTEXT = aPlanContext({ id: "multi-instance-20260220-001" });

/** The sequential workflow with user checkpoints and critic patterns; TASK-005 accepts that its validator also makes it. */
export function en108(changes: Partial<Definition> = {}, task005: Partial<SlotDefinition> = {}): Definition {
  return aDefinition({
    name: "EN-108 Version Bumping Strategy",
    slug: "en108-vbump",
    project: "PROJ-001-oss-release",
    parent: "EN-108",
    goal: "One source of truth for the version and an automated, validated bump process.",
    criticality: "C2",
    loop: LOOPS.disc002,
    reviewPlan: true,
    reviewPhases: true,
    firstPhase: 0,
    pipelines: [
      {
        key: "ps",
        skill: "problem-solving",
        purpose: "Research, analysis, design, implementation, adversarial review",
      },
      { key: "nse", skill: "nasa-systems-engineering", purpose: "Requirements, verification, compliance" },
    ],
    stages: [
      aPhase(
        "Research",
        [
          aSlot({
            task: "TASK-001",
            title: "Research Tools",
            role: ["ps-researcher"],
            makes: "research/research-version-bumping-tools.md",
            critics: ["red-team", "devils-advocate", "steelman"],
            validator: "ps-validator",
          }),
          aSlot({
            task: "TASK-002",
            title: "Analyze Versions",
            role: ["ps-analyst"],
            makes: "research/analysis-version-locations.md",
            critics: ["blue-team", "strawman", "steelman"],
            validator: "ps-validator",
          }),
        ],
        { checkpoint: "User reviews research findings and analysis" },
      ),
      aPhase(
        "Design",
        [
          aSlot({
            task: "TASK-003",
            title: "Design Process",
            role: ["ps-architect"],
            crossCheck: "nse-requirements",
            makes: "design/design-version-bumping-process.md",
            critics: ["red-team", "blue-team", "devils-advocate"],
            validator: "nse-verification",
          }),
        ],
        {
          conditions: ["requirements compliance verified"],
          deliverables: ["Commit convention", "Trigger mechanism"],
          checkpoint: "User approves design before implementation",
        },
      ),
      aPhase(
        "Implementation",
        [
          aSlot({
            task: "TASK-004",
            title: "Implement",
            role: ["main-context"],
            makes: "commit",
            critics: ["red-team", "steelman"],
            validator: "ps-validator",
          }),
        ],
        { conditions: ["code review passed"], checkpoint: "User reviews code changes before validation" },
      ),
      aPhase(
        "Validation",
        [
          aSlot({
            task: "TASK-005",
            title: "Validate E2E",
            role: ["ps-validator", "nse-verification"],
            makes: "report",
            critics: ["blue-team", "devils-advocate"],
            validator: "nse-verification",
            allow: ["self-validation"],
            ...task005,
          }),
        ],
        { conditions: ["E2E validation passed"], checkpoint: "User confirms EN-108 complete" },
      ),
    ],
    ...changes,
  });
}

export const EN108_CONTEXT = aPlanContext({
  id: "en108-vbump-20260212-001",
  createdAt: "2026-02-12T00:00:00Z",
});

/** Ordinary code work: one phase, three commits, no judge. */
export function threeFixes(changes: Partial<Definition> = {}): Definition {
  return aDefinition({
    name: "Three fixes",
    slug: "three-fixes",
    checks: [{ name: "npm test", run: "npm test", timeoutMs: 600_000 }],
    stages: [
      aPhase("Fix", [
        aSlot({ id: "login", brief: ["Fix #41: the login form accepts an empty password"] }),
        aSlot({ id: "export", brief: ["Fix #57: CSV export drops the last row"] }),
        aSlot({ id: "dates", brief: ["Fix #63: dates are parsed in local time"] }),
      ]),
    ],
    ...changes,
  });
}

export const THREE_FIXES_CONTEXT = aPlanContext({ id: "three-fixes-20260220-001" });
