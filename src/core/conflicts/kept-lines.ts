/** Whether the result of a merge still has every line that one of the two sides wrote. */
import { diffLines, type Hunk, splitLines } from "./line-diff.ts";
import { changedPlaces } from "./merge-lines.ts";

/** Content of files by their path; a path that is not there is a file that does not exist. */
export type FileTexts = ReadonlyMap<string, string>;

/** A line that a side added and the result lacks. */
export interface DroppedLine {
  readonly path: string;
  /** 1-based, in the side's own version of the file. */
  readonly line: number;
  readonly text: string;
}

export interface DroppedLines {
  readonly ours: readonly DroppedLine[];
  readonly theirs: readonly DroppedLine[];
}

interface Side {
  readonly lines: readonly string[];
  readonly hunks: readonly Hunk[];
}

/**
 * Every line that either side added relative to `base` has to be in `result`, in the same file and as often as it was added: a
 * line of which a side wrote two more is missed when the result has one more. Every space counts, and blank lines do; where in
 * the file a line stands does not. What both sides added is due once where their changes touch, and once for each side elsewhere.
 * A line that a side only took away is not due.
 *
 * Gives the missing lines of each side, by path and line; both empty = nothing was dropped. Of equal lines the last ones are
 * named, and one that both added is named for both, also where only one of the two is missing. Two sides that gave one line two
 * new texts are both due: a result with one of them drops the other. A moved file counts as one that is gone and one that is new.
 */
export function droppedLines(
  base: FileTexts,
  ours: FileTexts,
  theirs: FileTexts,
  result: FileTexts,
): DroppedLines {
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted();
  const found = paths.map((path) => {
    const before = splitLines(base.get(path) ?? "");
    const sideOf = (texts: FileTexts): Side => {
      const lines = splitLines(texts.get(path) ?? "");
      return { lines, hunks: diffLines(before, lines) };
    };
    const [one, other] = [sideOf(ours), sideOf(theirs)];
    const missing = missingLines(before, one, other, splitLines(result.get(path) ?? ""));
    return { ours: named(path, one, missing), theirs: named(path, other, missing) };
  });
  return { ours: found.flatMap((one) => one.ours), theirs: found.flatMap((one) => one.theirs) };
}

/** How often each added line is in the result too rarely. */
function missingLines(
  base: readonly string[],
  ours: Side,
  theirs: Side,
  result: readonly string[],
): ReadonlyMap<string, number> {
  const due = dueAdditions(ours, theirs);
  if (due.size === 0) return due;
  const gone = new Set([...deletedAt(ours), ...deletedAt(theirs)]);
  const left = count(base.filter((_, at) => !gone.has(at)));
  const there = count(result);
  return new Map(
    [...due].flatMap(([text, times]) => {
      const missing = times + (left.get(text) ?? 0) - (there.get(text) ?? 0);
      return missing > 0 ? [[text, missing] as const] : [];
    }),
  );
}

/** How often each line was added, by both sides together. What both added where their changes touch counts once. */
function dueAdditions(ours: Side, theirs: Side): ReadonlyMap<string, number> {
  const due = new Map<string, number>();
  for (const place of changedPlaces(ours.hunks, theirs.hunks)) {
    const [one, other] = [count(added(ours, place.ours)), count(added(theirs, place.theirs))];
    for (const text of new Set([...one.keys(), ...other.keys()])) {
      const times = Math.max(one.get(text) ?? 0, other.get(text) ?? 0);
      due.set(text, (due.get(text) ?? 0) + times);
    }
  }
  return due;
}

function added({ lines }: Side, hunks: readonly Hunk[]): readonly string[] {
  return hunks.flatMap(({ start, end }) => lines.slice(start, end));
}

function deletedAt({ hunks }: Side): readonly number[] {
  return hunks.flatMap(({ baseStart, baseEnd }) =>
    Array.from({ length: baseEnd - baseStart }, (_, index) => baseStart + index),
  );
}

function named(path: string, { lines, hunks }: Side, missing: ReadonlyMap<string, number>): DroppedLine[] {
  const open = new Map(missing);
  const places = hunks.flatMap(({ start, end }) =>
    Array.from({ length: end - start }, (_, at) => start + at),
  );
  return places
    .toReversed()
    .flatMap((at) => {
      const text = lines[at] ?? "";
      const times = open.get(text) ?? 0;
      if (times === 0) return [];
      open.set(text, times - 1);
      return [{ path, line: at + 1, text }];
    })
    .toReversed();
}

function count(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
