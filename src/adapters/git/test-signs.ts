/**
 * Signs in the text of a file that tests were taken out or switched off. Text patterns, deliberately generous: a false alarm
 * costs a look, a miss passes by accident (P2).
 */
import { isTestPath } from "../../core/quality/test-paths.ts";

/** True for files that hold tests by their name or, as in Rust, beside the code. */
export function mayHoldTests(path: string): boolean {
  return isTestPath(path) || path.endsWith(".rs");
}

const SKIPS: readonly RegExp[] = [
  /\b(it|test|describe|context|suite|specify|bench)(\.\w+)*\.(skip|only|todo|fixme|fails|failing|skipIf|runIf)\b/,
  /\b(xit|xtest|xdescribe|xcontext|fit|fdescribe)\s*[("']/,
  /\bthis\.skip\s*\(|\b[tb]\.Skip(f|Now)?\s*\(/,
  /\{[^}]*\b(skip|only|todo)\s*:\s*(true|["'`])/,
  /@?\bpytest\.(mark\.(skip|skipif|xfail)|skip|xfail)\b|@(unittest\.)?(skip|skipIf|skipUnless|expectedFailure)\b/,
  /\bself\.skipTest\s*\(|\braise\s+(unittest\.)?SkipTest\b|\bmarkTestSkipped\s*\(|@tag\s+:?skip\b/,
  /@(Ignore|Disabled)\b|\[(Ignore|Fact\(Skip)|#\[ignore\b/,
];

/** Lines of `after` that switch a test off (or all others) and are not in `before`, 1-based. */
export function skippedTests(before: string, after: string): readonly number[] {
  const known = countLines(before);
  return after.split("\n").flatMap((line, index) => {
    if (!SKIPS.some((pattern) => pattern.test(line))) return [];
    const left = known.get(line.trim()) ?? 0;
    known.set(line.trim(), left - 1);
    return left > 0 ? [] : [index + 1];
  });
}

/** One per declared test; the language is that of the file's name. */
const DECLARATIONS: readonly (readonly [endings: RegExp, declaration: RegExp])[] = [
  [/\.[cm]?[jt]sx?$/, /^(?:[\w.]+\.)?(?:it|test|xit|fit|specify)(?:\.\w+)*\s*[(`]/],
  [/\.py$/, /^(?:async )?def test\w*\s*\(/],
  [/\.go$/, /^func (?:Test|Benchmark|Fuzz|Example)\w*\s*\(/],
  [/\.rs$/, /^#\[(?:\w+::)?test\b/],
  [/\.(java|kt|scala)$/, /^@(?:Test|ParameterizedTest|RepeatedTest)\b/],
  [/\.cs$/, /^\[(?:Fact|Theory|Test|TestCase|TestMethod)\b/],
  [/\.rb$/, /^(?:it|specify|test|def test_\w*)\b/],
  [/\.php$/, /^(?:public )?function test\w*\s*\(|^(?:it|test)\s*\(/],
  [/\.swift$/, /^func test\w*\s*\(/],
  [/\.exs?$/, /^test\s+"/],
];

/** How many tests a file declares, those that are commented out left out; null where its language is not known. */
export function countTests(path: string, text: string): number | null {
  const declaration = DECLARATIONS.find(([endings]) => endings.test(path))?.[1];
  if (declaration === undefined) return null;
  return text.split("\n").filter((line) => declaration.test(line.trim())).length;
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) counts.set(line.trim(), (counts.get(line.trim()) ?? 0) + 1);
  return counts;
}
