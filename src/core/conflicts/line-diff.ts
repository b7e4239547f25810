/** What changed between two texts, line by line. A line is what stands between two line feeds, every space in it counts. */

/** Lines `baseStart` to `baseEnd` became lines `start` to `end`: 0-based, the end not included; one of the two may be empty. */
export interface Hunk {
  readonly baseStart: number;
  readonly baseEnd: number;
  readonly start: number;
  readonly end: number;
}

type Lines = readonly string[];

interface Area {
  readonly from: number;
  readonly to: number;
  readonly sideFrom: number;
  readonly sideTo: number;
}

/** Cells of a table of line pairs. A larger area counts as changed as a whole: more is then called changed, never less. */
const CELLS = 4_000_000;

/** A line feed at the end ends the last line and begins none. A carriage return is part of its line. */
export function splitLines(text: string): Lines {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/**
 * Changes in order; no two of them touch. A change that could stand at several places, such as one more of several equal lines,
 * stands at the last of them, so that the same change of two sides is found at the same place.
 */
export function diffLines(base: Lines, side: Lines): readonly Hunk[] {
  const partner = new Map<number, number>();
  const open: Area[] = [{ from: 0, to: base.length, sideFrom: 0, sideTo: side.length }];
  for (let area = open.pop(); area !== undefined; area = open.pop()) {
    const rest = matchEnds(base, side, area, partner);
    if (rest.from === rest.to || rest.sideFrom === rest.sideTo) continue;
    const anchors = uniqueInBoth(base, side, rest);
    if (anchors.length > 0) open.push(...between(rest, anchors));
    else matchLongest(base, side, rest, partner);
  }
  return settled(base, side, gaps(base.length, side.length, partner));
}

/** Pairs the equal lines at both ends of an area and gives what is left between them. */
function matchEnds(base: Lines, side: Lines, area: Area, partner: Map<number, number>): Area {
  let { from, to, sideFrom, sideTo } = area;
  while (from < to && sideFrom < sideTo && base[from] === side[sideFrom]) {
    partner.set(from, sideFrom);
    from += 1;
    sideFrom += 1;
  }
  while (from < to && sideFrom < sideTo && base[to - 1] === side[sideTo - 1]) {
    to -= 1;
    sideTo -= 1;
    partner.set(to, sideTo);
  }
  return { from, to, sideFrom, sideTo };
}

/** Pairs of lines that each side has once, in an order that both have. */
function uniqueInBoth(base: Lines, side: Lines, area: Area): readonly (readonly [number, number])[] {
  const inSide = onceIn(side, area.sideFrom, area.sideTo);
  const pairs = [...onceIn(base, area.from, area.to)].flatMap(([line, at]) => {
    const other = inSide.get(line);
    return other === undefined ? [] : [[at, other] as const];
  });
  return longestRising(pairs.toSorted(([one], [other]) => one - other));
}

function onceIn(lines: Lines, from: number, to: number): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  const twice = new Set<string>();
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? "";
    if (seen.has(line)) twice.add(line);
    seen.set(line, at);
  }
  for (const line of twice) seen.delete(line);
  return seen;
}

/** The longest choice of pairs whose second numbers rise; the first ones do already. */
function longestRising(
  pairs: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, [, value]] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? -1 : (ends[low - 1] ?? -1));
    ends[low] = index;
  }
  const chosen: (readonly [number, number])[] = [];
  for (let at = ends.at(-1) ?? -1; at !== -1; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) chosen.push(pair);
  }
  return chosen.toReversed();
}

/** The areas that anchors cut out; each begins with its anchor. */
function between(area: Area, anchors: readonly (readonly [number, number])[]): readonly Area[] {
  const starts = [[area.from, area.sideFrom] as const, ...anchors];
  return starts.map(([from, sideFrom], index) => {
    const [to, sideTo] = starts[index + 1] ?? [area.to, area.sideTo];
    return { from, to, sideFrom, sideTo };
  });
}

/** Pairs the longest common subsequence of an area in which nothing is unique. */
function matchLongest(base: Lines, side: Lines, area: Area, partner: Map<number, number>): void {
  const rows = area.to - area.from;
  const columns = area.sideTo - area.sideFrom;
  if (rows * columns > CELLS) return;
  const width = columns + 1;
  const best = new Uint32Array((rows + 1) * width);
  const same = (row: number, column: number): boolean =>
    base[area.from + row] === side[area.sideFrom + column];
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1)
    for (let column = columns - 1; column >= 0; column -= 1)
      best[row * width + column] = same(row, column)
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (same(row, column)) {
      partner.set(area.from + row, area.sideFrom + column);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
}

function gaps(length: number, sideLength: number, partner: ReadonlyMap<number, number>): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let baseStart = 0;
  let start = 0;
  const close = (baseEnd: number, end: number): void => {
    if (baseEnd > baseStart || end > start) hunks.push({ baseStart, baseEnd, start, end });
  };
  for (let at = 0; at < length; at += 1) {
    const other = partner.get(at);
    if (other === undefined) continue;
    close(at, other);
    baseStart = at + 1;
    start = other + 1;
  }
  close(length, sideLength);
  return hunks;
}

/** Moves pure additions and deletions down as far as they go, and joins what comes to touch. */
function settled(base: Lines, side: Lines, hunks: readonly Hunk[]): readonly Hunk[] {
  const done: Hunk[] = [];
  for (const hunk of hunks.toReversed()) {
    const next = done.at(-1);
    const moved = slideDown(base, side, hunk, next?.baseStart ?? base.length);
    if (next === undefined || moved.baseEnd < next.baseStart) done.push(moved);
    else done[done.length - 1] = { ...next, baseStart: moved.baseStart, start: moved.start };
  }
  return done.toReversed();
}

function slideDown(base: Lines, side: Lines, hunk: Hunk, limit: number): Hunk {
  let { baseStart, baseEnd, start, end } = hunk;
  const adds = baseStart === baseEnd;
  if (!adds && start !== end) return hunk;
  const [lines, first, last] = adds ? [side, start, end] : [base, baseStart, baseEnd];
  for (let by = 0; baseEnd < limit && lines[first + by] === lines[last + by]; by += 1) {
    baseStart += 1;
    baseEnd += 1;
    start += 1;
    end += 1;
  }
  return { baseStart, baseEnd, start, end };
}
