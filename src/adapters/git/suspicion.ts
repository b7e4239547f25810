/**
 * Signs in changed files that need a person's eye whatever a score says: tests taken out, scripts exchanged, decisions
 * that were settled. Text patterns, deliberately generous: a false alarm costs a look, a miss passes by accident (P2).
 */

const TEST_FOLDER = /(^|\/)(tests?|__tests__|specs?|e2e)\//i;
const TEST_NAME =
  /(\.|_|-)(test|tests|spec|e2e)\.[^/.]+$|(^|\/)test_[^/]+\.py$|(^|\/)[^/]*Tests?\.(java|kt|cs|swift|scala)$/;

/** True for files that look like tests by folder or name, in the usual languages. */
export function isTestPath(path: string): boolean {
  return TEST_FOLDER.test(path) || TEST_NAME.test(path);
}

const SKIPS: readonly RegExp[] = [
  /\b(it|test|describe|context|suite|specify|bench)(\.\w+)*\.(skip|only|todo|fixme|fails|failing|skipIf|runIf)\b/,
  /\b(xit|xtest|xdescribe|xcontext|fit|fdescribe)\s*\(/,
  /\bthis\.skip\s*\(|\b[tb]\.Skip(f|Now)?\s*\(/,
  /\{[^}]*\b(skip|only|todo)\s*:\s*(true|["'`])/,
  /@?\bpytest\.(mark\.(skip|skipif|xfail)|skip|xfail)\b|@(unittest\.)?(skip|skipIf|skipUnless|expectedFailure)\b/,
  /@(Ignore|Disabled)\b|\[(Ignore|Fact\(Skip)|#\[ignore\b/,
];

/** First line of `after` that switches a test off (or all others) and is not in `before`; null when there is none. */
export function skippedTestLine(before: string, after: string): string | null {
  const known = countLines(before);
  for (const line of after.split("\n")) {
    if (!SKIPS.some((pattern) => pattern.test(line))) continue;
    const left = known.get(line.trim()) ?? 0;
    if (left === 0) return line;
    known.set(line.trim(), left - 1);
  }
  return null;
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) counts.set(line.trim(), (counts.get(line.trim()) ?? 0) + 1);
  return counts;
}

/** True when the `scripts` of two manifests differ. A text that is no JSON counts as without scripts. */
export function scriptsDiffer(before: string, after: string): boolean {
  return scriptsOf(before) !== scriptsOf(after);
}

function scriptsOf(text: string): string {
  try {
    const manifest: unknown = JSON.parse(text);
    const scripts =
      manifest !== null && typeof manifest === "object" && "scripts" in manifest ? manifest.scripts : {};
    return scripts !== null && typeof scripts === "object"
      ? JSON.stringify(Object.entries(scripts).sort(([a], [b]) => (a < b ? -1 : 1)))
      : "[]";
  } catch {
    return "[]";
  }
}

/** An ADR is known by a folder or by the beginning of its file name, never by a part of a word (domain §11). */
export function isAdrPath(path: string): boolean {
  const folders = path.toLowerCase().split("/");
  const name = folders.pop() ?? "";
  return (
    folders.some((folder) => folder === "adr" || folder === "adrs" || folder === "decisions") ||
    /^adr[-_]/.test(name)
  );
}

/** `Status: Accepted`, `**Status:** BASELINED`, `| Status | ACCEPTED |`, or a heading `Status` with the word below it. */
const STATUS_LINE = /^[\s|>*_#-]*status[\s|:*_]*\b(accepted|baselined)\b/im;
const STATUS_HEADING = /^#+\s*status\s*\n+[\s*_]*(accepted|baselined)\b/im;

/** True when the text of a decision record says that it is accepted or baselined (AE-004). */
export function hasAcceptedStatus(text: string): boolean {
  return STATUS_LINE.test(text) || STATUS_HEADING.test(text);
}
