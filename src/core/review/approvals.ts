/**
 * Which of the work that waits is small enough to be accepted from one screen together with other work, and why the rest is not. A person
 * who looks at ten things at once looks at none of them closely, so whatever needs a close look is left out.
 */
import { isHeldAgainst } from "../quality/against-base.ts";
import type { CommitId } from "../vocabulary.ts";
import { lastRound } from "../workflow/queries.ts";
import type { Question } from "../workflow/question.ts";
import { isProposal } from "../workflow/rejoin.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { underReview } from "../workflow/under-review.ts";

/** A change up to this size is seen at a glance. */
export const SMALL = { files: 10, lines: 200 } as const;

/** One file of a change. */
export interface FileSize {
  readonly path: string;
  /** Null for a binary file. */
  readonly lines: { readonly added: number; readonly removed: number } | null;
}

/** Work that waits for a person. */
export interface Waiting {
  readonly slot: string;
  readonly question: Question;
  readonly commit: CommitId;
  /** `accept`: a person says yes, then it is merged. `land`: it is accepted and waits for its way to the target. `alone`: its gate has failed. */
  readonly asks: "accept" | "land" | "alone";
}

/** Everything that waits for a person and is about work as it stands, in plan order. */
export function waitingWork(state: WorkflowState): readonly Waiting[] {
  return state.plan.deliverables.flatMap(({ id }) => {
    const review = underReview(state, id);
    if (review?.commit === undefined) return [];
    const { question, commit } = review;
    return [{ slot: id, question, commit, asks: asksOf(question) }];
  });
}

function asksOf({ kind }: Question): Waiting["asks"] {
  if (kind === "review") return "land";
  return kind === "escalation" ? "alone" : "accept";
}

/** What git says about the change; null where it could not be asked. */
export interface ChangeFacts {
  readonly files: readonly FileSize[];
  /** It would not merge into what is merged so far. */
  readonly conflicts: boolean;
}

/** Why it must be looked at alone; null where it may be accepted together with others. */
export function notSmall(state: WorkflowState, one: Waiting, facts: ChangeFacts | null): string | null {
  if (one.asks === "alone") return "its gate has not passed it";
  return (
    standingReason(state, one.slot) ?? (facts === null ? "its change could not be read" : sizeReason(facts))
  );
}

function standingReason(state: WorkflowState, slot: string): string | null {
  const deliverable = state.deliverables[slot];
  if (deliverable === undefined) return null;
  // What an agent made of a conflict is to be read line by line (domain §20 no. 5).
  if (isProposal(deliverable)) return "its agent joined both sides of a conflict";
  const round = lastRound(deliverable);
  const grave = round?.findings.find((one) => !one.resolved && ["CRITICAL", "HIGH"].includes(one.severity));
  if (grave !== undefined) return `a ${grave.severity} finding is open`;
  const failed = round?.checks?.find(isHeldAgainst);
  if (failed !== undefined) return `the check ${failed.name} fails`;
  const open = (deliverable.comments ?? []).filter(({ resolved }) => resolved === undefined).length;
  return open === 0 ? null : `${open === 1 ? "a comment is" : `${open} comments are`} not resolved`;
}

function sizeReason({ files, conflicts }: ChangeFacts): string | null {
  if (conflicts) return "it conflicts with what is merged so far";
  const binary = files.find(({ lines }) => lines === null);
  if (binary !== undefined) return `${binary.path} is binary`;
  if (files.length > SMALL.files) return `it changes ${files.length} files`;
  const lines = linesOf(files);
  return lines > SMALL.lines ? `it changes ${lines} lines` : null;
}

/** Lines added and removed, binary files left out. */
export function linesOf(files: readonly FileSize[]): number {
  return files.reduce((sum, { lines }) => sum + (lines === null ? 0 : lines.added + lines.removed), 0);
}
