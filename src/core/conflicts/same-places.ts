/** Where both sides of a merge have the same file, although one of them renamed it. */
import type { ChangedFile } from "../workflow/outcome.ts";

export interface Place {
  /** How it is told: the name that our side gave it. */
  readonly name: string;
  /** Name before both. */
  readonly origin: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Names that the result may have it under. */
export function namesOf({ ours, theirs, origin }: Place): readonly string[] {
  return [...new Set([ours, theirs, origin])];
}

/** One place for all names of a file; `ours`, `theirs`: what each side changed since the commit that both have. */
export function samePlaces(
  paths: readonly string[],
  ours: readonly ChangedFile[],
  theirs: readonly ChangedFile[],
): readonly Place[] {
  const sides = [renames(ours), renames(theirs)] as const;
  const origins = new Set(paths.map((path) => originOf(path, sides)));
  return [...origins].map((origin) => {
    const [mine, other] = sides.map((side) => side.get(origin) ?? origin);
    return { name: mine ?? origin, origin, ours: mine ?? origin, theirs: other ?? origin };
  });
}

type Renames = ReadonlyMap<string, string>;

function renames(files: readonly ChangedFile[]): Renames {
  return new Map(
    files.flatMap(({ path, from, change }) =>
      from === undefined || change !== "renamed" ? [] : [[from, path] as const],
    ),
  );
}

function originOf(path: string, sides: readonly Renames[]): string {
  for (const side of sides) for (const [from, to] of side) if (to === path) return from;
  return path;
}
