/**
 * What a person wrote, normalised: every spelling that the format accepts has become one shape here, but nothing is derived yet.
 * Produced by `config`, consumed by `plan`. Source: `definition.md` of the design.
 */
import type { FileRule } from "./conflicts/file-rules.ts";
import type { Criticality, CriticPattern, Dimension, StrategyId } from "./vocabulary.ts";

/** Where in a definition something stands, 1-based. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export type LoopName = "standard" | "h14" | "disc-002" | "none";

/** Rounds of a gate. `findings` = least number of findings per critique (0 = none asked). */
export interface Loop {
  readonly profile: LoopName | "custom";
  readonly min: number;
  readonly max: number;
  readonly findings: number;
  /** Role of the critic and of the scorer where the author fixed them. */
  readonly critic?: string;
  readonly scorer?: string;
  readonly threshold?: number;
}

export interface Check {
  readonly name: string;
  /** Shell command, run in the worktree with the minimal environment. */
  readonly run: string;
  /** Default 600000. */
  readonly timeoutMs: number;
}

export interface Limits {
  /** Agent processes of any kind at one time. */
  readonly parallel: number;
  /** Wall time of one session, awake time. */
  readonly timeoutMs: number;
  /** Silence of one session while no tool runs. */
  readonly idleMs: number;
  readonly turns: number;
  /** Session retries after the first attempt (domain §10). */
  readonly retries: number;
  /** Money at this level; `null` = the author wrote `none`. */
  readonly usd: number | null;
  /** Money of one session; absent or `null` = none but its share of the other limits. */
  readonly sessionUsd?: number | null;
  /** How many sessions may be started at this level; `null` = no cap. */
  readonly sessions: number | null;
  /** How long a question of a session waits for a person, awake time. Absent = 1 h: plans of earlier versions did not know it. */
  readonly answerMs?: number;
}

export interface JudgeSettings {
  readonly use?: string;
  readonly model?: string;
  readonly samples: number;
  readonly maxSamples: number;
}

export interface CriticSettings {
  readonly use?: string;
  readonly model?: string;
  readonly mode: "combined" | "separate";
}

/** What a fresh worktree gets before anybody works in it. */
export interface Provision {
  readonly copy: readonly string[];
  readonly link: readonly string[];
  readonly run: readonly string[];
  readonly timeoutMs: number;
  /**
   * Dependencies by lockfile: `auto` = wherever work or checks happen, `checks` = only where checks run (made by the planner
   * for slots that write a document), `none`. Absent = none: plans of earlier versions did not know it.
   */
  readonly dependencies?: "auto" | "checks" | "none";
  /** Ports of one worktree, 1 to 100. Absent = 10 where a text uses ports, else none; see `portCount`. */
  readonly ports?: number;
  /** True = an attempt may get a finished worktree of the workflow that is proven to be like a new one. Absent = false. */
  readonly reuse?: boolean;
}

export interface RoleSettings {
  /** Charter text (already read from its file, from the base commit). */
  readonly charter?: string;
  readonly use?: string;
  readonly model?: string;
  readonly tools?: readonly string[];
  readonly makes?: string;
}

/** One auto-escalation rule as data (domain §11). All given conditions of `when` must hold. */
export interface EscalationRule {
  readonly id: string;
  readonly when: {
    /** Globs over declared or changed paths; any match counts. */
    readonly paths?: readonly string[];
    /** Artifact type that triggers it, such as `adr`. */
    readonly makes?: string;
    /** Only ADRs whose status on the base is ACCEPTED or BASELINED. */
    readonly baselined?: boolean;
  };
  readonly to: Criticality;
}

/** Whether the system keeps agents inside their worktree. */
export type Sandbox = "none" | "bubblewrap";

/**
 * How things run, fully resolved (no optional layers left). Precedence is applied by `config`:
 * flag > environment > slot > phase > workflow > project > user > built-in.
 */
export interface RunSettings {
  /** Adapter: `claude`, `claude-cli`, `simulated`, `command:<name>`. */
  readonly use: string;
  readonly model?: string;
  readonly effort?: string;
  readonly limits: Limits;
  /** What agents take from the repository: `instructions` (default). */
  readonly inherit: readonly string[];
  readonly env: { readonly pass: readonly string[]; readonly set: Readonly<Record<string, string>> };
  /** Allow-list: `read`, `edit`, `shell`, `web` or exact tool names; undefined = the role's own. */
  readonly tools?: readonly string[];
  /** What becomes of a tool call that the rules do not allow: refused, or asked. Absent = `deny`. */
  readonly permissions?: "ask" | "deny";
  /** Absent = none. */
  readonly sandbox?: Sandbox;
  /** Files and folders that a confined agent may write beside its worktree: absolute, or with `~/`. */
  readonly sandboxWritable?: readonly string[];
  /** Globs a slot may change beside its own folder. */
  readonly writes: readonly string[];
  /** Globs whose change needs a person whatever the score. */
  readonly protect: readonly string[];
  /** Those of `protect` that nobody named: files that the checks run. */
  readonly checkScripts?: readonly string[];
  readonly checks: readonly Check[];
  readonly judge: JudgeSettings;
  readonly critic: CriticSettings;
  readonly provision: Provision;
  /** Files that S-007 checks against. */
  readonly constitution: readonly string[];
}

