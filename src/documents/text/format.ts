/** Values as people read them. */
import { formatScore } from "../../core/quality/score.ts";
import { strategyName } from "../../core/quality/strategies.ts";
import type { GateView } from "../../core/view/gates.ts";
import type { Count } from "../../core/view/metrics.ts";
import type { Criticality, StrategyId } from "../../core/vocabulary.ts";

/** How a flavour prints what does not exist yet: `--` in A, `-` in B. */
export type Missing = "--" | "-";

const LEVELS: Readonly<Record<Criticality, string>> = {
  C1: "Routine",
  C2: "Standard",
  C3: "Significant",
  C4: "Critical",
};

/** `C3 (Significant)`. */
export function levelName(level: Criticality): string {
  return `${level} (${LEVELS[level]})`;
}

/** `S-014 (LLM-as-Judge)`. */
export function strategyText(id: StrategyId): string {
  return `${id} (${strategyName(id)})`;
}

/** `S-010 (Self-Refine), S-014 (LLM-as-Judge)`; the missing mark for none. */
export function strategyList(ids: readonly StrategyId[], missing: Missing): string {
  return ids.length === 0 ? missing : ids.map(strategyText).join(", ");
}

/** Score of a gate, or the reason why a finished one has none. */
export function scoreText(gate: GateView, missing: Missing): string {
  const waived =
    gate.waivedBy === null ? "" : `${gate.unverified ? "accepted unverified" : "waived"} (${gate.waivedBy})`;
  if (gate.score !== null)
    return waived === "" ? formatScore(gate.score) : `${formatScore(gate.score)}, ${waived}`;
  if (waived !== "") return waived;
  if (gate.status === "SKIPPED") return "skipped";
  return !gate.judged && gate.status === "PASS" ? "not judged" : missing;
}

/** A score or the missing mark. */
export function maybeScore(score: number | null | undefined, missing: Missing): string {
  return score === null || score === undefined ? missing : formatScore(score);
}

/** `>= 0.92`. */
export function thresholdText(threshold: number): string {
  return `>= ${shortNumber(threshold)}`;
}

/** A share such as a weight or threshold: two decimals, more where they matter. */
export function shortNumber(value: number): string {
  const text = String(Math.round(value * 1e6) / 1e6);
  const decimals = text.split(".")[1] ?? "";
  return decimals.length >= 2 ? text : value.toFixed(2);
}

/** `1..3`, or `3` where both are the same. */
export function range(min: number, max: number): string {
  return min === max ? String(min) : `${min}..${max}`;
}

/** `83%`, the missing mark where there is nothing to count. */
export function percentText(value: number | null, missing: Missing): string {
  return value === null ? missing : `${value}%`;
}

/** `3/5`. */
export function countText(count: Count): string {
  return `${count.part}/${count.total}`;
}

/** A bar of `cells` cells, filled by the floor of the share. */
export function bar(part: number, total: number, cells: number, full: string, empty: string): string {
  const filled = total === 0 ? 0 : Math.floor((cells * part) / total);
  return full.repeat(filled) + empty.repeat(cells - filled);
}

/** `1 round`, `2 rounds`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `12.30 USD`, with `at least` where a session's cost is unknown. */
export function money(usd: number, incomplete: boolean): string {
  return `${incomplete ? "at least " : ""}${usd.toFixed(2)} USD`;
}

/** `1 h 05 min`, `12 min`, `40 s`. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** First ten digits of a commit. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 10);
}

/** `PHASE 1` from `phase-1`. */
export function stageLabel(id: string): string {
  return id.replace("-", " ").replace(/^./, (first) => first.toUpperCase());
}
