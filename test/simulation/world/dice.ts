/**
 * Chance from a seed. A name always gives the same number, whatever else was asked before it: leaving a fault out changes
 * what follows from it and nothing else, which is what makes a failing history short.
 */
export interface Dice {
  /** In [0, 1). */
  roll(name: string): number;
  chance(name: string, probability: number): boolean;
  /** Both ends included. */
  int(name: string, from: number, to: number): number;
  /** Throws for an empty list. */
  pick<T>(name: string, items: readonly T[]): T;
  /** Dice of their own for one part. */
  of(part: string): Dice;
}

export function createDice(seed: string): Dice {
  const start = hash(0x811c9dc5, seed);
  const roll = (name: string): number => mix(hash(start, name)) / 0x1_0000_0000;
  return {
    roll,
    chance: (name, probability) => roll(name) < probability,
    int: (name, from, to) => from + Math.floor(roll(name) * (to - from + 1)),
    pick: (name, items) => {
      const item = items[Math.floor(roll(name) * items.length)];
      if (item === undefined) throw new Error(`nothing to pick from for ${name}`);
      return item;
    },
    of: (part) => createDice(`${seed}/${part}`),
  };
}

/** FNV-1a, 32 bits. */
function hash(from: number, text: string): number {
  let value = from;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Spreads neighbouring values over all 32 bits. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
