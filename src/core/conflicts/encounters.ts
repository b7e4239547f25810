/** What one line meets when lines are merged, and what the others meet once it is in. */
import type { ConflictFile, ConflictKind, Matrix, Pair, Prediction } from "./matrix.ts";
import { otherOf, pairsOf, worstFirst } from "./matrix.ts";

/** A file in which two lines meet; `kind` is null where both changed it and it merges all the same. */
export interface MetFile {
  readonly path: string;
  readonly kind: ConflictKind | null;
}

/** The other line of a pair that is not clean. */
export interface Encounter {
  /** Slot id, `@integration` or `@target`. */
  readonly line: string;
  readonly result: Exclude<Prediction["result"], "clean">;
  readonly files: readonly MetFile[];
}

/** What the integration branch would be with one more line merged into it; no slot can be called so. */
export const MERGED = "@merged";

/** Lines with which one conflicts or overlaps, worst first. */
export function encounters(matrix: Matrix, name: string): readonly Encounter[] {
  return worstFirst({ ...matrix, pairs: pairsOf(matrix, name) }).flatMap((pair) => {
    const found = encounterOf(pair, name);
    return found === null || found.line === MERGED ? [] : [found];
  });
}

/**
 * Files in which other lines would newly conflict once `merged` stands where `before` does now. What conflicts with `before` already is
 * left out: it is nobody's doing. `except` = the line that is merged, and lines that nobody merges there.
 */
export function metAfterMerge(
  matrix: Matrix,
  {
    before,
    merged,
    except,
  }: { readonly before: string; readonly merged: string; readonly except: readonly string[] },
): readonly Encounter[] {
  const others = matrix.tips
    .map(({ name }) => name)
    .filter((name) => ![before, merged, ...except].includes(name));
  return others.flatMap((line) => {
    const known = new Set(conflictsOf(matrix, line, before).map(({ path }) => path));
    const files = conflictsOf(matrix, line, merged).filter(({ path }) => !known.has(path));
    return files.length === 0 ? [] : [{ line, result: "conflicts" as const, files }];
  });
}

/** What merging two lines would do; null where one of them is not there. */
export function predictionOf(matrix: Matrix, one: string, other: string): Prediction | null {
  return pairsOf(matrix, one).find((pair) => otherOf(pair, one) === other)?.prediction ?? null;
}

function conflictsOf(matrix: Matrix, one: string, other: string): readonly ConflictFile[] {
  const prediction = predictionOf(matrix, one, other);
  return prediction?.result === "conflicts" ? prediction.files : [];
}

function encounterOf(pair: Pair, name: string): Encounter | null {
  const { prediction } = pair;
  const line = otherOf(pair, name);
  switch (prediction.result) {
    case "clean":
      return null;
    case "overlaps":
      return { line, result: "overlaps", files: prediction.files.map((path) => ({ path, kind: null })) };
    case "conflicts":
      return { line, result: "conflicts", files: prediction.files };
    case "unrelated":
      return { line, result: "unrelated", files: [] };
    default:
      return prediction satisfies never;
  }
}
