/** Guards and the tests that noticed their absence, as a Markdown table. */
import type { Guard } from "./guard.ts";

export interface Noticed {
  readonly guard: Guard;
  /** Full title of the test that failed; null when none did. */
  readonly title: string | null;
}

const HEADS = ["Switched off: so that …", "The guard stands in", "Noticed by the test"] as const;

export function tableOf(rows: readonly Noticed[]): string {
  const cells = rows.map(({ guard, title }) => [
    guard.name,
    link(guard.file),
    title === null ? "**nobody**" : `${title.replaceAll("|", "\\|")} (${link(guard.test)})`,
  ]);
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(HEADS), "|---------|---------|---------|", ...cells.map(line)].join("\n");
}

function link(path: string): string {
  return `[${path.split("/").at(-1)}](../${path})`;
}
