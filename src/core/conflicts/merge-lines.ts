/** Three-way merge of lists of lines. Changes of the two sides that overlap or touch are a conflict, as for git. */
import { diffLines, type Hunk } from "./line-diff.ts";

type Lines = readonly string[];

interface Place {
  readonly baseStart: number;
  readonly baseEnd: number;
  readonly ours: readonly Hunk[];
  readonly theirs: readonly Hunk[];
}

/** What both sides come to; null where they changed the same place in two ways. */
export function mergeLines(base: Lines, ours: Lines, theirs: Lines): Lines | null {
  const merged: string[] = [];
  let at = 0;
  for (const place of changedPlaces(diffLines(base, ours), diffLines(base, theirs))) {
    const one = linesOf(base, ours, place, place.ours);
    const other = linesOf(base, theirs, place, place.theirs);
    if (place.ours.length > 0 && place.theirs.length > 0 && !sameLines(one, other)) return null;
    merged.push(...base.slice(at, place.baseStart), ...(place.ours.length > 0 ? one : other));
    at = place.baseEnd;
  }
  return [...merged, ...base.slice(at)];
}

/** Changes of both sides in order, as one place where they overlap or touch in the base. */
export function changedPlaces(ours: readonly Hunk[], theirs: readonly Hunk[]): readonly Place[] {
  const all = [
    ...ours.map((hunk) => ({ hunk, side: "ours" as const })),
    ...theirs.map((hunk) => ({ hunk, side: "theirs" as const })),
  ].toSorted((one, other) => one.hunk.baseStart - other.hunk.baseStart);
  const places: Place[] = [];
  for (const { hunk, side } of all) {
    const last = places.at(-1);
    if (last === undefined || hunk.baseStart > last.baseEnd) {
      const { baseStart, baseEnd } = hunk;
      places.push({ baseStart, baseEnd, ours: [], theirs: [], [side]: [hunk] });
    } else {
      const baseEnd = Math.max(last.baseEnd, hunk.baseEnd);
      places[places.length - 1] = { ...last, baseEnd, [side]: [...last[side], hunk] };
    }
  }
  return places;
}

/** A place of the base as one side has it. */
function linesOf(base: Lines, side: Lines, { baseStart, baseEnd }: Place, hunks: readonly Hunk[]): Lines {
  const lines: string[] = [];
  let at = baseStart;
  for (const hunk of hunks) {
    lines.push(...base.slice(at, hunk.baseStart), ...side.slice(hunk.start, hunk.end));
    at = hunk.baseEnd;
  }
  return [...lines, ...base.slice(at, baseEnd)];
}

function sameLines(one: Lines, other: Lines): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
