import type { Diagnostic } from "./diagnostic.ts";

/** Longest source line that is shown; longer ones are cut around the place. */
const WIDTH = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being replaced
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Plain text for a person: place and message, the source line with the place underlined, what was expected, a hint.
 * No colour; the last line ends without a line break. `text` is the content of the file; empty shows no source lines.
 * Characters that steer a terminal are shown as `�`, one for one, so that carets stay in place.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], text: string): string {
  const lines = text.split(/\r?\n/);
  return diagnostics
    .map((diagnostic) => renderOne(diagnostic, lines))
    .join("\n\n")
    .replace(CONTROL, "\ufffd");
}

function renderOne(diagnostic: Diagnostic, lines: readonly string[]): string {
  const { file, line, column, message } = diagnostic;
  const gutter = String(line).length + 2;
  const notes = notesOf(diagnostic).map(
    (note) => `${" ".repeat(gutter)} = ${linesOf(note).join(`\n${" ".repeat(gutter + 5)}`)}`,
  );
  return [
    `${file}:${line}:${column}: ${message}`,
    ...sourceLines(diagnostic, lines[line - 1], gutter),
    ...notes,
  ].join("\n");
}

/** Notes fit a terminal of 80 columns with their margin. */
const NOTE_WIDTH = 72;

/** What is expected may be a long list; hints hold text to be copied and stay whole. */
function linesOf(note: string): readonly string[] {
  if (!note.startsWith("expected: ")) return [note];
  const lines: string[] = [];
  for (const word of note.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && longer.length <= NOTE_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function sourceLines(diagnostic: Diagnostic, source: string | undefined, gutter: number): readonly string[] {
  if (source === undefined || source.trim() === "") return [];
  const cut = Math.max(0, diagnostic.column - 1 - WIDTH / 2);
  const shown = source.slice(cut, cut + WIDTH).replaceAll("\t", " ");
  const start = diagnostic.column - 1 - cut;
  const carets = "^".repeat(Math.max(1, Math.min(diagnostic.length, shown.length - start)));
  const number = String(diagnostic.line).padStart(gutter);
  return [`${number} | ${shown}`, `${" ".repeat(gutter)} | ${" ".repeat(start)}${carets}`];
}

function notesOf(diagnostic: Diagnostic): readonly string[] {
  const notes: string[] = [];
  const { expected } = diagnostic;
  // A list of forty keys hides the one that was meant.
  const helps = expected !== undefined && (expected.length <= WIDTH || diagnostic.nearest === undefined);
  if (helps) notes.push(`expected: ${expected}`);
  const { first } = diagnostic;
  if (first !== undefined) notes.push(`first: ${diagnostic.file}:${first.line}:${first.column}`);
  if (diagnostic.nearest !== undefined) notes.push(`nearest: ${diagnostic.nearest}`);
  if (diagnostic.hint !== undefined) notes.push(`hint: ${diagnostic.hint}`);
  return notes;
}
