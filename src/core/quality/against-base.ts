/** A check that fails with somebody's work and failed without it: whose failures are these? Source: definition key `checks`. */
import type { CheckResult } from "../workflow/outcome.ts";
import { failuresText, MOST_LINES } from "./failures.ts";

/**
 * Compares failing results with those of the base. Where the check was red there too, `againstBase` says `same` (nothing fails that did
 * not fail before), `new` with the failures that are not the base's, or `unknown` where the outputs cannot be compared.
 */
export function comparedWithBase(
  results: readonly CheckResult[],
  base: readonly CheckResult[],
): readonly CheckResult[] {
  return results.map((result) => {
    const before = base.find((one) => one.name === result.name && !one.passed);
    return result.passed || before === undefined
      ? result
      : { ...result, redAtBase: true, ...compare(result, before) };
  });
}

/** True for a failure that is the work's own: nobody else's, or new beside the base's. */
export function isHeldAgainst(result: CheckResult): boolean {
  return !result.passed && (!result.redAtBase || result.againstBase === "new");
}

/** True for a check that says nothing about the work: it fails, and as far as can be seen only as it did before. */
export function givesNoVerdict(result: CheckResult): boolean {
  return !result.passed && !isHeldAgainst(result);
}

/** `npm test is red at base: 3 failures` */
export function redText({
  name,
  timedOut,
  failureCount,
}: Pick<CheckResult, "name" | "timedOut" | "failureCount">): string {
  const failures = timedOut ? "time limit" : failuresText(failureCount);
  return `${name} is red at base${failures === "" ? "" : `: ${failures}`}`;
}

/** `red at base too: 3 failures, none of them new`; empty for a result that needs no such words. */
export function againstBaseText(result: CheckResult): string {
  if (result.passed || !result.redAtBase) return "";
  const failures = failuresText(result.failureCount);
  switch (result.againstBase) {
    case "same":
      return `red at base too${failures === "" ? "" : `: ${failures}`}, none of them new`;
    case "new":
      return `red at base too, and ${failuresText(result.newFailures?.length ?? 0)} new`;
    default:
      return "red at base too, and the outputs cannot be compared";
  }
}

type Comparison = Pick<CheckResult, "againstBase" | "newFailures">;

function compare(now: CheckResult, before: CheckResult): Comparison {
  const known = before.failures ?? [];
  const found = now.failures ?? [];
  if (now.timedOut !== before.timedOut) return { againstBase: "unknown" };
  if (known.length === 0 && found.length === 0)
    return { againstBase: now.tail !== "" && now.tail === before.tail ? "same" : "unknown" };
  if (known.length === 0 || found.length === 0) return { againstBase: "unknown" };
  const added = found.filter((line) => !known.includes(line));
  if (added.length === 0) return { againstBase: "same" };
  // A list that was cut may hide the line on the other side.
  return known.length >= MOST_LINES ? { againstBase: "unknown" } : { againstBase: "new", newFailures: added };
}
