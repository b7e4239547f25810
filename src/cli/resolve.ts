/** References on the command line: exact, or shortened to a unique prefix; what is unknown names the nearest and lists what there is (design §11 no. 10). */
import { SignalboxError } from "../core/errors.ts";

export interface Kind {
  /** `workflow`, `slot`, `checkpoint`. */
  readonly name: string;
  /** Command that lists them. */
  readonly listing: string;
}

/** The one id that `reference` means. Throws `user` errors `unknown-<kind>` and `ambiguous-<kind>`. */
export function resolveReference(reference: string, ids: readonly string[], kind: Kind): string {
  const exact =
    ids.find((id) => id === reference) ?? ids.find((id) => id.toLowerCase() === reference.toLowerCase());
  if (exact !== undefined) return exact;
  const matches = ids.filter((id) => id.toLowerCase().startsWith(reference.toLowerCase()));
  const [only, ...others] = matches;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) throw ambiguous(reference, matches, kind);
  throw unknown(reference, ids, kind);
}

/** The candidate closest to a mistyped word, when it is close enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({
    candidate,
    distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** At most `count` names for a message: `a, b, c and 4 more`. */
export function listText(names: readonly string[], count = 8): string {
  const shown = names.slice(0, count).join(", ");
  return names.length > count ? `${shown} and ${names.length - count} more` : shown;
}

function unknown(reference: string, ids: readonly string[], kind: Kind): SignalboxError {
  const close = nearest(reference, ids);
  const hints = [
    ...(close === undefined ? [] : [`The nearest is ${close}`]),
    ids.length === 0
      ? `There is no ${kind.name} yet; to list them: ${kind.listing}`
      : `Known: ${listText(ids)}; to list them: ${kind.listing}`,
  ];
  return new SignalboxError("user", `unknown-${kind.name}`, `No ${kind.name} is named ${reference}`, hints);
}

function ambiguous(reference: string, matches: readonly string[], kind: Kind): SignalboxError {
  return new SignalboxError(
    "user",
    `ambiguous-${kind.name}`,
    `${reference} is the start of ${matches.length} ${kind.name}s: ${listText(matches)}`,
    [`Give enough letters to mean one; to list them: ${kind.listing}`],
  );
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
