/**
 * Everything that will happen, by time. One thing happens after the other, so that a seed has exactly one history.
 *
 * Two times: of the machine being awake, by which everything is ordered, and of the wall, which jumps.
 */
import type { Instant } from "../../../src/core/vocabulary.ts";

/** Takes a planned thing back; later calls do nothing. */
export type Cancel = () => void;

interface Planned {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

interface WallWait {
  readonly atMs: number;
  readonly run: () => void;
  cancel: Cancel;
}

export class Schedule {
  /** Awake time in milliseconds. */
  nowMs = 0;
  readonly #heap: Planned[] = [];
  readonly #waits = new Set<WallWait>();
  #offsetMs: number;
  #order = 0;

  constructor(start: Instant) {
    this.#offsetMs = Date.parse(start);
  }

  get wallMs(): number {
    return this.nowMs + this.#offsetMs;
  }

  /** Whole seconds, as the clock of the product tells them. */
  get wall(): Instant {
    return toInstant(this.wallMs);
  }

  after(delayMs: number, run: () => void): Cancel {
    const planned: Planned = { atMs: this.nowMs + delayMs, order: this.#order, run };
    this.#order += 1;
    this.#push(planned);
    return () => {
      planned.run = null;
    };
  }

  /** At a time of the wall; at once where it has come already. */
  whenWall(atMs: number, run: () => void): Cancel {
    const wait: WallWait = { atMs, run, cancel: () => {} };
    this.#waits.add(wait);
    this.#arm(wait);
    return () => {
      wait.cancel();
      this.#waits.delete(wait);
    };
  }

  /** The wall clock is set forward or back, or the machine slept through that time. */
  jump(ms: number): void {
    this.#offsetMs += ms;
    for (const wait of this.#waits) {
      wait.cancel();
      this.#arm(wait);
    }
  }

  /** Takes the next thing out and moves to its time; null when nothing is planned. */
  next(): (() => void) | null {
    for (let planned = this.#pop(); planned !== undefined; planned = this.#pop()) {
      if (planned.run === null) continue;
      this.nowMs = Math.max(this.nowMs, planned.atMs);
      return planned.run;
    }
    return null;
  }

  /** Runs what is due until then, and moves there: for whoever lets time pass by a real clock. */
  runUntil(ms: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= ms; first = this.#heap[0]) {
      this.#pop();
      if (first.run !== null) this.nowMs = Math.max(this.nowMs, first.atMs);
      first.run?.();
    }
    this.nowMs = Math.max(this.nowMs, ms);
  }

  #arm(wait: WallWait): void {
    wait.cancel = this.after(Math.max(0, wait.atMs - this.wallMs), () => {
      this.#waits.delete(wait);
      wait.run();
    });
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let at = heap.push(planned) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(planned, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = planned;
  }

  #pop(): Planned | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[at * 2 + 1];
      const right = heap[at * 2 + 2];
      const below = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (below === undefined || !isBefore(below, last)) break;
      heap[at] = below;
      at = at * 2 + (below === left ? 1 : 2);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Planned, other: Planned): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

export function toInstant(ms: number): Instant {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
