/** A guard that can be switched off, and the source without it. */
import { type Edit, edited } from "../support/edited.ts";

export interface Guard extends Edit {
  /** What happens without it, as the end of a sentence that begins with "so that". */
  readonly name: string;
  /** Test file in which at least one test fails without it. */
  readonly test: string;
  /** Only tests whose titles hold these words are run: of a long file the others cost time. Absent = all of them. */
  readonly title?: string;
}

/** Name of the variable that carries the name of the guard to switch off. */
export const SWITCHED_OFF = "SIGNALBOX_GUARD_OFF";

/** Text of the guard's file without the guard. Throws where what is to be replaced does not stand there exactly once. */
export function withoutGuard(source: string, guard: Guard): string {
  return edited(source, guard, guard.name);
}

/** What stands there, what stands there instead, and words from the titles of the tests that are run (default all). */
type Place = readonly [from: string, to: string, title?: string];

/** Guards of one file by their names; `test` notices them all. */
export function guardsOf(
  file: string,
  test: string,
  places: Readonly<Record<string, Place>>,
): readonly Guard[] {
  return Object.entries(places).map(([name, [from, to, title]]) => ({
    name,
    file,
    from,
    to,
    test,
    ...(title === undefined ? {} : { title }),
  }));
}
