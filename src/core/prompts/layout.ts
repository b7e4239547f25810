/**
 * The fixed layout of every prompt: a header block of `key: value` lines up to the first blank line, a title, then
 * sections in Markdown. Scripted agents answer from it, so keys and headings are a contract.
 */
import { QUOTE_PLACEHOLDER } from "./quote.ts";

export type HeaderField = readonly [key: string, value: string | number];

/** A heading with its lines; a section without lines is left out. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export function layout(header: readonly HeaderField[], title: string, sections: readonly Section[]): string {
  const fields = header.map(([key, value]) => `${key}: ${line(String(value))}`);
  const shown = sections.filter((section) => section.lines.length > 0);
  const body = shown.flatMap((section) => ["", `## ${section.title}`, "", ...section.lines]);
  return [...fields, "", `# ${line(title)}`, ...body, ""].join("\n");
}

export function section(title: string, lines: readonly string[]): Section {
  return { title, lines };
}

export function items(texts: readonly string[]): readonly string[] {
  return texts.map((text) => `- ${block(text)}`);
}

export function steps(texts: readonly string[]): readonly string[] {
  return texts.map((text, index) => `${index + 1}. ${text}`);
}

export function paths(list: readonly string[]): readonly string[] {
  return list.map((path) => `- \`${line(path)}\``);
}

/** One line, as header values and titles need it. */
export function line(text: string): string {
  return clean(text).replace(/\s+/g, " ").trim();
}

/** Text of a person inside a list item: later lines are indented, so that none of them can pass for a heading. */
export function block(text: string): string {
  return clean(text).trim().replace(/\r?\n/g, "\n  ");
}

/** The placeholder belongs to us alone: text that contains it would pull quoted data into a place of its own. */
function clean(text: string): string {
  return text.replaceAll(QUOTE_PLACEHOLDER, "{ quoted }");
}
