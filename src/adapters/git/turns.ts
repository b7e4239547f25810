/** Limits how many pieces of work run at one time in this process. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `places` at a time, first come first served. */
export function createTurns(places: number): Turns {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
