const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** One or more numbers with units: `15m`, `1h30m`, `1.5s`. */
export const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** Longest time that a timer can be set to; longer ones would fire at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** Milliseconds of a duration such as `15m` or `1h30m`; null when it is not one or is zero. */
export function parseDuration(text: string): number | null {
  if (!DURATION.test(text)) return null;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
  const total = [...parts].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ""] ?? 0),
    0,
  );
  const rounded = Math.round(total);
  return Number.isSafeInteger(rounded) && rounded > 0 ? rounded : null;
}

/** Milliseconds of text that validation has accepted. Throws `RangeError` for anything else. */
export function requireDuration(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === null) throw new RangeError(`not a duration: ${text}`);
  return parsed;
}

/** The largest unit that gives a whole number: 5400000 becomes `90m`. */
export function renderDuration(milliseconds: number): string {
  const unit = ["d", "h", "m", "s"].find((candidate) => milliseconds % (UNITS[candidate] ?? 1) === 0) ?? "ms";
  return `${milliseconds / (UNITS[unit] ?? 1)}${unit}`;
}
