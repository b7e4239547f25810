/** Merges the rows of one status table by their ids. */
import { mergeLines } from "../merge-lines.ts";
import { mergeOrder } from "./order.ts";
import { compareTimes, parseRowTime } from "./row-time.ts";
import { cellsOf, plainRow, type Table } from "./tables.ts";

/** A row that gave way to a later one of the same id. */
export interface SupersededRow {
  readonly id: string;
  readonly side: "ours" | "theirs";
  /** In its plain form. */
  readonly row: string;
}

export type MergedRows =
  | { readonly ok: true; readonly rows: readonly string[]; readonly superseded: readonly SupersededRow[] }
  | { readonly ok: false; readonly because: string };

type Rows = ReadonlyMap<string, string>;
/** Rows of base, ours and theirs; undefined where there is none. */
type Versions = readonly [string | undefined, string | undefined, string | undefined];

const ID_COLUMN = /^(?:#|key|id)$|\bid$/i;
const TIME_COLUMN = /^(?:last )?(?:updated?|modified|changed|timestamp)(?: (?:at|on))?$/i;
/** Ids of the worktracker (domain §25), also as the text of a link. */
const ENTITY = /^\[?[`*_]*[A-Z][A-Z0-9]*-\d+/;

/**
 * Three versions of one table. A row that one side changed is that side's; one that both changed is that of the later time, where both
 * moved the time on. Rows that only one side has are new, or were taken away by the other, which must not have changed them.
 */
export function mergeRows(base: Table | undefined, ours: Table, theirs: Table): MergedRows {
  const tables = [base?.rows ?? [], ours.rows, theirs.rows] as const;
  const column = idColumn(ours.columns, tables);
  const [b, o, t] = tables.map((rows) => rowsById(rows, column, ours.columns.length));
  if (b == null || o == null || t == null) return mergeUnnamed(...tables);
  const times = ours.columns.findIndex((name) => TIME_COLUMN.test(name));
  return mergeNamed(b, o, t, times);
}

/** By position: nothing says which row is which. */
function mergeUnnamed(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): MergedRows {
  const rows = mergeLines(base, ours, theirs);
  if (rows !== null) return { ok: true, rows, superseded: [] };
  return { ok: false, because: "a table whose rows have no ids of their own changed on both sides" };
}

function mergeNamed(base: Rows, ours: Rows, theirs: Rows, times: number): MergedRows {
  const chosen = new Map<string, string>();
  const superseded: SupersededRow[] = [];
  for (const id of new Set([...ours.keys(), ...theirs.keys()])) {
    const versions: Versions = [base.get(id), ours.get(id), theirs.get(id)];
    const choice = choose(versions, times);
    if (choice === null) return { ok: false, because: rowConflict(id, versions) };
    if (choice.row !== undefined) chosen.set(id, choice.row);
    if (choice.loser !== undefined)
      superseded.push({
        id,
        side: choice.loser,
        row: plainRow(versions[choice.loser === "ours" ? 1 : 2] ?? ""),
      });
  }
  const order = mergeOrder([...base.keys()], [...ours.keys()], [...theirs.keys()]);
  if (order === null) return { ok: false, because: "both sides put the rows of a table into another order" };
  const rows = order.flatMap((id) => chosen.get(id) ?? []);
  return { ok: true, rows, superseded: superseded.toSorted((one, other) => (one.id < other.id ? -1 : 1)) };
}

interface Choice {
  /** Undefined = the row goes. */
  readonly row: string | undefined;
  readonly loser?: "ours" | "theirs";
}

/** Null where a person has to say. */
function choose([base, ours, theirs]: Versions, times: number): Choice | null {
  const [b, o, t] = [base, ours, theirs].map((row) => (row === undefined ? undefined : plainRow(row)));
  if (o === t) return { row: sameRow(base, ours, theirs) };
  if (o === b) return { row: theirs };
  if (t === b) return { row: ours };
  if (ours === undefined || theirs === undefined) return null;
  const decided = compareRows(base, ours, theirs, times);
  if (decided === 0) return null;
  return decided > 0 ? { row: ours, loser: "theirs" } : { row: theirs, loser: "ours" };
}

/** A time that a side left as it was says nothing about what that side changed. */
function compareRows(base: string | undefined, ours: string, theirs: string, times: number): number {
  const [before, one, other] = [base ?? "", ours, theirs].map((row) =>
    parseRowTime(cellsOf(row)[times] ?? ""),
  );
  if (one == null || other == null) return 0;
  const moved = (time: typeof one): boolean => before == null || compareTimes(time, before) > 0;
  return moved(one) && moved(other) ? compareTimes(one, other) : 0;
}

/** Of equal rows that only differ in blanks: the one that was changed; of two such the same one whichever side is asked first. */
export function sameRow(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
): string | undefined {
  if (ours === undefined || theirs === undefined || ours === theirs) return ours;
  if (ours === base) return theirs;
  if (theirs === base) return ours;
  return ours > theirs ? ours : theirs;
}

function rowConflict(id: string, [, ours, theirs]: Versions): string {
  if (ours === undefined || theirs === undefined)
    return `${id} was changed on one side and taken away on the other`;
  return `${id} changed on both sides, and no time says which is later`;
}

/** -1 where no column can tell the rows apart. */
function idColumn(columns: readonly string[], tables: readonly (readonly string[])[]): number {
  const named = columns.findIndex((name) => ID_COLUMN.test(name));
  if (named !== -1) return named;
  const rows = tables.flat().map(cellsOf);
  return columns.findIndex((_, at) => rows.length > 0 && rows.every((cells) => ENTITY.test(cells[at] ?? "")));
}

/** Null where rows are not told apart by the column, or have other cells than the table. */
function rowsById(rows: readonly string[], column: number, width: number): Rows | null {
  const found = new Map<string, string>();
  for (const row of rows) {
    const cells = cellsOf(row);
    const id = cells[column] ?? "";
    if (id === "" || cells.length !== width || found.has(id)) return null;
    found.set(id, row);
  }
  return found;
}
