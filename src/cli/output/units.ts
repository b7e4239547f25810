/** Numbers as people read them: durations, ages, money, counts. */

/** `850ms` is `0s`; `42s`, `4m12s`, `3h05m`, `2d4h`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m${two(seconds % 60)}s`;
  if (hours < 24) return `${hours}h${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

/** Age of an instant: `just now`, `42s ago`, `2d4h ago`. */
export function ageText(instant: string, nowMs: number): string {
  const ms = nowMs - Date.parse(instant);
  return ms < 1000 ? "just now" : `${durationText(ms)} ago`;
}

/** `$0.00`, `$1.23`, `$0.0042` (four digits below a cent), with `≥` where part of the cost is unknown. */
export function moneyText(usd: number, incomplete = false): string {
  const digits = usd > 0 && usd < 0.01 ? 4 : 2;
  return `${incomplete ? "≥ " : ""}$${usd.toFixed(digits)}`;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;

/** `0 B`, `812 kB`, `3.4 MB`, `27 GB`, with `≥` where not all was seen. */
export function sizeText(bytes: number, incomplete = false): string {
  const power = Math.min(SIZES.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power > 1 && value < 10 ? 1 : 0;
  return `${incomplete ? "≥ " : ""}${value.toFixed(digits)} ${SIZES[power]}`;
}

/** `1 agent`, `3 agents`; give the plural where it is not the singular plus s. */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Local time of day, `14:20:05`. */
export function clockText(instant: string): string {
  const date = new Date(instant);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** When something goes on: `14:20`, with seconds where that is soon, with the day where it is another one. Local time. */
export function momentText(instant: string, nowMs: number): string {
  const date = new Date(instant);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (Math.abs(date.getTime() - nowMs) < 300_000) return `${time}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
