/** The directions of a barrier, in all spellings: `a -> b`, `a->b`, `a <-> b`, and the strict list `send`. */

import { BARRIER_KEYS } from "./schema/definition-schema.ts";
import type { Path, Problem } from "./source/diagnostic.ts";
import { asList, asMap, asText, kindOf, own, type PlainMap } from "./source/plain.ts";
import { nearest } from "./source/spelling.ts";

/** One direction with the place it was written at; both halves of `a <-> b` share theirs. */
export interface DirectionAt {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly path: Path;
}

/** What a barrier says, and the keys of it that are no directions. */
export interface Directions {
  readonly directions: readonly DirectionAt[];
  readonly problems: readonly Problem[];
}

const ARROW = /^\s*(\S+?)\s*(<->|->)\s*(\S+)\s*$/;

/** Directions in the order in which they are written; `a <-> b` gives both, with the same text. */
export function readDirections(barrier: PlainMap, path: Path): Directions {
  const found = Object.entries(barrier).map(([key, value]) => directionsOfKey(key, value, [...path, key]));
  return {
    directions: found.flatMap((one) => one.directions),
    problems: found.flatMap((one) => one.problems),
  };
}

function directionsOfKey(key: string, value: unknown, path: Path): Directions {
  if (key === "send") return { directions: strictDirections(value, path), problems: [] };
  if (BARRIER_KEYS.includes(key) || key === "phase") return { directions: [], problems: [] };
  const arrow = ARROW.exec(key);
  if (arrow === null) return { directions: [], problems: [strangeKey(key, path)] };
  const [, from = "", mark = "", to = ""] = arrow;
  const text = asText(value);
  if (text === undefined) return { directions: [], problems: [noText(key, value, path)] };
  const forth: DirectionAt = { from, to, text, path };
  return { directions: mark === "->" ? [forth] : [forth, { from: to, to: from, text, path }], problems: [] };
}

function strictDirections(value: unknown, path: Path): readonly DirectionAt[] {
  return asList(value).flatMap((item, index) => {
    const map = asMap(item);
    const [from, to, text] = ["from", "to", "text"].map((key) => asText(own(map, key)));
    if (from === undefined || to === undefined || text === undefined) return [];
    return [{ from, to, text, path: [...path, index] }];
  });
}

function strangeKey(key: string, path: Path): Problem {
  const suggestion = nearest(key, BARRIER_KEYS);
  const reversed = key.includes("<-") || key.includes("=>") || key.includes("→");
  return {
    path,
    atKey: true,
    message: `unknown key \`${key}\``,
    expected: `a direction such as \`a -> b\`, or one of ${BARRIER_KEYS.join(", ")}`,
    ...(suggestion === undefined ? {} : { nearest: suggestion }),
    ...(reversed ? { hint: "Directions are written `a -> b` or `a <-> b`." } : {}),
  };
}

function noText(key: string, value: unknown, path: Path): Problem {
  const nothing = value === null || value === undefined || value === "";
  return {
    path,
    message: nothing
      ? `the direction \`${key}\` has no text`
      : `${kindOf(value)} does not fit the direction \`${key}\``,
    expected: "text that says what the handoff must carry",
  };
}
