/** Events as lines for people. Bookkeeping that says nothing to a reader gives null. */
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import { DELIVERABLE } from "./events/deliverable.ts";
import { PERSON } from "./events/person.ts";
import { ROUND } from "./events/round.ts";
import { STAGE } from "./events/stage.ts";
import type { EventText, EventType, Tone, WordsFor } from "./events/words.ts";
import { WORKFLOW } from "./events/workflow.ts";
import { plainLine } from "./plain.ts";
import type { Style } from "./style.ts";
import { clockText } from "./units.ts";

const WORDS: WordsFor<EventType> = { ...WORKFLOW, ...STAGE, ...DELIVERABLE, ...ROUND, ...PERSON };

/**
 * `14:20:05  ✓ agent-a-001  round 1 passed with 0.94` for each event that is shown. Give the events of one moment together: a
 * reason that several of them carry, such as a crash, the failure that it led to and the question about it, is told once.
 */
export function eventLines(events: readonly WorkflowEvent[], style: Style): readonly string[] {
  const said = events.flatMap((event) => {
    const text = eventText(event);
    return text === null ? [] : [{ at: event.at, ...text }];
  });
  return said.map(({ at, tone, subject, text, why }, i) => {
    const { paint, symbol } = look(tone, style);
    const later = said.slice(i + 1).map((one) => `${one.text}: ${one.why ?? ""}`);
    const reason = why === undefined || later.some((one) => one.includes(why)) ? "" : `: ${why}`;
    return `${style.dim(clockText(at))}  ${paint(symbol)} ${style.bold(plainLine(subject))}  ${plainLine(text + reason)}`;
  });
}

/** The words of an event. */
export function eventText(event: WorkflowEvent): EventText | null {
  // The table has the words of each type under that type: the compiler cannot see it through a union.
  const words = WORDS[event.type] as (event: WorkflowEvent) => EventText | null;
  return words(event);
}

function look(
  tone: Tone,
  style: Style,
): { readonly paint: (text: string) => string; readonly symbol: string } {
  const { symbol } = style;
  if (tone === "good") return { paint: style.green, symbol: symbol.done };
  if (tone === "bad") return { paint: style.red, symbol: symbol.fail };
  if (tone === "ask") return { paint: style.magenta, symbol: symbol.ask };
  return tone === "work"
    ? { paint: style.cyan, symbol: symbol.run }
    : { paint: style.dim, symbol: symbol.info };
}
