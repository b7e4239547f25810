import { textWidth } from "../../core/text-width.ts";
import { clip } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { ageText } from "../output/units.ts";
import { type InboxItem, nameOf } from "./collect.ts";

export interface ItemOptions {
  readonly style: Style;
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What answers do stands in a column, unless commands with long paths would push it out of sight. */
const LONGEST_COMMAND = 60;

/** Subject, reason and age; where; how to look at it; each answer with what it does. */
export function itemLines(
  { place, workflow, entry, look }: InboxItem,
  options: ItemOptions,
): readonly string[] {
  const { style, width, now } = options;
  const age = ageText(entry.since, now);
  const room = Math.max(20, width - textWidth(entry.subject) - age.length - 6);
  const subject = style.bold(plainLine(entry.subject));
  return [
    `${style.magenta(style.symbol.ask)} ${subject}  ${clip(plainLine(entry.reason), room)}  ${style.dim(age)}`,
    `  ${style.dim(`${plainLine(nameOf(place))} ${style.symbol.dot} ${workflow}`)}`,
    ...(look === null ? [] : [`    ${style.dim(plainLine(`look at it: ${look}`))}`]),
    ...answerLines(entry, options),
  ];
}

function answerLines({ answers }: InboxItem["entry"], { style }: ItemOptions): readonly string[] {
  const longest = Math.max(...answers.map(({ command }) => textWidth(command)));
  const fits = longest <= LONGEST_COMMAND;
  return answers.map(({ command, effect }) => {
    const gap = fits ? " ".repeat(longest - textWidth(command)) : "";
    return `    ${command}${gap}  ${style.dim(effect)}`;
  });
}
