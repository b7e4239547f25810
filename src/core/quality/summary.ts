/**
 * What a creator says at the end of its turn, read leniently: it is a note for people and for the round's record,
 * never evidence (design P3). The asked form is in the prompt; any other text still gives a summary.
 */

export interface CreatorReport {
  /** One line, at most 200 characters; empty when nothing was said. */
  readonly summary: string;
  /** Points of the self-review (S-010); empty = no record of one. */
  readonly selfReview: readonly string[];
  /** Lines that were left out of a join, each with its reason as it was given; empty = none, or nothing said. */
  readonly leftOut: readonly string[];
  /** What changed in this round, one line; null when not said. */
  readonly changes: string | null;
  /** What became of findings of people, by their ids; the last word on each. */
  readonly answers: readonly { readonly finding: string; readonly text: string }[];
}

const LONGEST = 200;
const LABEL = /^(summary|changes|answers|self-review|left out)\s*:\s*/i;

export function parseReport(text: string): CreatorReport {
  const lines = text.split(/\r?\n/).map(plain);
  const changes = labelled(lines, "changes");
  return {
    summary: summaryOf(text),
    selfReview: listOf(lines, "self-review").map(clip),
    leftOut: listOf(text.split(/\r?\n/).map(unmarked), "left out"),
    changes: changes === undefined ? null : clip(changes),
    answers: answersOf(lines),
  };
}

/** One line about a session's work: the last line labelled `Summary:`, else the first line that says something. */
export function summaryOf(text: string): string {
  const lines = text.split(/\r?\n/).map(plain);
  const first = lines.find((line) => line !== "" && !line.startsWith("```"));
  return clip(labelled(lines, "summary") ?? first ?? "");
}

/** `F-1-3: what became of it`, below the label. */
function answersOf(lines: readonly string[]): CreatorReport["answers"] {
  const answers = new Map<string, string>();
  for (const item of listOf(lines, "answers").map(clip)) {
    const [, finding = "", text = ""] = /^\[?(F-\d+-\d+|C-\d+)\]?\s*(?::|-|–|—)\s*(\S.*)$/i.exec(item) ?? [];
    if (finding !== "") answers.set(finding.toUpperCase(), text);
  }
  return [...answers].map(([finding, text]) => ({ finding, text }));
}

/** Text on the label's own line, and the list items below it up to the next blank line, label or heading. */
function listOf(lines: readonly string[], label: string): readonly string[] {
  const start = lines.findLastIndex((line) => new RegExp(`^${label}\\s*:`, "i").test(line));
  if (start < 0) return [];
  const own = (lines[start] ?? "").replace(LABEL, "");
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line === "" || LABEL.test(line));
  return [own, ...rest.slice(0, end < 0 ? rest.length : end)].filter((line) => line !== "");
}

function labelled(lines: readonly string[], label: string): string | undefined {
  const line = lines.findLast((l) => l.toLowerCase().startsWith(`${label}:`));
  const text = line?.replace(LABEL, "").trim();
  return text === "" ? undefined : text;
}

/** A list item as it was written: code must stay what it is. */
function unmarked(line: string): string {
  return line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "").trim();
}

/** A line without the marks of Markdown around it. */
function plain(line: string): string {
  return line
    .replace(/^\s*(?:[-*+]|#{1,6}|\d+[.)]|>)\s+/, "")
    .replaceAll("**", "")
    .trim();
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}
