/** A plan of `clean` for people; the same lines before a real run and for a dry one. */
import { wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText, sizeText } from "../output/units.ts";
import { type CleanPlan, discardCommand, type Removal, type Staying } from "./plan.ts";

/** By workflow: each thing that goes with its size, why, and the command that brings it back; then what stays. */
export function planLines(plan: CleanPlan, style: Style, width: number): readonly string[] {
  const names = [...plan.goes, ...plan.stays].map(({ name }) => name.length);
  const sizes = [...plan.goes, ...plan.stays].map((item) => sizeOf(item).length);
  const widths = { name: Math.max(0, ...names), size: Math.max(0, ...sizes), line: width };
  const workflows = [...new Set([...plan.goes, ...plan.stays].map(({ workflow }) => workflow))];
  return workflows.flatMap((workflow) => [
    style.bold(workflow),
    ...plan.goes.filter((one) => one.workflow === workflow).flatMap((one) => goingLines(one, style, widths)),
    ...plan.stays
      .filter((one) => one.workflow === workflow)
      .flatMap((one) => stayingLines(one, style, widths)),
  ]);
}

/** `2 worktrees and 3 branches, 37 MB`. */
export function totalText(goes: readonly Removal[]): string {
  const trees = goes.filter(({ path }) => path !== null).length;
  const branches = goes.filter(({ branch }) => branch !== null).length;
  const parts = [
    ...(trees === 0 ? [] : [countText(trees, "worktree")]),
    ...(branches === 0 ? [] : [countText(branches, "branch", "branches")]),
  ];
  const bytes = goes.reduce((sum, { size }) => sum + (size?.bytes ?? 0), 0);
  const floor = goes.some(({ size }) => size?.complete === false);
  return `${parts.join(" and ")}${bytes === 0 ? "" : `, ${sizeText(bytes, floor)}`}`;
}

interface Widths {
  readonly name: number;
  readonly size: number;
  readonly line: number;
}

const IGNORED_SHOWN = 4;

function goingLines(removal: Removal, style: Style, widths: Widths): readonly string[] {
  const { uncommitted, ignored, back, why } = removal;
  const kept = uncommitted === 0 ? "" : `; ${countText(uncommitted, "file")} not committed, kept first`;
  const shown = ignored.slice(0, IGNORED_SHOWN).map(plainLine).join(", ");
  const more = ignored.length > IGNORED_SHOWN ? ` and ${ignored.length - IGNORED_SHOWN} more` : "";
  return [
    ...itemLines(style.red("-"), removal, `${plainLine(why)}${kept}`, widths),
    ...(back === null ? [] : [`      ${style.dim(`back: ${plainLine(back)}`)}`]),
    ...discardLine(removal, style),
    ...(shown === "" ? [] : [`      ${style.yellow(`for good, as git ignores it: ${shown}${more}`)}`]),
  ];
}

function stayingLines(staying: Staying, style: Style, widths: Widths): readonly string[] {
  const { why, hint, refused } = staying;
  const symbol = refused ? style.yellow(style.symbol.warn) : style.dim(style.symbol.info);
  return [
    ...itemLines(symbol, staying, `stays: ${plainLine(why)}`, widths),
    ...(hint === null ? [] : [`      ${style.dim(plainLine(hint))}`]),
    ...discardLine(staying, style),
  ];
}

function discardLine(item: Removal | Staying, style: Style): readonly string[] {
  const command = discardCommand(item);
  return command === null ? [] : [`      ${style.dim(`throw it away instead, for good: ${command}`)}`];
}

/** Name and size in columns, the text beside them, wrapped below its own beginning. */
function itemLines(
  symbol: string,
  item: Removal | Staying,
  text: string,
  { name, size, line }: Widths,
): readonly string[] {
  const columns = `${item.name.padEnd(name)}  ${sizeOf(item).padStart(size)}`;
  const indent = columns.length + 6;
  const [first = "", ...rest] = wrap(text, Math.max(30, line - indent));
  return [`  ${symbol} ${columns}  ${first}`, ...rest.map((more) => `${" ".repeat(indent)}${more}`)];
}

function sizeOf({ size, path }: Removal | Staying): string {
  if (path === null) return "branch";
  return size === null ? "gone" : sizeText(size.bytes, !size.complete);
}
