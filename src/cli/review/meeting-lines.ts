/** What a slot meets when it is merged or landed, for people. Text of a repository is made harmless for a terminal. */
import type { Encounter, MetFile } from "../../core/conflicts/encounters.ts";
import { lineLabel } from "../../core/conflicts/lines.ts";
import { filesText, kindText } from "../../core/conflicts/words.ts";
import type { Meetings, Merging } from "../../core/review/merging.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText } from "../output/units.ts";
import type { LandingOutlook } from "./facts.ts";

/** Files of one encounter that get a line of their own. */
const SHOWN = 5;

export interface LineOptions {
  readonly style: Style;
  /** Columns of the terminal. */
  readonly width: number;
}

/** One block per line that conflicts, one line per line that overlaps. */
export function encounterLines(
  state: WorkflowState,
  { encounters, compared }: Meetings,
  { style, width }: LineOptions,
): readonly string[] {
  const clean = compared - encounters.length;
  const rest =
    encounters.length === 0
      ? `  ${style.green(style.symbol.done)} nothing in common with ${countText(compared, "other line")}`
      : style.dim(`  ${style.symbol.done} nothing in common with ${countText(clean, "other line")}`);
  return [
    ...encounters.flatMap((one) => encounterBlock(state, one, style, width)),
    ...(compared === 0 || (clean === 0 && encounters.length > 0) ? [] : [rest]),
  ];
}

function encounterBlock(
  state: WorkflowState,
  { line, result, files }: Encounter,
  style: Style,
  width: number,
): readonly string[] {
  const name = style.bold(lineLabel(line, state.plan.base.target));
  switch (result) {
    case "unrelated":
      return [`  ${style.red(style.symbol.fail)} ${name} has no history in common with it`];
    case "overlaps": {
      const text = `changes ${namesOf(files)} too, and merges`;
      return marked(style.yellow(style.symbol.warn), `${name} ${text}`, width);
    }
    case "conflicts":
      return [`  ${style.red(style.symbol.fail)} ${name} conflicts with it`, ...fileLines(files, style)];
    default:
      return result satisfies never;
  }
}

function fileLines(files: readonly MetFile[], style: Style): readonly string[] {
  const shown = files.slice(0, SHOWN).map(({ path, kind }) => ({ path: plainLine(path), kind }));
  const width = Math.max(...shown.map(({ path }) => path.length));
  const rest = files.length - shown.length;
  return [
    ...shown.map(({ path, kind }) =>
      `      ${path.padEnd(width)}  ${style.dim(kind === null ? "" : kindText(kind))}`.trimEnd(),
    ),
    ...(rest === 0 ? [] : [style.dim(`      and ${countText(rest, "more file")}`)]),
  ];
}

/** What merging it now would do; nothing for work that is merged or was never made. */
export function mergingLines(merging: Merging, { style, width }: LineOptions): readonly string[] {
  const { symbol } = style;
  switch (merging.kind) {
    case "nothing":
      return [];
    case "merged":
      return [`  ${style.green(symbol.done)} merged already, as ${merging.commit.slice(0, 8)}`];
    case "conflicts":
      return marked(
        style.red(symbol.fail),
        `it does not merge with what is merged so far${merging.files.length === 0 ? "" : `: ${namesOf(merging.files)}`}; you would be asked how to go on`,
        width,
      );
    case "clean":
      return [
        ...marked(style.green(symbol.done), cleanText(merging.overlaps), width),
        ...afterLines(merging.after, style, width),
      ];
    default:
      return merging satisfies never;
  }
}

function cleanText(overlaps: readonly string[]): string {
  const both = overlaps.length === 0 ? "" : `; both changed ${namesOf(overlaps.map((path) => ({ path })))}`;
  return `it merges with what is merged so far${both}`;
}

function afterLines(after: readonly Encounter[] | null, style: Style, width: number): readonly string[] {
  if (after === null) return [];
  if (after.length === 0) return [style.dim(`  ${style.symbol.done} no other slot runs into it then`)];
  return after.flatMap(({ line, files }) =>
    marked(style.yellow(style.symbol.warn), `${line} would then conflict in ${namesOf(files)}`, width),
  );
}

/** What landing it would do; empty where there is nothing to say. */
export function landingLines(
  outlook: LandingOutlook,
  slot: string,
  workflow: string,
  { style, width }: LineOptions,
): readonly string[] {
  if (outlook.kind === "whole")
    return ["  with the whole workflow, when it is complete:", `    signalbox land -w ${workflow}`];
  if (outlook.kind !== "clean") return wrapped(landingText(outlook, slot), width);
  const moved = outlook.moved ? ", which has moved since the start; no conflict" : "";
  return [
    ...wrapped(`one commit on ${outlook.target}${moved}`, width),
    ...outlook.others.flatMap((other) =>
      marked(
        style.yellow(style.symbol.warn),
        `${other.slot} would then conflict in ${namesOf(other.files.map((path) => ({ path })))}; land it first, or send it back after`,
        width,
      ),
    ),
  ];
}

function landingText(outlook: Exclude<LandingOutlook, { kind: "clean" | "whole" }>, slot: string): string {
  switch (outlook.kind) {
    case "landed":
      return `landed on ${outlook.landing.target} as ${outlook.landing.commit.slice(0, 8)} by ${outlook.landing.by}`;
    case "conflict":
      return `conflicts with ${outlook.target} in ${namesOf(outlook.files.map((path) => ({ path })))}; send it back to bring both together`;
    case "no-target":
      return `no target is known; name one: signalbox land ${slot} --to main`;
    case "nothing":
      return "nothing to land yet";
    default:
      return outlook satisfies never;
  }
}

function namesOf(files: readonly { readonly path: string }[]): string {
  return filesText(files.map(({ path }) => ({ path: plainLine(path) })));
}

const READABLE = 100;

function wrapped(text: string, width: number): readonly string[] {
  return wrap(text, Math.min(width, READABLE) - 2).map((line) => `  ${line}`);
}

/** A mark, then text; what does not fit stands below the text. */
export function marked(mark: string, text: string, width: number, indent = "  "): readonly string[] {
  const lines = wrap(text, Math.min(width, READABLE) - indent.length - 2);
  return lines.map((line, index) => (index === 0 ? `${indent}${mark} ${line}` : `${indent}  ${line}`));
}
