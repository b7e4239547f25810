/**
 * Everything that is derived from a definition before anything starts. The plan is journalled whole with the
 * creation of the workflow, so that a later version of the planner cannot change a running workflow.
 */
import type {
  Check,
  EscalationRule,
  FinishDefinition,
  Loop,
  MergePolicy,
  Risk,
  RoleSettings,
  RunSettings,
  SourcePosition,
} from "../definition.ts";
import type {
  CheckpointTrigger,
  CommitId,
  Criticality,
  CriticPattern,
  Dimension,
  ExecutionMode,
  Instant,
  StrategyId,
  WorkflowPattern,
} from "../vocabulary.ts";

export interface Plan {
  readonly version: 1;
  readonly workflow: {
    readonly id: string;
    readonly idSource: "auto" | "user";
    readonly name: string;
    readonly slug: string;
    /** Project id, such as `PROJ-006-multi-instance`. */
    readonly project: string;
    /** Prefix of document ids: parent entity id, else the short project id (`PROJ-006`). */
    readonly documentPrefix: string;
    readonly parent?: string;
    readonly goal: string;
    readonly criticality: Criticality;
    readonly patterns: readonly WorkflowPattern[];
    readonly createdAt: Instant;
    readonly priorArt?: string;
    readonly next: readonly string[];
  };
  readonly base: PlannedBase;
  readonly layout: Layout;
  /** `A` = cross-pollinated, `B` = sequential with user checkpoints. Only section order and heading style of documents. */
  readonly flavour: "A" | "B";
  readonly loop: Loop;
  readonly threshold: number;
  readonly rubric: readonly Dimension[];
  readonly settings: RunSettings;
  readonly pipelines: readonly PlannedPipeline[];
  /** In execution order. */
  readonly stages: readonly PlannedStage[];
  /** Slots, handoffs and the synthesis, in merge order. */
  readonly deliverables: readonly PlannedDeliverable[];
  readonly checkpoints: readonly PlannedCheckpoint[];
  readonly groups: readonly PlannedGroup[];
  readonly reviewPlan: boolean;
  /** A rise of criticality above what the author wrote asks a person unless this is true. */
  readonly escalateAuto: boolean;
  readonly escalationRules: readonly EscalationRule[];
  readonly finish: FinishDefinition;
  /** Absent in plans of older versions: `person`. */
  readonly merge?: MergePolicy;
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly risks: readonly Risk[];
  readonly levels: readonly { readonly level: string; readonly audience: string; readonly content: string }[];
  readonly facts: readonly { readonly title: string; readonly rows: readonly (readonly string[])[] }[];
  readonly constraints: {
    readonly maxAgentNesting: 1;
    readonly maxConcurrentAgents: number;
    readonly maxBarrierRetries: number;
    readonly checkpointFrequency: "AGENT" | "PHASE" | "BARRIER";
  };
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  readonly notices: readonly Notice[];
  readonly totals: {
    readonly phases: number;
    readonly barriers: number;
    readonly agents: number;
    readonly artifacts: number;
    readonly checkpoints: number;
  };
  readonly forecast: Forecast;
}

export interface PlannedBase {
  readonly branch: string | null;
  readonly commit: CommitId;
  readonly target: string | null;
  /** What the branch follows elsewhere, as last fetched before the start; absent where that is not known. */
  readonly upstream?: Upstream;
}

/** A branch on a remote, and how far a commit is from it. */
export interface Upstream {
  /** `origin/main`. */
  readonly name: string;
  readonly commit: CommitId;
  /** Commits there that are not in the base. */
  readonly behind: number;
  /** Commits in the base that are not there. */
  readonly ahead: number;
  /** When anything was last fetched here; absent where nothing ever was. */
  readonly fetchedAt?: Instant;
}

/** Repository-relative, `/` separators, folders end in `/`. */
export interface Layout {
  /** `orchestration/<id>/` */
  readonly folder: string;
  readonly stateFile: string;
  readonly planFile: string;
  readonly trackerFile: string;
  /** `signalbox/<id>` : integration branch is `<prefix>/main`. */
  readonly branchPrefix: string;
  /** Folder beside the repository for worktrees, as template `../{repo}-wt`. */
  readonly worktrees: string;
}

export interface PlannedPipeline {
  /** Key as written, such as `a` or `ps`. */
  readonly key: string;
  /** Letter in generated slot ids. */
  readonly letter: string;
  /** `pipeline-a`; `convergent` for a pipeline whose only job is to join. */
  readonly id: string;
  readonly alias: string;
  readonly title: string;
  readonly skill: string | null;
  readonly purpose?: string;
  readonly convergent: boolean;
}

export type PlannedStage = PlannedPhase | PlannedBarrier;

export interface PlannedPhase {
  readonly kind: "phase";
  /** Money of all its sessions together, as its author limited it; absent = only the workflow's limit. */
  readonly usd?: number;
  readonly index: number;
  /** `phase-1`. */
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** `phase-1-research` */
  readonly pathId: string;
  readonly mode: ExecutionMode;
  readonly criticality: Criticality;
  /** Ids of deliverables, plan order. */
  readonly slots: readonly string[];
  readonly exit: readonly string[];
  readonly conditions: readonly string[];
  readonly deliverables: readonly string[];
  /** `QG-1` where phases are reviewed (flavour B), else `phase-1`. */
  readonly gateId: string;
  /** Recovery or user checkpoint that follows. */
  readonly checkpoint: string | null;
}

export interface PlannedBarrier {
  readonly kind: "barrier";
  /** Money of all its sessions together, as its author limited it; absent = only the workflow's limit. */
  readonly usd?: number;
  readonly index: number;
  /** `barrier-1`. */
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly criticality: Criticality;
  /** Ids of handoff deliverables. */
  readonly handoffs: readonly string[];
  readonly dependsOn: readonly string[];
  readonly checkpoint: string | null;
}