/** The same keys as an author writes them at one level; what is absent is inherited. */
export interface RunOverrides {
  readonly use?: string;
  readonly model?: string;
  readonly effort?: string;
  readonly limits?: Partial<Limits>;
  readonly inherit?: readonly string[];
  readonly env?: { readonly pass?: readonly string[]; readonly set?: Readonly<Record<string, string>> };
  readonly tools?: readonly string[];
  readonly permissions?: "ask" | "deny";
  readonly sandbox?: Sandbox;
  readonly writes?: readonly string[];
  readonly protect?: readonly string[];
  readonly checks?: readonly Check[];
  readonly judge?: Partial<JudgeSettings>;
  readonly critic?: Partial<CriticSettings>;
  readonly provision?: Partial<Provision>;
  readonly constitution?: readonly string[];
}

export interface PipelineDefinition {
  readonly key: string;
  readonly alias?: string;
  readonly title?: string;
  readonly skill?: string;
  readonly purpose?: string;
}

export interface SlotDefinition extends RunOverrides {
  readonly id?: string;
  readonly in?: string;
  /** One role, or a pair. Empty = default (`coder` for `makes: commit`). */
  readonly role: readonly string[];
  /** Artifact type, path relative to the workflow folder, or `commit`; undefined = default. */
  readonly makes?: string;
  /** One paragraph, or the scope bullets. `brief_file` has been read already. */
  readonly brief: readonly string[];
  readonly reads: readonly string[];
  readonly task?: string;
  readonly title?: string;
  readonly critics: readonly CriticPattern[];
  readonly validator?: string;
  readonly crossCheck?: string;
  /** Ids, tasks or titles of slots of the same phase that must be merged first. */
  readonly after: readonly string[];
  /** Of what waits for its merge the higher goes first; default 0. */
  readonly priority?: number;
  /** Declared paths, feed the AE rules. */
  readonly touches: readonly string[];
  readonly criticality?: Criticality;
  /** Lints the author accepted by name, such as `self-validation`. */
  readonly allow: readonly string[];
  readonly loop?: Loop;
  readonly position: SourcePosition;
}

export interface PhaseDefinition extends RunOverrides {
  readonly kind: "phase";
  readonly name: string;
  readonly slots: readonly SlotDefinition[];
  readonly exit: readonly string[];
  /** Extra named pass conditions of the phase gate. */
  readonly conditions: readonly string[];
  readonly deliverables: readonly string[];
  /** Text of the user checkpoint after the phase. */
  readonly checkpoint?: string;
  readonly criticality?: Criticality;
  readonly sequential: boolean;
  readonly loop?: Loop;
  readonly position: SourcePosition;
}

export interface DirectionDefinition {
  /** Pipeline keys. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export interface BarrierDefinition extends RunOverrides {
  readonly kind: "barrier";
  readonly name: string;
  /** Empty = every ordered pair of the pipelines of the phase before. */
  readonly directions: readonly DirectionDefinition[];
  readonly strategies?: readonly StrategyId[];
  readonly threshold?: number;
  readonly criticality?: Criticality;
  readonly loop?: Loop;
  readonly position: SourcePosition;
}

export type StageDefinition = PhaseDefinition | BarrierDefinition;

export interface Risk {
  readonly risk: string;
  readonly likelihood: "L" | "M" | "H";
  readonly impact: "L" | "M" | "H";
  readonly mitigation: string;
}

export interface FinishDefinition {
  /** A person approves the end. */
  readonly approve: boolean;
  readonly synthesis: boolean;
  readonly merge: "none" | "ff" | "merge" | "squash" | "pr";
  readonly per: "workflow" | "slot";
  readonly documents: "keep" | "drop";
  readonly next: readonly string[];
}

/** What happens before and while work is merged. */
export interface MergePolicy {
  /** Who hears of a conflict that is seen coming: `sessions` = the agents concerned too; `none` = nobody looks. */
  readonly warn: "person" | "sessions" | "none";
  /** How many approved commits are tried together; default 1. */
  readonly batch?: number;
  /** Who resolves which file in conflict; the first entry that matches counts. Absent = only what is built in. */
  readonly files?: readonly FileRule[];
  /**
   * What goes back to its creator once before a person is asked: work whose candidate fails its checks, or also work that
   * conflicts (`all`), which then needs a person's approval. Default `none` in plans that do not say it.
   */
  readonly returns?: "none" | "checks" | "all";
}

export interface Definition extends RunOverrides {
  readonly name: string;
  readonly slug: string;
  /** Fixed workflow id, when the author gave one. */
  readonly id?: string;
  readonly project?: string;
  readonly goal?: string;
  readonly parent?: string;
  /** Default C1. */
  readonly criticality: Criticality;
  readonly loop: Loop;
  readonly rubric: readonly Dimension[];
  readonly reviewPlan: boolean;
  readonly reviewPhases: boolean;
  readonly firstPhase: number;
  readonly pipelines: readonly PipelineDefinition[];
  readonly stages: readonly StageDefinition[];
  readonly finish: FinishDefinition;
  readonly merge?: MergePolicy;
  readonly risks: readonly Risk[];
  /** Output levels: L0, L1, L2 texts for the plan document. */
  readonly levels: readonly { readonly level: string; readonly audience: string; readonly content: string }[];
  /** Domain boxes of the tracker: title plus rows of cells. */
  readonly facts: readonly { readonly title: string; readonly rows: readonly (readonly string[])[] }[];
  readonly priorArt?: string;
  /** What to do where the base is behind its upstream; default what the configuration says. */
  readonly behind?: "warn" | "refuse" | "ignore";
  readonly base?: string;
  readonly target?: string;
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly escalate: { readonly rules?: readonly EscalationRule[]; readonly auto: boolean };
  /** Resolved input parameters, for the record. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  readonly maxBarrierRetries: number;
  readonly checkpointFrequency: "AGENT" | "PHASE" | "BARRIER";
}
