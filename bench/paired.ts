/**
 * Paired measurement: every round measures each subject once, close together in time and in alternating order, and only ratios
 * within a round are compared. What else the machine does then disturbs both sides alike.
 */

/** Measures itself once and resolves with milliseconds. */
export type Subject = () => number | Promise<number>;

export interface Distribution {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
}

export interface PairedResult {
  readonly rounds: number;
  /** Milliseconds by subject. */
  readonly ms: Readonly<Record<string, Distribution>>;
  /** Every subject against the baseline of the same round; the baseline itself is left out. */
  readonly ratio: Readonly<Record<string, Distribution>>;
}

/** Runs all subjects once without counting them, then `rounds` times. The first subject is the baseline. */
export async function pair(
  subjects: Readonly<Record<string, Subject>>,
  rounds: number,
): Promise<PairedResult> {
  const names = Object.keys(subjects);
  const [baseline = ""] = names;
  const taken = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    // There and back again: a machine that gets slower in the course of a round favours nobody.
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) {
      const ms = await subjects[name]?.();
      if (round >= 0 && ms !== undefined) taken.get(name)?.push(ms);
    }
  }
  const base = taken.get(baseline) ?? [];
  const ratios = (name: string): readonly number[] =>
    (taken.get(name) ?? []).map((ms, round) => ms / (base[round] ?? Number.NaN));
  return {
    rounds,
    ms: Object.fromEntries(names.map((name) => [name, distribution(taken.get(name) ?? [])])),
    ratio: Object.fromEntries(names.slice(1).map((name) => [name, distribution(ratios(name))])),
  };
}

export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