export interface PlannedDeliverable {
  /** `agent-a-001`, `task-001`, `barrier-1.a-to-b`, `synthesis`. */
  readonly id: string;
  readonly kind: "slot" | "handoff" | "synthesis";
  /** Index of its stage; the synthesis has `stages.length`. */
  readonly stage: number;
  readonly pipeline: string | null;
  readonly title: string;
  readonly role: string;
  /** Second role of a pair. */
  readonly partner?: string;
  readonly task?: string;
  readonly brief: readonly string[];
  readonly makes:
    | { readonly kind: "file"; readonly type: string; readonly path: string }
    | { readonly kind: "commit" };
  /** Folder the session owns; only this and `settings.writes` may change. */
  readonly folder: string;
  /** Paths of earlier artifacts and handoffs plus declared reads. */
  readonly inputs: readonly string[];
  /** Ids of deliverables of the same stage that must be merged first; earlier stages are complete anyway. */
  readonly after: readonly string[];
  /** Of what waits for its merge the higher goes first; default 0. */
  readonly priority?: number;
  readonly touches: readonly string[];
  readonly criticality: PlannedCriticality;
  readonly gate: PlannedGate;
  readonly settings: RunSettings;
  /** A person makes it: role `user`. */
  readonly byPerson: boolean;
  readonly handoff?: PlannedHandoff;
  /** Work that a person had already: the first attempt is made of it. */
  readonly adopted?: Adoption;
}

/** Work of a person, taken as an attempt. */
export interface Adoption {
  readonly commit: CommitId;
  /** Where it left the history that it is to be merged into: what differs from it is the work. */
  readonly base: CommitId;
  /** Worktree or branch it came from, as the person named it. */
  readonly from: string;
  readonly by: string;
}

export interface PlannedHandoff {
  readonly barrier: string;
  /** Pipeline keys. */
  readonly from: string;
  readonly to: string;
  readonly fromAlias: string;
  readonly toAlias: string;
  /** `a_to_b` */
  readonly directionKey: string;
  readonly keyContent: string;
  /** Artifacts that it draws from. */
  readonly sources: readonly string[];
}

export interface PlannedCriticality {
  readonly declared: Criticality;
  readonly effective: Criticality;
  readonly escalations: readonly Escalated[];
}

/** An AE rule that raised a level. */
export interface Escalated {
  readonly rule: string;
  readonly condition: string;
  readonly from: Criticality;
  readonly to: Criticality;
}

export interface PlannedGate {
  /** `phase-1/spike-001`, `barrier-1/a_to_b`, `QG-1/task-003`, `synthesis`. */
  readonly id: string;
  readonly threshold: number;
  readonly rubric: readonly Dimension[];
  readonly loop: Loop;
  /** False at C1 without judge: integrity and checks only. */
  readonly judged: boolean;
  readonly strategies: PlannedStrategies;
  /** Critic patterns in the order in which they run. */
  readonly patterns: readonly CriticPattern[];
  readonly critic: string | null;
  /** Who scores: validators and cross-checks. Decision is by the lowest, display by the mean (domain §9.3). */
  readonly reviewers: readonly { readonly role: string; readonly kind: "validator" | "cross-check" }[];
  /** Exit criteria and named conditions of the phase, shown to the judge. */
  readonly criteria: readonly string[];
  readonly checks: readonly Check[];
}

export interface PlannedStrategies {
  readonly required: readonly StrategyId[];
  readonly implied: readonly { readonly id: StrategyId; readonly rule: string }[];
  readonly optional: readonly StrategyId[];
  /** Required by level but left out by the author, with the reason to print. */
  readonly leftOut: readonly StrategyId[];
  /** What runs, in order, S-014 last. */
  readonly order: readonly StrategyId[];
}

export interface PlannedCheckpoint {
  /** `CP-001` */
  readonly id: string;
  readonly trigger: CheckpointTrigger;
  /** Number of stages complete when it is made: recovery starts at `stages[position]`. A synthesis counts as a stage after the last one. */
  readonly position: number;
  /** `barrier-1-start`, `phase-2-start`, `workflow-complete`. */
  readonly recoveryPoint: string;
  readonly name: string;
  /** Text of the approval, when a person must approve. */
  readonly approval?: string;
  /** Deliverable after whose merge it is made (frequency AGENT); absent = after the stage, or at the end. */
  readonly subject?: string;
}

export interface PlannedGroup {
  /** 1-based; the priority column. */
  readonly order: number;
  /** `1` in flavour A, `phase-0-parallel`, `qg-0-review`, `checkpoint-001` in flavour B. */
  readonly id: string;
  readonly name: string;
  readonly kind: "phase" | "barrier" | "gate" | "checkpoint";
  readonly mode: ExecutionMode;
  readonly stage: number;
  readonly agents: readonly string[];
  readonly tasks: readonly string[];
  readonly checkpoint?: string;
}

export interface Notice {
  readonly level: "error" | "warning" | "info";
  /** `H-16`, `self-validation`, `AE-003`, `DISC-002`, ... */
  readonly code: string;
  readonly subject: string;
  readonly message: string;
  readonly position?: SourcePosition;
}

export interface Forecast {
  /** Agent runs: creators plus critics over all rounds, fewest and most. */
  readonly agentRuns: { readonly min: number; readonly max: number };
  readonly judgeCalls: { readonly min: number; readonly max: number };
  /** Deliverable ids on the longest chain. */
  readonly criticalPath: readonly string[];
}
