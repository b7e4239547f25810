/** What verbs print through: stdout is the answer, stderr is narration. */
import type { CliIo } from "../io.ts";
import { type ColorChoice, createStyle, type Style } from "./style.ts";
import { type Column, renderTable } from "./table.ts";

export interface Output {
  /** Style of stdout. */
  readonly style: Style;
  /** Style of stderr. */
  readonly narration: Style;
  /** Writes lines of the answer; a final newline is added. */
  answer(text: string): void;
  /** One JSON document with `schemaVersion` first. */
  json(document: Readonly<Record<string, unknown>>): void;
  /** One line of newline-delimited JSON. */
  jsonLine(document: unknown): void;
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void;
  /** A line of narration. */
  say(text: string): void;
  success(text: string): void;
  warn(text: string): void;
  hint(text: string): void;
}

/** Version of every JSON document that the command line prints. */
export const SCHEMA_VERSION = 1;

export function createOutput(io: CliIo, color: ColorChoice): Output {
  const style = createStyle(io.stdout, io.env, color);
  const narration = createStyle(io.stderr, io.env, color);
  const answer = (text: string): void => io.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  const say = (text: string): void => io.stderr.write(`${text}\n`);
  return {
    style,
    narration,
    answer,
    json: (document) => answer(JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...document }, null, 2)),
    jsonLine: (document) => answer(JSON.stringify(document)),
    table: (columns, rows) => {
      const width = io.stdout.isTTY ? (io.stdout.columns ?? 80) : undefined;
      io.stdout.write(renderTable(columns, rows, { width, header: style.dim }));
    },
    say,
    success: (text) => say(`${narration.green(narration.symbol.done)} ${text}`),
    warn: (text) => say(`${narration.yellow(narration.symbol.warn)} ${text}`),
    hint: (text) => say(`${narration.dim(narration.symbol.hint)} ${text}`),
  };
}
