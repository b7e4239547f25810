/** Everything in a workflow that goes on only when a person does something: open questions, a pause, a blocker, work that nobody carries on. */
import { toMs } from "../instant.ts";
import type { CommitId, Instant } from "../vocabulary.ts";
import { nextEffects } from "../workflow/next-effects.ts";
import type { Blocker, WorkflowState } from "../workflow/state.ts";
import { type AnswerView, type WaitingView, waiting } from "./waiting.ts";

/** A way out. `word` is the decision where there is one. */
export type InboxAnswer = Omit<AnswerView, "word"> & { readonly word: AnswerView["word"] | "unblock" };

/**
 * One thing that waits. Beside the kinds of questions: `paused` by a person or a limit that was left as it is, `blocked` by
 * a blocker that a person set, `unattended` with work outstanding that nobody carries on.
 */
export interface InboxEntry {
  readonly kind: WaitingView["kind"] | "paused" | "blocked" | "unattended";
  /** Question or blocker id; null for the workflow as a whole. */
  readonly id: string | null;
  readonly subject: string;
  readonly reason: string;
  readonly since: Instant;
  readonly answers: readonly InboxAnswer[];
  /** What exactly would be approved. */
  readonly commit?: CommitId;
  readonly files?: readonly string[];
}

/** Oldest first. `coordinated` says whether a coordinator lives, which no journal knows. */
export function inbox(state: WorkflowState, coordinated: boolean): readonly InboxEntry[] {
  const entries = [...asked(state), ...blocked(state), ...paused(state), ...unattended(state, coordinated)];
  return entries.sort((a, b) => toMs(a.since) - toMs(b.since));
}

function asked(state: WorkflowState): readonly InboxEntry[] {
  return waiting(state).map(({ question, kind, subject, reason, since, answers }) => {
    const open = state.questions.find(({ id }) => id === question);
    return {
      kind,
      id: question,
      subject,
      reason,
      since,
      answers,
      ...(open?.commit === undefined ? {} : { commit: open.commit }),
      ...(open?.files === undefined ? {} : { files: open.files }),
    };
  });
}

function blocked(state: WorkflowState): readonly InboxEntry[] {
  return state.blockers.filter(isSetByPerson).map((blocker) => ({
    kind: "blocked",
    id: blocker.id,
    subject: blocker.blocking.join(", "),
    reason: `${blocker.id} is in the way: ${blocker.description}`,
    since: blocker.createdAt,
    answers: [
      {
        word: "unblock",
        command: `signalbox unblock ${blocker.id} "…"`,
        effect: "close the blocker with its resolution",
      },
    ],
  }));
}

function isSetByPerson({ question }: Blocker): boolean {
  return question === undefined;
}

/** A pause that a question explains is that question's. */
function paused(state: WorkflowState): readonly InboxEntry[] {
  const explained = state.questions.some(({ options }) =>
    options.some((word) => word === "resume" || word === "add"),
  );
  if (state.status !== "PAUSED" || explained) return [];
  const since = state.log.findLast(({ event }) => event === "WORKFLOW_PAUSED")?.at ?? state.updatedAt;
  return [resumable("paused", state.pausedReason ?? "paused", since)];
}

/** A crash, a reboot, or a coordinator that was ended: the journal says what is outstanding, and nobody does it. */
function unattended(state: WorkflowState, coordinated: boolean): readonly InboxEntry[] {
  if (coordinated || nextEffects(state).length === 0) return [];
  return [resumable("unattended", "work is outstanding and no coordinator runs", state.updatedAt)];
}

function resumable(kind: "paused" | "unattended", reason: string, since: Instant): InboxEntry {
  return {
    kind,
    id: null,
    subject: "workflow",
    reason,
    since,
    answers: [{ word: "resume", command: "signalbox resume", effect: "go on" }],
  };
}
