/** The story of both sides of a conflict: who changed the files that do not go together, and what they wanted. */
import { lastRound, requirePlanned } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";

export interface Side {
  readonly slot: string;
  readonly title: string;
  /** What its agent said of the work, first line; empty where it said nothing. */
  readonly said: string;
  /** Of the files in conflict, those that it changed. */
  readonly files: readonly string[];
}

export interface BothSides {
  readonly mine: Side;
  /** Merged work that changed the same files, in plan order; empty where only the target did. */
  readonly theirs: readonly Side[];
}

/** `changed` = files that each merged slot changed. */
export function bothSides(
  state: WorkflowState,
  slot: string,
  files: readonly string[],
  changed: ReadonlyMap<string, readonly string[]>,
): BothSides {
  const theirs = state.plan.deliverables.flatMap(({ id }) => {
    const same = files.filter((file) => changed.get(id)?.includes(file) === true);
    return id === slot || same.length === 0 ? [] : [sideOf(state, id, same)];
  });
  return { mine: sideOf(state, slot, files), theirs };
}

function sideOf(state: WorkflowState, slot: string, files: readonly string[]): Side {
  const deliverable = state.deliverables[slot];
  const round = deliverable === undefined ? undefined : lastRound(deliverable);
  const [said = ""] = (deliverable?.summary ?? round?.revision ?? "").trim().split("\n");
  return { slot, title: requirePlanned(state, slot).title, said, files };
}
