/** Form: boxes, tables, anchors, navigation, paths, disclaimer. Source: documents, general rules 4, 6, 8, 9, 10. */
import { textWidth } from "../../core/text-width.ts";
import { anchor } from "../text/markdown.ts";
import { type Rule, reporter } from "./defect.ts";
import { bareTitle, type Fence, type Line, sectionTitled } from "./model.ts";

/** A branch of a tree of folders, which has no right border. */
const TREE = /[├└]── /;
const BOX_START = /^ *[+|┌│└├╔║╚╠]/;

/** Boxes whose right border does not line up. */
export const raggedBoxes: Rule = (file) => {
  const report = reporter("ragged-box", file);
  const drawings = file.fences.filter((fence) => !fence.lines.some((line) => TREE.test(line.text)));
  return drawings.flatMap((fence) =>
    boxRuns(fence).flatMap((run) => {
      const [first] = run;
      const width = textWidth(first?.text.trimEnd() ?? "");
      const odd = run.find((line) => textWidth(line.text.trimEnd()) !== width);
      return odd === undefined ? [] : [report(odd.number, "the border of the box is not straight")];
    }),
  );
};

/** Rows with another number of cells than their table has columns. */
export const raggedTables: Rule = (file) => {
  const report = reporter("ragged-table", file);
  return file.tables.flatMap((table) =>
    table.rows
      .filter((row) => row.cells.length !== table.columns.length)
      .map((row) =>
        report(row.line, `${row.cells.length} cells in a table of ${table.columns.length} columns`),
      ),
  );
};

/** Links inside the file that lead nowhere. */
export const anchors: Rule = (file) => {
  const report = reporter("anchor", file);
  const counts = new Map<string, number>();
  const known = new Set(
    file.sections.map((section) => {
      const slug = anchor(section.title);
      const times = counts.get(slug) ?? 0;
      counts.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
  return file.lines.flatMap(({ number, text }) =>
    [...text.matchAll(/\]\(#([^)]+)\)/g)]
      .filter((match) => !known.has(match[1] ?? ""))
      .map((match) => report(number, `#${match[1]} leads nowhere`)),
  );
};

/** Sections that the table of sections leaves out. */
export const navigation: Rule = (file) => {
  const report = reporter("navigation", file);
  const table = sectionTitled(file, "Document Sections")?.tables[0];
  if (table === undefined) return [];
  const listed = table.rows.map((row) => /^\[(.+)\]/.exec(row.cells[0] ?? "")?.[1] ?? "");
  return file.sections
    .filter(
      (section) =>
        section.level === 2 &&
        section.title !== "Document Sections" &&
        !listed.includes(bareTitle(section.title)),
    )
    .map((section) => report(section.line, `${section.title} is not in the table of sections`));
};

/** One file under two spellings of its path. */
export const pathSpellings: Rule = (file) => {
  const report = reporter("path-spelling", file);
  const used = file.lines.flatMap(({ number, text }) =>
    [...text.matchAll(/`([^`\s]+\/[^`\s]+\.[a-z]+)`/g)].map((match) => ({ number, path: match[1] ?? "" })),
  );
  const all = [...new Set(used.map(({ path }) => path))];
  const short = new Set(all.filter((path) => all.some((other) => other.endsWith(`/${path}`))));
  return used
    .filter(({ path }) => short.has(path))
    .map(({ number, path }) => report(number, `${path} is written in full elsewhere`));
};

/** Text that is not marked as generated. */
export const generatedMark: Rule = (file) => {
  const report = reporter("disclaimer", file);
  if (file.header["Document ID"] === undefined) return [];
  const missing = ["DISCLAIMER", "Generator"].filter((label) => file.header[label] === undefined);
  return missing.map((label) => report(1, `${label} is missing in the header`));
};

function boxRuns(fence: Fence): readonly (readonly Line[])[] {
  const runs: Line[][] = [];
  let column = -1;
  let before = 0;
  for (const line of fence.lines) {
    const start = BOX_START.test(line.text) ? line.text.search(/\S/) : -1;
    if (start < 0) continue;
    if (start === column && line.number === before + 1) runs.at(-1)?.push(line);
    else runs.push([line]);
    column = start;
    before = line.number;
  }
  return runs.filter((run) => run.length > 1);
}
