/** A document as header, disclaimer, table of its sections, sections and footer. Source: documents, general rules 7, 8, 10. */
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Json } from "./state/canonical.ts";
import type { Missing } from "./text/format.ts";
import { anchor, cell, table } from "./text/markdown.ts";

/** What every section is rendered from. */
export interface Source {
  readonly state: WorkflowState;
  /** The same state as it is stored. */
  readonly stored: Json;
  /** Generator's version. */
  readonly version: string;
  /** Hash of the state, hex. */
  readonly hash: string;
  readonly missing: Missing;
}

/** One top-level section; left out where `applies` is false. */
export interface SectionSpec {
  readonly title: string;
  /** Half a sentence for the table of sections. */
  readonly purpose: string;
  readonly applies?: (source: Source) => boolean;
  /** Lines below the heading. `sub` makes the headings of its parts. */
  readonly body: (source: Source, sub: SubHeading) => readonly string[];
}

/** `### 2.1 Title`, counting up with every call; without number in unnumbered documents. */
export type SubHeading = (title: string) => string;

export interface DocumentSpec {
  readonly title: string;
  /** Label and value of the quoted header lines. */
  readonly header: readonly (readonly [label: string, value: string])[];
  readonly disclaimer: string;
  readonly numbered: boolean;
  readonly sections: readonly SectionSpec[];
  /** Blocks between the table of sections and the first section. */
  readonly preface?: readonly string[];
  readonly footer: readonly string[];
}

/** The whole text: LF, one final newline. */
export function renderDocument(spec: DocumentSpec, source: Source): string {
  const sections = spec.sections.filter((section) => section.applies?.(source) ?? true);
  const headings = sections.map((section, index) =>
    spec.numbered ? `${index + 1}. ${section.title}` : section.title,
  );
  const parts = [
    [`# ${spec.title}`],
    broken(spec.header.map(([label, value]) => `> **${label}:** ${value}`)),
    [`> **DISCLAIMER:** ${spec.disclaimer}`],
    ["## Document Sections"],
    table(
      ["Section", "Purpose"],
      sections.map((section, index) => [
        `[${section.title}](#${anchor(headings[index] ?? "")})`,
        cell(section.purpose),
      ]),
    ),
    spec.preface ?? [],
    ...sections.flatMap((section, index) => [
      ["---"],
      [`## ${headings[index]}`],
      section.body(source, subHeading(spec.numbered ? index + 1 : null)),
    ]),
    ["---"],
    broken(spec.footer.map((line) => `*${line}*`)),
  ];
  const filled = parts.filter((part) => part.length > 0);
  return `${filled.map((part) => part.join("\n")).join("\n\n")}\n`;
}

function subHeading(section: number | null): SubHeading {
  let count = 0;
  return (title) => {
    count += 1;
    return section === null ? `### ${title}` : `### ${section}.${count} ${title}`;
  };
}

/** Lines of one paragraph that stay lines when rendered: two spaces at the end are Markdown's line break. */
function broken(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index < lines.length - 1 ? `${line}  ` : line));
}
