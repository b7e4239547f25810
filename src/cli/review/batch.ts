/** Everything that waits for a yes in one workflow, with what a person needs to say it. Asks git, changes nothing. */
import { openReviewedWork, type ReviewedFile, type ReviewedWork } from "../../adapters/git/reviewed-work.ts";
import type { Encounter } from "../../core/conflicts/encounters.ts";
import type { Matrix } from "../../core/conflicts/matrix.ts";
import { notSmall, type Waiting, waitingWork } from "../../core/review/approvals.ts";
import { meetings } from "../../core/review/merging.ts";
import { type RoundSpread, scoreSpreads } from "../../core/review/spread.ts";
import { type Unit, unit } from "../../core/view/unit.ts";
import { lastRound } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { openMatrix } from "../conflicts/open-matrix.ts";
import type { CliIo } from "../io.ts";

export interface BatchEntry {
  readonly waiting: Waiting;
  readonly unit: Unit;
  readonly files: readonly ReviewedFile[];
  readonly encounters: readonly Encounter[];
  /** Spread of the last round; absent where nobody judged it. */
  readonly spread?: RoundSpread;
  /** Why it is not to be accepted together with others; null where it may. */
  readonly because: string | null;
}

/** One workflow on the screen. */
export interface BatchScreen {
  readonly state: WorkflowState;
  readonly entries: readonly BatchEntry[];
}

/** In plan order. */
export async function batchOf(io: CliIo, state: WorkflowState): Promise<readonly BatchEntry[]> {
  const all = waitingWork(state);
  if (all.length === 0) return [];
  const [work, matrix] = await Promise.all([
    openReviewedWork(io.cwd, { env: io.env }),
    openMatrix(io, state).then(({ compute }) =>
      compute(
        state,
        all.map(({ slot, commit }) => ({ name: slot, revision: commit })),
      ),
    ),
  ]);
  const entries = await Promise.all(all.map((waiting) => entryOf(work, state, matrix, waiting)));
  return entries.filter((entry) => entry !== null);
}

async function entryOf(
  work: ReviewedWork,
  state: WorkflowState,
  matrix: Matrix,
  waiting: Waiting,
): Promise<BatchEntry | null> {
  const found = unit(state, waiting.slot);
  if (found === undefined) return null;
  const { base } = found.state;
  // What cannot be read is not small; the other work is shown all the same.
  const files = base === undefined ? null : await work.files(base, waiting.commit).catch(() => null);
  const { encounters, merging } = meetings(state, waiting.slot, matrix);
  const round = lastRound(found.state);
  const [spread] = round === undefined ? [] : scoreSpreads([round], found.plan.gate.rubric);
  const facts = files === null ? null : { files, conflicts: merging.kind === "conflicts" };
  return {
    waiting,
    unit: found,
    files: files ?? [],
    encounters,
    ...(spread === undefined ? {} : { spread }),
    because: notSmall(state, waiting, facts),
  };
}

/** `login@1a2b3c4d`: the slot with the commit that was shown, so that nothing else is accepted. */
export function shownName({ slot, commit }: Waiting): string {
  return `${slot}@${commit.slice(0, 8)}`;
}

/** Those that may be accepted together. */
export function smallOnes(entries: readonly BatchEntry[]): readonly BatchEntry[] {
  return entries.filter(({ waiting, because }) => waiting.asks === "accept" && because === null);
}
