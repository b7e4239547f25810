/** Times in the rows of a tracker: with a zone, without one, or a day alone (domain §22 no. 16). */
import { toMs } from "../../instant.ts";

export interface RowTime {
  readonly form: "zoned" | "local" | "day";
  /** Since 1970-01-01, as if what has no zone were UTC. */
  readonly ms: number;
}

const PATTERN =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(?:(Z|UTC)|([+-])(\d{2}):?(\d{2}))?)?$/i;
const HOUR = 3_600_000;
/** No place on earth is further from UTC than these. */
const WEST = 12 * HOUR;
const EAST = 14 * HOUR;

/** Null for what is no time. */
export function parseRowTime(text: string): RowTime | null {
  const match = PATTERN.exec(text.trim());
  if (match === null) return null;
  const [, day = "", time, seconds = "00", zulu, sign, hours = "0", minutes = "0"] = match;
  const ms = toMs(`${day}T${time ?? "00:00"}:${seconds}Z`);
  if (Number.isNaN(ms)) return null;
  if (time === undefined) return { form: "day", ms };
  if (sign === undefined) return { form: zulu === undefined ? "local" : "zoned", ms };
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return { form: "zoned", ms: sign === "+" ? ms - offset : ms + offset };
}

/** Above 0 where `one` is later for certain, below 0 where `other` is; 0 where nobody can tell. */
export function compareTimes(one: RowTime, other: RowTime): number {
  if (one.form === other.form) return one.ms - other.ms;
  if (earliest(one) > latest(other)) return 1;
  return earliest(other) > latest(one) ? -1 : 0;
}

function earliest({ form, ms }: RowTime): number {
  return form === "zoned" ? ms : ms - EAST;
}

function latest({ form, ms }: RowTime): number {
  if (form === "zoned") return ms;
  return ms + WEST + (form === "day" ? 24 * HOUR : 0);
}
