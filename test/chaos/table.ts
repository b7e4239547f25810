/** Faults against outcomes, as a Markdown table. */
import type { Disturbed } from "./disturb.ts";
import type { Fault } from "./faults.ts";

export interface Row {
  readonly title: string;
  readonly tried: number;
  readonly survived: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly leftOver: number;
  readonly asked: number;
}

/** Runs that were over before their moment count as not tried. */
export function rowsOf(faults: readonly Fault[], runs: readonly Disturbed[]): readonly Row[] {
  return faults.map(({ name, title }) => {
    const tried = runs.filter((run) => run.fault === name && run.struck);
    const count = (holds: (run: Disturbed) => boolean): number => tried.filter(holds).length;
    return {
      title,
      tried: tried.length,
      survived: count(({ verdict, failure }) => failure === null && verdict.survived),
      lost: count(({ verdict }) => verdict.lost.length > 0),
      duplicated: count(({ verdict }) => verdict.duplicated.length > 0),
      leftOver: count(({ verdict }) => verdict.leftOver.length > 0),
      asked: count(({ asked }) => asked.length > 0),
    };
  });
}

const COLUMNS = ["tried", "survived", "lost", "duplicated", "leftOver", "asked"] as const;
const HEADS = ["tried", "survived", "lost", "duplicated", "left over", "asked a person"];

export function tableOf(rows: readonly Row[]): string {
  const sum = (key: (typeof COLUMNS)[number]): number => rows.reduce((total, row) => total + row[key], 0);
  const total: Row = {
    title: "**all**",
    tried: sum("tried"),
    survived: sum("survived"),
    lost: sum("lost"),
    duplicated: sum("duplicated"),
    leftOver: sum("leftOver"),
    asked: sum("asked"),
  };
  const width = Math.max(...[...rows, total].map(({ title }) => title.length), "Fault".length);
  const line = (title: string, cells: readonly string[]): string =>
    `| ${title.padEnd(width)} | ${cells.map((cell, index) => cell.padStart(HEADS[index]?.length ?? 0)).join(" | ")} |`;
  return [
    line("Fault", HEADS),
    `|${"-".repeat(width + 2)}|${HEADS.map((head) => `${"-".repeat(head.length + 1)}:`).join("|")}|`,
    ...[...rows, total].map((row) =>
      line(
        row.title,
        COLUMNS.map((key) => String(row[key])),
      ),
    ),
  ].join("\n");
}
