/**
 * What the output of a failing check names as failed, so that two runs can be compared: one on the base, one with somebody's work.
 * Reads the usual runners; what it does not understand it says nothing about, and then a person has to look.
 */

export interface Failures {
  /** One line per failure, without what changes from run to run; sorted, each once, at most `MOST_LINES`. */
  readonly lines: readonly string[];
  /** How many the runner says there are, else the number of lines; null where nothing is known. */
  readonly count: number | null;
}

/** More than this is cut, and then no longer compared. */
export const MOST_LINES = 100;
const LONGEST_LINE = 160;

/** Lines of test runners that name one failed test; the first group is its name. */
const NAMED: readonly RegExp[] = [
  /^not ok \d+ (?:- )?(.+)$/, // TAP
  /^[✖✗✘×✕]\s+(?!failing tests:)(.+)$/u, // node, vitest, jest
  /^FAIL:?\s+(.+)$/, // vitest, jest, go, unittest
  /^--- FAIL: (.+)$/, // go
  /^(?:FAILED|ERROR)\s+(\S+::.+?)(?: - .*)?$/, // pytest
  /^ERROR: (.+\(.+\))$/, // unittest
  /^test (.+) \.\.\. FAILED$/, // cargo
  /^rspec (\S+)/,
  /^● (.+ › .+)$/u, // jest
];

/** `3 failing` of mocha and `1) Suite::test` of PHPUnit are lists only beside such a summary. */
const NUMBERED = /^\d+\) (.+)$/;
const NUMBERED_SUMMARY = /\b\d+ failing\b|^There (?:was|were) \d+ (?:failure|error)/m;

/** Lines of compilers and linters; only where no runner names a test. */
const PROBLEM = /\b(?:error|erreur)\b|\bE\d{3}\b/i;
/** Sums and the shell around them: they differ although nothing new failed. */
const SUMMARY =
  /\b\d+ (?:errors?|warnings?|problems?|failures?|failed|failing|passed|passing)\b|^(?:npm|pnpm|yarn|bun|make|sh|bash)\b|exit(?:ed)?(?: with)?(?: code| status)|command failed/i;

const COUNTS: readonly RegExp[] = [
  /^[#ℹ] fail (\d+)$/gmu, // TAP, node
  /^\s*Tests:?\s+(\d+) failed\b/gm, // jest, vitest
  /\b(\d+) failed(?:,| in |;| \|)/g, // pytest, cargo
  /\b(\d+) failing\b/g, // mocha
  /\b(\d+) (?:failures?|errors?)\b/g, // rspec, unittest, tsc, linters
];

/** The failures in an output without control sequences. Total. */
export function failuresIn(output: string): Failures {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  const named = lines.flatMap((line) => nameIn(line, NAMED));
  const numbered = NUMBERED_SUMMARY.test(output) ? lines.flatMap((line) => nameIn(line, [NUMBERED])) : [];
  const found = [...named, ...numbered];
  const all = found.length > 0 ? found : lines.filter((line) => PROBLEM.test(line) && !SUMMARY.test(line));
  const distinct = [...new Set(all.map(steady))].filter((line) => line !== "").toSorted();
  return { lines: distinct.slice(0, MOST_LINES), count: countIn(output) ?? (distinct.length || null) };
}

/** `3 failures`, or nothing where their number is not known. */
export function failuresText(count: number | null | undefined): string {
  if (count === null || count === undefined || count === 0) return "";
  return `${count} ${count === 1 ? "failure" : "failures"}`;
}

function nameIn(line: string, patterns: readonly RegExp[]): readonly string[] {
  for (const pattern of patterns) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined) return [name];
  }
  return [];
}

/** Without times, positions, addresses and numbers of processes, which differ between two runs of the same code. */
function steady(line: string): string {
  return line
    .replace(/\s+#\s.*$/, "")
    .replace(/\s*[([]?\b\d+(?:\.\d+)?\s?(?:ms|s|µs|min)\b[)\]]?/gu, "")
    .replace(/\b\d{4}-\d\d-\d\d[T ]|\b\d\d:\d\d:\d\d(?:[.,]\d+)?Z?/g, "")
    .replace(/0x[0-9a-f]+/gi, "0x")
    .replace(/(\.\w+):\d+(?::\d+)?/g, "$1")
    .replace(/(\.\w+)\(\d+,\d+\)/g, "$1")
    .replace(/^\d+:\d+\s+/, "")
    .replace(/\bpid[ =:]?\d+/gi, "pid")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST_LINE);
}

/** The last count wins: runners print their sum at the end. */
function countIn(output: string): number | null {
  for (const pattern of COUNTS) {
    const last = [...output.matchAll(pattern)].at(-1)?.[1];
    if (last !== undefined && Number(last) > 0) return Number(last);
  }
  return null;
}
