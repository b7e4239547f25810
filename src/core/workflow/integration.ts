/** Changes of the integration branch, queued and wanted. */
import type { ResolvedFile } from "../conflicts/resolved-file.ts";
import type { MergeCandidate } from "../merging/order.ts";
import type { CommitId, Instant } from "../vocabulary.ts";
import type { CheckResult } from "./outcome.ts";

/** New commits of the target, or of whatever a person names, on their way into the integration branch. */
export interface PendingSync {
  readonly commit: CommitId;
  /** Branch or revision as a person knows it: `main`, `origin/main`. */
  readonly from: string;
  readonly by: string;
  readonly at: Instant;
  /** Checks that failed on it. */
  readonly failed?: readonly CheckResult[];
  /** A person takes it although they do. */
  readonly unchecked?: true;
}

export interface SyncEntry extends Omit<PendingSync, "unchecked" | "failed"> {
  /** Null where the integration branch had it already. */
  readonly mergeCommit: CommitId | null;
  /** Files in conflict that were resolved by rules; absent = none. */
  readonly resolved?: readonly ResolvedFile[];
}

/** One change of the integration branch; done one at a time, in order. */
export type Integration = {
  readonly id: string;
} & IntegrationAction;

export type IntegrationAction =
  | { readonly type: "create" }
  | {
      readonly type: "merge";
      readonly subject: string;
      readonly commit: CommitId;
      /** Merged behind it in the same step, in this order: a batch, whose checks run once. */
      readonly together?: readonly MergeCandidate[];
    }
  | { readonly type: "checkpoint"; readonly checkpoint: string }
  | { readonly type: "sync"; readonly commit: CommitId; readonly from: string; readonly unchecked?: true }
  | { readonly type: "record"; readonly reason: string }
  | {
      readonly type: "restore";
      /** Commit whose tree comes back; null keeps the present tree (a rejected checkpoint without `--clean`). */
      readonly commit: CommitId | null;
      readonly reason: string;
    }
  | { readonly type: "finish" };
