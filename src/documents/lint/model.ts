/** A Markdown file as lines, headings, tables and fenced blocks: what the rules look at. */

/** A row of a table, keyed by column title. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly byColumn: Readonly<Record<string, string>>;
}

export interface Table {
  readonly line: number;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** A heading with everything up to the next heading of its level or a higher one. */
export interface Section {
  readonly line: number;
  readonly level: number;
  readonly title: string;
  readonly tables: readonly Table[];
  /** Lines outside of fences, with 1-based numbers. */
  readonly lines: readonly Line[];
  readonly fences: readonly Fence[];
}

export interface Line {
  readonly number: number;
  readonly text: string;
}

export interface Fence {
  readonly line: number;
  readonly lines: readonly Line[];
}

export interface MarkdownFile {
  readonly path: string;
  /** `> **Label:** value` lines before the first section. */
  readonly header: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
  readonly fences: readonly Fence[];
  readonly tables: readonly Table[];
  /** Lines outside of fences. */
  readonly lines: readonly Line[];
}

/** Reads a file into the model. */
export function readMarkdown(path: string, content: string): MarkdownFile {
  const { outside, fences } = splitFences(content);
  return {
    path,
    header: headerOf(outside),
    sections: sectionsOf(outside, fences),
    fences,
    tables: tablesOf(outside),
    lines: outside,
  };
}

/** The section with this title, numbers and case aside. */
export function sectionTitled(file: MarkdownFile, title: string): Section | undefined {
  return file.sections.find((section) =>
    bareTitle(section.title).toLowerCase().startsWith(title.toLowerCase()),
  );
}

/** `Execution Dashboard` of `1. Execution Dashboard`. */
export function bareTitle(title: string): string {
  return title.replace(/^\d+(?:\.\d+)*\.?\s+/, "");
}

function splitFences(content: string): {
  readonly outside: readonly Line[];
  readonly fences: readonly Fence[];
} {
  const outside: Line[] = [];
  const fences: { line: number; lines: Line[] }[] = [];
  let ticks: string | null = null;
  for (const [index, text] of content.split("\n").entries()) {
    const mark = /^(`{3,})/.exec(text)?.[1];
    if (ticks === null && mark !== undefined) {
      ticks = mark;
      fences.push({ line: index + 1, lines: [] });
    } else if (ticks !== null && text.trimEnd() === ticks) ticks = null;
    else if (ticks !== null) fences.at(-1)?.lines.push({ number: index + 1, text });
    else outside.push({ number: index + 1, text });
  }
  return { outside, fences };
}

function headerOf(lines: readonly Line[]): Readonly<Record<string, string>> {
  const first = lines.findIndex((line) => line.text.startsWith("## "));
  const pairs = lines.slice(0, first < 0 ? undefined : first).flatMap(({ text }) => {
    const match = /^> \*\*(.+?):\*\* (.*?)\s*$/.exec(text);
    return match?.[1] === undefined ? [] : [[match[1], match[2] ?? ""] as const];
  });
  return Object.fromEntries(pairs);
}

function sectionsOf(lines: readonly Line[], fences: readonly Fence[]): readonly Section[] {
  const heads = lines.flatMap(({ number, text }) => {
    const match = /^(#{1,6}) (.+?)\s*$/.exec(text);
    return match?.[1] === undefined ? [] : [{ line: number, level: match[1].length, title: match[2] ?? "" }];
  });
  return heads.map((head, index) => {
    const end =
      heads.slice(index + 1).find((other) => other.level <= head.level)?.line ?? Number.POSITIVE_INFINITY;
    const inside = (line: number) => line > head.line && line < end;
    const own = lines.filter((line) => inside(line.number));
    return {
      ...head,
      lines: own,
      tables: tablesOf(own),
      fences: fences.filter((fence) => inside(fence.line)),
    };
  });
}

function tablesOf(lines: readonly Line[]): readonly Table[] {
  return lines.flatMap((line, index) => {
    const next = lines[index + 1];
    if (!line.text.startsWith("|") || next === undefined || !/^\|[\s:|-]+\|$/.test(next.text)) return [];
    const columns = cellsOf(line.text);
    const rest = lines.slice(index + 2);
    const end = rest.findIndex((row) => !row.text.startsWith("|"));
    const rows = rest.slice(0, end < 0 ? undefined : end).map((row) => rowOf(row, columns));
    return [{ line: line.number, columns, rows }];
  });
}

function rowOf(line: Line, columns: readonly string[]): TableRow {
  const cells = cellsOf(line.text);
  return {
    line: line.number,
    cells,
    byColumn: Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])),
  };
}

function cellsOf(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}
