/** Findings of a round: numbered, ordered, made from checks and criteria, and what is still open. Source: domain §9.2, design §7. */
import type { Severity } from "../vocabulary.ts";
import type { CheckResult } from "../workflow/outcome.ts";
import type { CriterionVerdict, Finding, Round } from "../workflow/round.ts";
import { isHeldAgainst } from "./against-base.ts";
import type { RawFinding } from "./raw-finding.ts";

/** Heaviest first. */
const SEVERITIES: readonly Severity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/** Longest part of a check's output that is quoted in a finding. */
const TAIL = 1500;

/** Failures of a check that are named in a finding. */
const MOST_NAMED = 20;

/** A round as numbering needs it: its number and what it already has. */
export interface NumberedRound {
  readonly round: number;
  readonly findings: readonly Finding[];
}

/** Ids `F-<round>-<n>`, continuing after the highest number that the round already has; heaviest first. */
export function numberFindings(
  raw: readonly RawFinding[],
  round: NumberedRound | undefined,
  source: string,
): readonly Finding[] {
  const start = highestNumber(round?.findings ?? []);
  const id = (index: number): string => `F-${round?.round ?? 1}-${start + index + 1}`;
  return bySeverity(raw).map((finding, index) => ({ id: id(index), ...finding, source, resolved: false }));
}

/** Heaviest first; equal ones keep their order. */
export function bySeverity<T extends { readonly severity: Severity }>(findings: readonly T[]): readonly T[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/**
 * One entry for what several reviewers reported: same section and same action, whatever their case and spacing. The
 * heaviest is kept, in its own words and with its own id. The result is ordered heaviest first.
 */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of bySeverity(findings)) {
    const key = `${plain(finding.section)}\n${plain(finding.action)}`;
    if (!kept.has(key)) kept.set(key, finding);
  }
  return [...kept.values()];
}

/** Each failed check is a CRITICAL finding, unless it fails on the base in the same way (design §7). `round` is 1-based. */
export function checkFindings(results: readonly CheckResult[], round: number): readonly Finding[] {
  return results.filter(isHeldAgainst).map((result, index) => ({
    id: `F-${round}-${index + 1}`,
    type: "CONTRADICTION",
    severity: "CRITICAL",
    source: `check:${result.name}`,
    section: result.name,
    evidence: checkEvidence(result),
    action: checkAction(result),
    resolved: false,
  }));
}

/** Each criterion that is unmet, or judged without evidence, is a CRITICAL finding (definition: `exit`). */
export function criteriaFindings(
  criteria: readonly CriterionVerdict[],
  round: NumberedRound | undefined,
  source: string,
): readonly Finding[] {
  const raw = criteria.filter((c) => c.verdict === "unmet" || c.evidence === "").map(criterionFinding);
  return numberFindings(raw, round, source);
}

/**
 * Findings that still have to be answered, over all rounds of one attempt, oldest round first. Rule: a finding is resolved
 * when it is marked so, or when a later round was looked at again by whoever reported it: checks by checks, integrity by
 * a commit, a critic by any critique, a judge by a valid answer of the same reviewer. What that look repeats is a new finding
 * of the later round. A person's finding is resolved by the next decided round.
 */
export function openFindings(rounds: readonly Round[]): readonly Finding[] {
  return rounds.flatMap((round, index) => {
    const later = rounds.slice(index + 1);
    return round.findings.filter(
      (finding) => !finding.resolved && !later.some((next) => looksAgain(next, finding.source)),
    );
  });
}

function looksAgain(round: Round, source: string): boolean {
  const [kind = "", name = ""] = source.split(/:(.*)/s);
  if (kind === "check") return round.checks !== undefined;
  if (kind === "integrity") return round.commit !== undefined;
  if (kind === "critic")
    return round.strategiesUsed.length + round.patternsUsed.length > 0 || hasCritique(round);
  if (kind === "judge") return round.samples.some((sample) => sample.valid && sample.reviewer === name);
  return round.verdict !== undefined;
}

function hasCritique(round: Round): boolean {
  return round.findings.some((finding) => finding.source.startsWith("critic:"));
}

function checkAction({ name, newFailures }: CheckResult): string {
  return newFailures === undefined
    ? `Make the check \`${name}\` pass without weakening it.`
    : `Make what is new in the check \`${name}\` pass without weakening it; its other failures are not yours.`;
}

function checkEvidence(result: CheckResult): string {
  const { newFailures = [], failures = [] } = result;
  const named = newFailures.length > 0 ? newFailures : failures;
  const listed = named.slice(0, MOST_NAMED).map((line) => `- ${line}`);
  const more = named.length > MOST_NAMED ? [`and ${named.length - MOST_NAMED} more`] : [];
  const head =
    newFailures.length > 0
      ? "The check fails without this work too, but not with these:"
      : `The check ${endText(result)}${named.length > 0 ? " and names these:" : ""}`;
  const tail = endOf(result.tail.trim());
  if (listed.length === 0) return tail === "" ? `${head} and printed nothing.` : `${head}:\n${tail}`;
  return [head, ...listed, ...more, ...(tail === "" ? [] : ["The end of its output:", tail])].join("\n");
}

function endText({ timedOut, exitCode }: CheckResult): string {
  return timedOut ? "ran into its time limit" : `ended with exit code ${exitCode ?? "unknown"}`;
}

/** From the beginning of a line where the output is longer. */
function endOf(output: string): string {
  if (output.length <= TAIL) return output;
  const end = output.slice(-TAIL);
  const line = end.indexOf("\n") + 1;
  return line > 0 && line < TAIL / 2 ? end.slice(line) : end;
}

function criterionFinding(criterion: CriterionVerdict): RawFinding {
  const unmet = criterion.verdict === "unmet";
  return {
    type: unmet ? "CONTRADICTION" : "MISSING_EVIDENCE",
    severity: "CRITICAL",
    section: criterion.criterion,
    evidence: criterion.evidence === "" ? "No evidence was found for this criterion." : criterion.evidence,
    action: unmet
      ? `Meet the criterion: ${criterion.criterion}`
      : `Show how the criterion is met: ${criterion.criterion}`,
  };
}

function highestNumber(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map((finding) => Number(/-(\d+)$/.exec(finding.id)?.[1] ?? 0)));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function plain(text: string): string {
  return oneLine(text).toLowerCase();
}
