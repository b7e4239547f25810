/** Where a line of one version stands in a later one, from what differs between the two. */

/** One place where two versions of a file differ, as `git diff --unified=0` counts: lines are 1-based, a count of 0 stands behind its line. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** What became of a file between two commits. `path` = what it is called now. */
export type FileFate =
  | { readonly kind: "same" }
  | { readonly kind: "changed"; readonly path: string; readonly hunks: readonly Hunk[] }
  | { readonly kind: "deleted" }
  /** One of the commits is not here. */
  | { readonly kind: "unknown" };

/**
 * `there`: the same line, wherever it stands now; of a whole file: nothing in it changed. `changed`: another line stands in its place;
 * of a whole file: something in it changed. `gone`: nothing stands in its place, `line` is what follows on it; without a line the
 * file is gone.
 */
export type PlaceNow =
  | { readonly kind: "there" | "changed"; readonly path: string; readonly line: number | null }
  | { readonly kind: "gone"; readonly path: string; readonly line: number | null }
  | { readonly kind: "unknown" };

export interface Place {
  readonly path: string;
  /** 1-based; null = the whole file. */
  readonly line: number | null;
}

/** Where a place of the earlier version is now. */
export function placeNow({ path, line }: Place, fate: FileFate): PlaceNow {
  switch (fate.kind) {
    case "same":
      return { kind: "there", path, line };
    case "deleted":
      return { kind: "gone", path, line: null };
    case "unknown":
      return { kind: "unknown" };
    case "changed":
      return line === null ? wholeFile(fate) : { path: fate.path, ...mapLine(line, fate.hunks) };
    default:
      return fate satisfies never;
  }
}

function wholeFile({ path, hunks }: Extract<FileFate, { kind: "changed" }>): PlaceNow {
  return { kind: hunks.length === 0 ? "there" : "changed", path, line: null };
}

/** `hunks` in any order. A line inside a hunk counts as changed even where the same words stand elsewhere: nobody can tell what was meant. */
export function mapLine(
  line: number,
  hunks: readonly Hunk[],
): { readonly kind: "there" | "changed" | "gone"; readonly line: number } {
  let shift = 0;
  for (const hunk of hunks.toSorted((a, b) => a.oldStart - b.oldStart)) {
    const { oldStart, oldCount, newStart, newCount } = hunk;
    const first = oldCount === 0 ? oldStart + 1 : oldStart;
    if (line < first) break;
    if (line < first + oldCount) {
      if (newCount === 0) return { kind: "gone", line: newStart + 1 };
      return { kind: "changed", line: newStart + Math.min(line - first, newCount - 1) };
    }
    shift += newCount - oldCount;
  }
  return { kind: "there", line: line + shift };
}

/** Hunks of a patch of one file: its lines `@@ -3,2 +4 @@`. */
export function parseHunks(patch: string): readonly Hunk[] {
  return [...patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map((match) => ({
    oldStart: Number(match[1]),
    oldCount: Number(match[2] ?? 1),
    newStart: Number(match[3]),
    newCount: Number(match[4] ?? 1),
  }));
}
