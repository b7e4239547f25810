/** One pass creator, critic, score on one deliverable: what was found, scored and decided. Source: domain §4, §9.4. */
import type {
  Band,
  CommitId,
  CriticPattern,
  FindingType,
  Instant,
  Severity,
  StrategyId,
  Verdict,
} from "../vocabulary.ts";
import type { CheckResult } from "./outcome.ts";

export interface Finding {
  /** `F-<round>-<n>` within the deliverable. */
  readonly id: string;
  readonly type: FindingType;
  readonly severity: Severity;
  /** Who reported it: `check:<name>`, `integrity`, `critic:<role>`, `judge:<role>`, `person:<name>`. */
  readonly source: string;
  readonly section: string;
  readonly evidence: string;
  readonly action: string;
  readonly strategy?: StrategyId;
  readonly resolved: boolean;
}

/** One answer of one reviewer. Invalid samples keep the reason and count for nothing (design §7). */
export interface JudgeSample {
  readonly reviewer: string;
  readonly sample: number;
  readonly effectId: string;
  readonly at: Instant;
  readonly valid: boolean;
  readonly invalidReason?: string;
  /** Dimension key to score in [0,1]. */
  readonly scores: Readonly<Record<string, number>>;
  readonly evidence: Readonly<Record<string, string>>;
  readonly composite: number | null;
  readonly criteria: readonly CriterionVerdict[];
  readonly findings: readonly Finding[];
}

export interface CriterionVerdict {
  readonly criterion: string;
  readonly verdict: "met" | "unmet" | "not_applicable";
  readonly evidence: string;
}

/** What a panel of samples of one reviewer says. */
export interface PanelResult {
  readonly reviewer: string;
  /** Weighted composite of the per-dimension medians. */
  readonly composite: number;
  readonly dimensions: Readonly<Record<string, number>>;
  /** Highest minus lowest composite of the valid samples. */
  readonly spread: number;
  readonly samples: number;
  readonly passing: number;
}

export interface Round {
  /** 1-based within its attempt. */
  readonly round: number;
  readonly attempt: number;
  readonly epoch: number;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  /** Commit under review. */
  readonly commit?: CommitId;
  /** `<path>` at that commit, or the commit itself for `makes: commit`. */
  readonly artifact?: string;
  readonly creatorSession?: string;
  /** What the creator says it changed, one line. */
  readonly revision?: string;
  /** Lines that its creator says it left out of a join, each with its reason. */
  readonly leftOut?: readonly string[];
  /** Creator's own S-010 record. */
  readonly selfReview?: boolean;
  readonly patternsUsed: readonly CriticPattern[];
  readonly strategiesUsed: readonly StrategyId[];
  readonly checks?: readonly CheckResult[];
  /** Parts of the critique that were accepted, 1-based; one for a combined critique. */
  readonly critiques?: readonly number[];
  /** Files whose change needs a person whatever the score. */
  readonly protectedFiles?: readonly string[];
  /** Why, one for each of them: `skips a test: test/a.test.ts:12`. */
  readonly protectedReasons?: readonly string[];
  readonly findings: readonly Finding[];
  readonly samples: readonly JudgeSample[];
  readonly panels: readonly PanelResult[];
  /** Lowest reviewer's composite, the one that decides; null where nothing was judged. */
  readonly score?: number | null;
  /** Mean over reviewers, for display. */
  readonly displayScore?: number | null;
  readonly band?: Band | null;
  readonly verdict?: Verdict;
  readonly reason?: string;
}
