/** The whole queue foreseen: who would be merged when, and what would stop it. Each step is chosen as if those before it had happened. */
import { INTEGRATION } from "../conflicts/lines.ts";
import {
  type ConflictFile,
  isConflict,
  type Matrix,
  otherOf,
  type Pair,
  pairsOf,
} from "../conflicts/matrix.ts";
import { inMergeOrder, type MergeForecast } from "./order.ts";

/** Something that will be merged, as it is now. */
export interface Waiting {
  /** Slot id. */
  readonly subject: string;
  readonly commit: string;
  /** Number of files that it changes. */
  readonly changes: number;
  /** Higher goes first; 0 where its author said nothing. */
  readonly priority: number;
}

/** One step of the queue. */
export interface PlannedMerge extends MergeForecast {
  readonly priority: number;
  /** What it would conflict with when its turn comes: slots before it in this order, or `@integration`; none = it is merged. */
  readonly stoppedBy: readonly string[];
}

/** What conflicts waits for a person, so those behind it are compared with the branch without it. */
export function planMerges(waiting: readonly Waiting[], matrix: Matrix): readonly PlannedMerge[] {
  const planned: PlannedMerge[] = [];
  const merged = new Set([INTEGRATION]);
  for (let left = waiting; left.length > 0; ) {
    const next = nextOf(left, matrix, merged);
    if (next === undefined) break;
    planned.push(next);
    if (next.stoppedBy.length === 0) merged.add(next.subject);
    left = left.filter(({ subject }) => subject !== next.subject);
  }
  return planned;
}

function nextOf(
  left: readonly Waiting[],
  matrix: Matrix,
  merged: ReadonlySet<string>,
): PlannedMerge | undefined {
  const names = new Set(left.map(({ subject }) => subject));
  const forecasts = left.map((one) => forecastOf(one, matrix, merged, names));
  const priority = (subject: string): number => left.find((one) => one.subject === subject)?.priority ?? 0;
  const [first] = inMergeOrder(forecasts, priority);
  if (first === undefined) return undefined;
  const stoppedBy = conflictsWith(matrix, first.subject, merged).map((pair) => otherOf(pair, first.subject));
  return { ...first, priority: priority(first.subject), stoppedBy };
}

function forecastOf(
  { subject, commit, changes }: Waiting,
  matrix: Matrix,
  merged: ReadonlySet<string>,
  left: ReadonlySet<string>,
): MergeForecast {
  const conflicts = conflictsWith(matrix, subject, merged).flatMap(filesOf);
  const against = conflictsWith(matrix, subject, left).map((pair) => otherOf(pair, subject));
  return { subject, commit, changes, conflicts: unique(conflicts), against };
}

function conflictsWith(matrix: Matrix, subject: string, others: ReadonlySet<string>): readonly Pair[] {
  return pairsOf(matrix, subject).filter((pair) => isConflict(pair) && others.has(otherOf(pair, subject)));
}

function filesOf({ prediction }: Pair): readonly ConflictFile[] {
  return prediction.result === "conflicts" ? prediction.files : [];
}

function unique(files: readonly ConflictFile[]): readonly ConflictFile[] {
  return files.filter(({ path }, index) => files.findIndex((one) => one.path === path) === index);
}
