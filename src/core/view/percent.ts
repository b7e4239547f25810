/** Shares for people. Source: domain §15. */

/** `floor(100 · part / total)`, so that 100 is printed only when all is done; null when there is nothing to count. */
export function percent(part: number, total: number): number | null {
  return total === 0 ? null : Math.floor((100 * part) / total);
}

/** Mean; null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
