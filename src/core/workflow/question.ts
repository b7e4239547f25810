/** Something that waits for a person, with the words that answer it. Source: design §11 no. 3, 4, 6, 7; domain §9.5. */
import type { CommitId, Instant } from "../vocabulary.ts";
import type { QuestionSession } from "./live.ts";

export type QuestionKind =
  | "plan"
  | "criticality"
  | "checkpoint"
  | "finish"
  | "escalation"
  | "failure"
  | "conflict"
  | "empty"
  | "protect"
  | "unverified"
  | "barrier"
  | "phase-gate"
  | "limit"
  | "auth"
  | "foreign-ref"
  | "unknown-effect"
  | "user-artifact"
  | "review"
  | "agent"
  | "permission"
  | "trouble"
  | "stopped"
  | "attached"
  | "sync";

/**
 * Words of a decision.
 * `approve`/`reject`: plan, checkpoint, finish, protect, unverified. `accept guide write back cancel`: escalation.
 * `retry skip write`: failure, with `rerun` where only the checks could not be run. `redo resolve skip`: conflict. `done retry skip`: empty. `rerun skip`: unknown effect.
 * `add finish stop`: a money or session limit. `resume`: auth and foreign ref.
 * `answer`: a question of an agent. `allow deny`: a permission. `continue stop say`: a trouble. `retry continue skip write`: stopped, and with `done` attached.
 * `retry waive skip`: new commits of the target that could not be brought in.
 * `land send-back drop`: the review of merged work that lands by itself.
 */
export type DecisionWord =
  | "approve"
  | "reject"
  | "accept"
  | "guide"
  | "write"
  | "back"
  | "cancel"
  | "retry"
  | "skip"
  | "redo"
  | "resolve"
  | "done"
  | "rerun"
  | "waive"
  | "add"
  | "finish"
  | "stop"
  | "resume"
  | "land"
  | "send-back"
  | "drop"
  | "answer"
  | "allow"
  | "deny"
  | "continue"
  | "say";

export interface Question {
  /** `Q-001`, counted within the workflow. */
  readonly id: string;
  readonly kind: QuestionKind;
  /** Deliverable, checkpoint, barrier or phase id; `plan`, `finish` or `workflow`. */
  readonly subject: string;
  readonly askedAt: Instant;
  /** One sentence: why a person is needed. */
  readonly reason: string;
  readonly options: readonly DecisionWord[];
  /** What exactly would be approved. */
  readonly commit?: CommitId;
  readonly files?: readonly string[];
  /** Only `agent`, `permission` and `trouble`: the running session that it belongs to; it closes with it. */
  readonly session?: QuestionSession;
  /** Only `stopped` and the `limit` of a deliverable: the step that `continue` and `add` go back to. */
  readonly continues?: "create" | "critique" | "judge";
}

/** The command that answers with a word, without the arguments that some words take. */
export function wordCommand(subject: string, word: DecisionWord): string {
  switch (word) {
    case "approve":
    case "reject":
    case "land":
    case "send-back":
      return `signalbox ${word} ${subject}`;
    case "resolve":
      return `signalbox resolve ${subject}`;
    case "resume":
      return "signalbox resume";
    default:
      return `signalbox decide ${subject} ${word}`;
  }
}

/** The same for a question of a running session: by its id, because a slot may have several open. */
export function liveCommand({ id, subject }: Question, word: DecisionWord): string {
  switch (word) {
    case "answer":
      return `signalbox answer ${id} "…"`;
    case "allow":
    case "deny":
      return `signalbox answer ${id} ${word}`;
    case "say":
      return `signalbox say ${subject} "…"`;
    case "stop":
      return `signalbox stop ${subject}`;
    default:
      return `signalbox decide ${id} ${word}`;
  }
}

/** A person's decision, kept for ever (RD-NNN of resumption v2). */
export interface DecisionRecord {
  readonly id: string;
  readonly question: string | null;
  readonly subject: string;
  readonly word: DecisionWord | "rewind" | "note" | "attach" | "adopt";
  readonly text: string;
  /** Who typed it; `--yes` is recorded as `<name> (--yes)`. */
  readonly by: string;
  readonly at: Instant;
  /** True where the text must stand in every prompt after it. */
  readonly constraint: boolean;
  readonly stage?: number;
}
