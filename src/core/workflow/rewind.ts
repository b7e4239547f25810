/** Going back: a new epoch from a stage on, history kept (design §4, domain §13). */
import type { CommitId } from "../vocabulary.ts";
import type { Draft } from "./draft.ts";

export interface RewindTarget {
  /** Index of the first stage that runs again. */
  readonly stage: number;
  /** Checkpoint gone back to, when there is one. */
  readonly checkpoint: string | null;
  /** Commit whose files come back; null keeps today's files. */
  readonly commit: CommitId | null;
  readonly reason: string;
}

/** Opens the new epoch and queues the commit that shows it. Sessions of the old epoch are stopped by `nextEffects`. */
export function rewindTo(draft: Draft, target: RewindTarget): void {
  draft.emit({
    type: "workflow.rewound",
    stage: target.stage,
    epoch: draft.state.epoch + 1,
    checkpoint: target.checkpoint,
    keepFiles: target.commit === null,
    reason: target.reason,
  });
  draft.log("REWOUND", `epoch ${draft.state.epoch} from ${stageName(draft, target.stage)}: ${target.reason}`);
  draft.queue({ type: "restore", commit: target.commit, reason: target.reason });
}

function stageName(draft: Draft, stage: number): string {
  return draft.state.plan.stages[stage]?.id ?? "the end";
}
