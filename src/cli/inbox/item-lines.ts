import { answerLines, type WaitingOptions, waitingHead } from "../board/waiting-lines.ts";
import { plainLine } from "../output/plain.ts";
import type { InboxItem } from "./collect.ts";
import { nameOf } from "./places.ts";

/** Subject, reason and age; where; how to look at it; each answer with what it does. */
export function itemLines(
  { place, workflow, entry, look }: InboxItem,
  options: WaitingOptions,
): readonly string[] {
  const { dim, symbol } = options.style;
  return [
    ...waitingHead(entry, options),
    `    ${dim(`in ${plainLine(nameOf(place))} ${symbol.dot} ${workflow}`)}`,
    ...(look === null ? [] : [`    ${dim(plainLine(`look at it: ${look}`))}`]),
    ...answerLines(entry.answers, options),
  ];
}
