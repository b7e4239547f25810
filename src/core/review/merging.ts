/** What merging the work under review would do now, to it and to the others. */
import { type Encounter, encounters, MERGED, metAfterMerge, predictionOf } from "../conflicts/encounters.ts";
import { INTEGRATION, TARGET } from "../conflicts/lines.ts";
import type { ConflictFile, Matrix } from "../conflicts/matrix.ts";
import { requireDeliverable } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";

/**
 * `merged`: it is in already. `clean`: it merges, `overlaps` names files that both sides changed; `after` = files in which others would
 * conflict then and do not now; null where that could not be computed. `conflicts`: it would be asked about; `nothing`: there is nothing to merge.
 */
export type Merging =
  | { readonly kind: "merged"; readonly commit: string }
  | {
      readonly kind: "clean";
      readonly overlaps: readonly string[];
      readonly after: readonly Encounter[] | null;
    }
  | { readonly kind: "conflicts"; readonly files: readonly ConflictFile[] }
  | { readonly kind: "nothing" };

export interface Meetings {
  /** Other open slots, the integration branch and the target, worst first; clean ones are left out. */
  readonly encounters: readonly Encounter[];
  /** How many lines it was compared with. */
  readonly compared: number;
  readonly merging: Merging;
}

/** From a matrix in which the slot stands at the commit under review, and `@merged` for the integration branch with it where that could be built. */
export function meetings(state: WorkflowState, slot: string, matrix: Matrix): Meetings {
  const { step, mergeCommit } = requireDeliverable(state, slot);
  const isMerged = step === "merged" && mergeCommit !== undefined;
  const isHere = matrix.tips.some(({ name }) => name === slot);
  const others = matrix.tips.map(({ name }) => name).filter((name) => name !== slot && name !== MERGED);
  // Merged work meets the branches as part of what is merged; how it lands is told by its landing.
  const relevant = others.filter((name) => !isMerged || (name !== INTEGRATION && name !== TARGET));
  return {
    encounters: encounters(matrix, slot).filter(({ line }) => relevant.includes(line)),
    compared: isHere ? relevant.length : 0,
    merging: isMerged ? { kind: "merged", commit: mergeCommit } : merging(matrix, slot),
  };
}

function merging(matrix: Matrix, slot: string): Merging {
  const prediction = predictionOf(matrix, slot, INTEGRATION);
  if (prediction === null) return { kind: "nothing" };
  switch (prediction.result) {
    case "conflicts":
      return { kind: "conflicts", files: prediction.files };
    case "unrelated":
      return { kind: "conflicts", files: [] };
    case "overlaps":
      return { kind: "clean", overlaps: prediction.files, after: afterOf(matrix, slot) };
    case "clean":
      return { kind: "clean", overlaps: [], after: afterOf(matrix, slot) };
    default:
      return prediction satisfies never;
  }
}

/** The target is joined with the whole result, not with one more slot. */
function afterOf(matrix: Matrix, slot: string): readonly Encounter[] | null {
  if (!matrix.tips.some(({ name }) => name === MERGED)) return null;
  return metAfterMerge(matrix, { before: INTEGRATION, merged: MERGED, except: [slot, TARGET] });
}
