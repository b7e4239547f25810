/** What `doctor` finds, as values: for people, for programs, and for `--fix`. */

/** Kinds of what `--fix` can do, in the order in which it does them. */
export const REPAIRS = [
  "locks",
  "sessions",
  "leases",
  "files",
  "worktrees",
  "leftovers",
  "registry",
] as const;

export type RepairKind = (typeof REPAIRS)[number];

/** Something that is safe: named by our own records, proven once more when it is done, and nothing is lost by it. */
export interface Repair {
  readonly kind: RepairKind;
  /** Completes "Shall I … ?": `release the lease of process 4711, which has died`. */
  readonly what: string;
  /** Carries it out; refs that keep what nothing else held. Throws `SignalboxError` for what cannot be done. */
  readonly run: () => Promise<readonly string[]>;
}

export interface Finding {
  readonly level: "ok" | "warn" | "bad";
  readonly subject: string;
  readonly text: string;
  /** Half a sentence: what it keeps from working, or why it matters. */
  readonly why?: string;
  /** Paths, ids or refs that show it. */
  readonly evidence?: readonly string[];
  /** Sentence with a command. */
  readonly fix?: string;
  readonly repair?: Repair;
}

/** Most lines of evidence that are shown to people; programs get all. */
export const EVIDENCE_SHOWN = 4;

/** The command that carries repairs out. */
export const FIX_HINT = "Let it be done: signalbox doctor --fix";
