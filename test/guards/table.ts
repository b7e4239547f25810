/** Guards and the tests that noticed their absence, as a Markdown table. */
import type { Guard } from "./guard.ts";

export interface Noticed {
  readonly guard: Guard;
  /** Full title of the test that failed; null when none did. */
  readonly title: string | null;
}

const HEADS = ["Switched off: so that …", "The guard stands in", "Noticed by the test"] as const;

/** In the order of `guards`. A guard that was not tried keeps its row of `before`, the table as it was; without one it has none. */
export function tableOf(guards: readonly Guard[], rows: readonly Noticed[], before: string): string {
  const kept = before.split("\n");
  const body = guards.flatMap((guard) => {
    const tried = rows.find((row) => row.guard.name === guard.name);
    const old = kept.filter((text) => text.startsWith(`| ${guard.name} |`));
    return tried === undefined ? old : [rowOf(tried)];
  });
  return [line(HEADS), line(HEADS.map(() => "---------")), ...body].join("\n");
}

function rowOf({ guard, title }: Noticed): string {
  const seen = title === null ? "**nobody**" : `${title.replaceAll("|", "\\|")} (${link(guard.test)})`;
  return line([guard.name, link(guard.file), seen]);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function link(path: string): string {
  return `[${path.split("/").at(-1)}](../${path})`;
}
