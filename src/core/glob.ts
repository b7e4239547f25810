/**
 * Path globs for the core, which may import no library: `**` over whole segments, `*` and `?` inside one segment,
 * and `{a,b}` alternatives. Everything else is literal and case counts. Names that start with a dot are matched like
 * others, because `.github/**` must not be invisible to a rule.
 */

/** True where `path` (repository-relative, `/` separators) matches `glob`. `dir/**` also matches `dir` itself. */
export function matchGlob(glob: string, path: string): boolean {
  const segments = path.split("/");
  return expandBraces(glob).some((pattern) => matchSegments(pattern.split("/"), segments));
}

/** True where any of the globs matches. */
export function matchAnyGlob(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => matchGlob(glob, path));
}

/** `a/{b,c}/d` as its plain patterns; braces may nest. A brace without a comma or without its partner is literal. */
export function expandBraces(glob: string): readonly string[] {
  const open = findExpandable(glob);
  if (open === null) return [glob];
  const head = glob.slice(0, open.start);
  const tail = expandBraces(glob.slice(open.end + 1));
  return open.parts.flatMap((part) =>
    expandBraces(part).flatMap((middle) => tail.map((rest) => head + middle + rest)),
  );
}

interface Braces {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly string[];
}

function findExpandable(glob: string): Braces | null {
  for (let start = glob.indexOf("{"); start !== -1; start = glob.indexOf("{", start + 1)) {
    const braces = readBraces(glob, start);
    if (braces !== null && braces.parts.length > 1) return braces;
  }
  return null;
}

function readBraces(glob: string, start: number): Braces | null {
  const parts: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < glob.length; at += 1) {
    const char = glob[at];
    if (char === "{") depth += 1;
    if (char === "}") depth -= 1;
    if (depth === 0) return { start, end: at, parts: [...parts, glob.slice(from, at)] };
    if (char === "," && depth === 1) {
      parts.push(glob.slice(from, at));
      from = at + 1;
    }
  }
  return null;
}

function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  // Repeated `**` say the same as one; without folding them the search below grows with every repetition.
  if (first === "**" && rest[0] === "**") return matchSegments(rest, path);
  if (first === "**")
    return path.some((_, skip) => matchSegments(rest, path.slice(skip))) || rest.length === 0;
  const [head, ...tail] = path;
  if (head === undefined || !matchSegment(first, head)) return false;
  // `src/**` means the folder itself too, `*/**` only what lies inside one: else it would match every file at the top.
  if (tail.length === 0 && rest.length > 0 && rest.every((part) => part === "**"))
    return !first.endsWith("*");
  return matchSegments(rest, tail);
}

/** Linear wildcard match inside one segment: on a mismatch only the last `*` is widened. */
function matchSegment(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      resume = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star !== -1) {
      resume += 1;
      t = resume;
      p = star + 1;
    } else return false;
  }
  return [...pattern.slice(p)].every((char) => char === "*");
}
