/** How the rounds went: verdict and score of each, and how far the answers of the judges lay apart. */
import type { ReviewerSpread, RoundSpread, Spread } from "../../core/review/spread.ts";
import type { Round } from "../../core/workflow/round.ts";
import { clip, padded, wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import { countText } from "../output/units.ts";
import type { LineOptions } from "./meeting-lines.ts";

const READABLE = 100;

/** Columns of one round: `0.70 0.80 0.90` and what is between two rounds. */
const CELL = 14;
const GAP = 3;
const LONGEST_NAME = 24;

export function scoreLines(
  rounds: readonly Round[],
  spreads: readonly RoundSpread[],
  options: LineOptions,
): readonly string[] {
  if (rounds.length < 2 && rounds.every((round) => round.score == null) && spreads.length === 0) return [];
  const { style, width } = options;
  const room = Math.min(width, READABLE);
  const heads = rounds.flatMap((round) => {
    const score = typeof round.score === "number" ? `  ${round.score.toFixed(2)}` : "";
    const head = `  round ${round.round}  ${round.verdict ?? "under way"}${score}`;
    const why = plainLine(round.reason ?? "");
    if (head.length + 2 + why.length <= room) return [`${head}  ${style.dim(why)}`.trimEnd()];
    return [head, ...wrap(why, room - 6).map((line) => style.dim(`      ${line}`))];
  });
  const names = [...new Set(spreads.flatMap(({ reviewers }) => reviewers.map(({ reviewer }) => reviewer)))];
  return [...heads, ...names.flatMap((name) => spreadTable(name, spreads, options))];
}

/** Lowest, middle and highest answer of one reviewer: a row per dimension, a column per round, the last ones that fit. */
function spreadTable(
  reviewer: string,
  spreads: readonly RoundSpread[],
  { style, width }: LineOptions,
): readonly string[] {
  const all = spreads.flatMap(({ round, reviewers }) =>
    reviewers.filter((one) => one.reviewer === reviewer).map((one) => ({ round, ...one })),
  );
  const keys = new Map(all.flatMap(({ dimensions }) => dimensions.map(({ key, name }) => [key, name])));
  const label = Math.min(LONGEST_NAME, Math.max(9, ...[...keys.values()].map((name) => name.length)));
  const fits = Math.max(1, Math.floor((Math.min(width, READABLE) - 4 - label) / (CELL + GAP)));
  const shown = all.slice(-fits);
  const row = (name: string, cells: readonly string[]): string =>
    `    ${padded(clip(name, label), label)}${cells.map((cell) => " ".repeat(GAP) + padded(cell, CELL)).join("")}`.trimEnd();
  return [
    "",
    `  ${plainLine(reviewer)}  ${style.dim("lowest, middle and highest answer")}`,
    style.dim(
      row(
        "",
        shown.map(({ round }) => `round ${round}`),
      ),
    ),
    row(
      "composite",
      shown.map(({ composite }) => cellOf(composite)),
    ),
    ...[...keys].map(([key, name]) =>
      row(
        plainLine(name),
        shown.map((one) => cellOf(one.dimensions.find((each) => each.key === key) ?? null)),
      ),
    ),
    style.dim(row("apart", shown.map(apartText))),
    style.dim(row("answers", shown.map(answersText))),
  ];
}

function cellOf(spread: Spread | null): string {
  return spread === null
    ? "none"
    : [spread.min, spread.median, spread.max].map((one) => one.toFixed(2)).join(" ");
}

/** How far the composites lie apart. */
function apartText({ composite }: ReviewerSpread): string {
  return composite === null ? "" : composite.spread.toFixed(3);
}

function answersText({ samples, invalid }: ReviewerSpread): string {
  return invalid === 0 ? String(samples) : `${samples}, ${countText(invalid, "invalid", "invalid")}`;
}
