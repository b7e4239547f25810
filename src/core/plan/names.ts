/** Ids and slugs of a plan. Source: domain §2 (formats), design §11 no. 10. */
import { SignalboxError } from "../errors.ts";

/** Lower case, digits and single hyphens, at most 40 characters; empty where nothing of the text is usable. */
export function slugOf(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "");
  return slug.slice(0, 40).replace(/-+$/, "");
}

/**
 * The next id of a purpose on a day: `{slug}-{YYYYMMDD}-{NNN}`, one above the highest taken number, so that an id
 * that was once used and removed in the middle does not come back. Throws `workflow-ids-exhausted` after 999.
 */
export function nextWorkflowId(slug: string, date: string, taken: readonly string[]): string {
  const prefix = `${slug}-${date}-`;
  const numbers = taken
    .filter((id) => id.startsWith(prefix) && /^\d{3}$/.test(id.slice(prefix.length)))
    .map((id) => Number(id.slice(prefix.length)));
  const next = Math.max(0, ...numbers) + 1;
  if (next <= 999) return `${prefix}${padded(next)}`;
  throw new SignalboxError("user", "workflow-ids-exhausted", `All 999 ids of ${prefix}NNN are taken.`, [
    "Another purpose can be given in the definition: slug: <name>",
  ]);
}

/** `7` as `007`. */
export function padded(number: number): string {
  return String(number).padStart(3, "0");
}

/** Letter of a position: 0 is `a`, 25 is `z`, 26 is `aa`. */
export function letterOf(position: number): string {
  const last = String.fromCharCode(97 + (position % 26));
  return position < 26 ? last : letterOf(Math.floor(position / 26) - 1) + last;
}

/** Why an id cannot name a branch, a folder and a subject on the command line; `null` where it can. */
export function idProblem(id: string): string | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id)) {
    return "must be 1 to 64 letters, digits, hyphens or underscores, beginning with a letter or digit";
  }
  const reserved = /^(synthesis|plan|finish|workflow|main|(phase|barrier|cp|q|rd|qg)-\d+)$/i;
  return reserved.test(id) ? "is a name that the workflow itself uses" : null;
}

/** The id in a list that is spelled most like the given one; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  const best = scored.sort((one, other) => one.distance - other.distance)[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, char] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries()) {
      const substituted = (row[j] ?? 0) + (char === against ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? one.length;
}
