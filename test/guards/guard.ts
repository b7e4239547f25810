/** A guard that can be switched off, and the source without it. */
import { type Edit, edited } from "../support/edited.ts";

export interface Guard extends Edit {
  /** What happens without it, as the end of a sentence that begins with "so that". */
  readonly name: string;
  /** Test file in which at least one test fails without it. */
  readonly test: string;
}

/** Name of the variable that carries the name of the guard to switch off. */
export const SWITCHED_OFF = "SIGNALBOX_GUARD_OFF";

/** Text of the guard's file without the guard. Throws where what is to be replaced does not stand there exactly once. */
export function withoutGuard(source: string, guard: Guard): string {
  return edited(source, guard, guard.name);
}

/** Guards of one file by their names: what stands there, and what stands there instead; `test` notices them all. */
export function guardsOf(
  file: string,
  test: string,
  places: Readonly<Record<string, readonly [from: string, to: string]>>,
): readonly Guard[] {
  return Object.entries(places).map(([name, [from, to]]) => ({ name, file, from, to, test }));
}
