/** The order of merged rows: that of the side that changed it, new rows behind the row that they were put behind. */

type Ids = readonly string[];

/**
 * All ids that a side has beside those of the base that one side took away; null where both sides changed the order, each its way.
 * Where both put new ones at the same place, these stand in the order of their ids. Which side is called ours makes no difference,
 * and merging the result with one of the sides gives it again.
 */
export function mergeOrder(base: Ids, ours: Ids, theirs: Ids): Ids | null {
  const old = new Set(base);
  const [inOurs, inTheirs] = [new Set(ours), new Set(theirs)];
  const common = (ids: Ids): Ids => ids.filter((id) => old.has(id) && inOurs.has(id) && inTheirs.has(id));
  const skeleton = changedOrder(common(base), common(ours), common(theirs));
  if (skeleton === null) return null;
  const [one, other] = [newIds(ours, old, skeleton), newIds(theirs, old, skeleton)];
  const placeOf = (id: string): number => Math.min(one.get(id) ?? Infinity, other.get(id) ?? Infinity);
  const at = (ids: ReadonlyMap<string, number>, place: number): Ids =>
    [...ids.keys()].filter((id) => placeOf(id) === place);
  return ["", ...skeleton].flatMap((id, place) => {
    const added = together(at(one, place), at(other, place));
    return place === 0 ? added : [id, ...added];
  });
}

function changedOrder(base: Ids, ours: Ids, theirs: Ids): Ids | null {
  const same = (one: Ids, other: Ids): boolean => one.every((id, index) => id === other[index]);
  if (same(ours, base)) return theirs;
  return same(theirs, base) || same(ours, theirs) ? ours : null;
}

/** New ids with the number of common rows that they were put behind. */
function newIds(ids: Ids, old: ReadonlySet<string>, skeleton: Ids): ReadonlyMap<string, number> {
  const places = new Map(skeleton.map((id, index) => [id, index + 1]));
  const found = new Map<string, number>();
  let place = 0;
  for (const id of ids) {
    place = places.get(id) ?? place;
    if (!old.has(id)) found.set(id, place);
  }
  return found;
}

function together(one: Ids, other: Ids): Ids {
  if (other.length === 0 || one.join("\0") === other.join("\0")) return one;
  return one.length === 0 ? other : [...new Set([...one, ...other])].toSorted(byNumber);
}

/** `TASK-9` before `TASK-10`. */
function byNumber(one: string, other: string): number {
  const [a = "", b = ""] = [one, other].map((id) => id.replace(/\d+/g, (digits) => digits.padStart(12, "0")));
  if (a === b) return one < other ? -1 : 1;
  return a < b ? -1 : 1;
}
