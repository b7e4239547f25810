import type { CommitId, Instant } from "../core/vocabulary.ts";
import type { QuestionKind } from "../core/workflow/question.ts";

/** A question that has just been asked. */
export interface Notice {
  readonly workflow: string;
  readonly subject: string;
  readonly kind: QuestionKind;
  readonly reason: string;
  /** The first of its answers, without folder and workflow: `signalbox approve CP-001`. */
  readonly command: string;
  readonly at: Instant;
  /** Commit that the workflow started from: its configuration says where it is announced. */
  readonly base: CommitId;
}

/** Tells a person that something waits. Never rejects and holds nothing up; a failing channel is narrated. */
export interface Notifier {
  notify(notice: Notice): Promise<void>;
}
