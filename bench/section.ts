/** What a benchmark reports: rows of one figure each, with the aim where there is one. */

export interface Row {
  readonly name: string;
  readonly value: number;
  /** `x` = ratio within one run, `s` and `ms` = time, `%` = share of the run, anything else is counted. */
  readonly unit: string;
  /** First and third quartile where there are rounds. */
  readonly spread?: readonly [low: number, high: number];
  /** Value that should not be exceeded. */
  readonly aim?: number;
  readonly remark?: string;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** What was measured against what, with the number of rounds. */
  readonly about: string;
  readonly rows: readonly Row[];
}

export function renderSection(section: Section): string {
  const cells = section.rows.map((row) => [
    row.name,
    number(row.value, row.unit),
    row.spread === undefined ? "" : `${bare(row.spread[0])} .. ${bare(row.spread[1])}`,
    row.aim === undefined ? "" : `aim ${bare(row.aim)}${row.value <= row.aim ? "" : "  (missed)"}`,
    row.remark ?? "",
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const lines = cells.map((row) =>
    `  ${row
      .map((cell, column) =>
        column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")}`.trimEnd(),
  );
  return [section.title, `  ${section.about}`, ...lines, ""].join("\n");
}

function number(value: number, unit: string): string {
  return `${bare(value)} ${unit}`;
}

function bare(value: number): string {
  if (Number.isNaN(value)) return "-";
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(2);
}
