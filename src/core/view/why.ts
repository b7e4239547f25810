/** Why a slot is where it is, and since when: from recorded facts and what its running session was last seen doing. */
import type { Instant } from "../vocabulary.ts";
import type { DeliverableState } from "../workflow/deliverable.ts";
import { liveQuestions } from "../workflow/live-questions.ts";
import { openQuestion, requirePlanned, runningSessions } from "../workflow/queries.ts";
import type { Question } from "../workflow/question.ts";
import type { RefusalReason } from "../workflow/service.ts";
import type { SessionRecord } from "../workflow/session-record.ts";
import type { WorkflowState } from "../workflow/state.ts";

export interface Why {
  /** Half a sentence, such as `runs Bash npm test`. */
  readonly text: string;
  /** Null where nothing records it. */
  readonly since: Instant | null;
  /** When it goes on by itself, where that is known. */
  readonly until?: Instant;
}

/** What processes and files show of a slot at this moment; the journal knows nothing of it. */
export interface LiveFact {
  /** What its session is doing: `runs Bash npm test`, `silent`. */
  readonly doing?: { readonly text: string; readonly since: Instant };
  /** Pid of a process of the session, or of its host, that was stopped and not woken. */
  readonly frozen?: number;
  /** True where no process holds the session any more and nobody has noticed yet. */
  readonly orphaned?: true;
  /** False where the terminal that it was attached in is gone. */
  readonly terminal?: boolean;
}

export function whyHere(state: WorkflowState, subject: string, live: LiveFact = {}): Why | null {
  const deliverable = state.deliverables[subject];
  if (deliverable === undefined) return null;
  return (
    byPerson(state, deliverable, live) ??
    byPause(state, deliverable) ??
    byRestart(deliverable) ??
    byStep(state, deliverable, live)
  );
}

/** Whatever a person does to it, or has to do. */
function byPerson(
  state: WorkflowState,
  { id, step, stopping, attached }: DeliverableState,
  live: LiveFact,
): Why | null {
  if (stopping !== undefined && step !== "commit") {
    const text = stopping.patient === true ? "waits for its session to end" : "is being stopped";
    const frozen = live.frozen === undefined ? "" : `; ${frozenText(live.frozen)}`;
    return { text: `${text} for ${stopping.by}${frozen}`, since: stopping.at };
  }
  const held = openQuestion(state, id);
  if (held?.kind === "attached" && attached !== undefined) {
    const gone = live.terminal === false ? "; that terminal is gone" : "";
    return { text: `attached by ${attached.by}${gone}`, since: attached.since };
  }
  const asked = held ?? liveQuestions(state).find((one) => one.subject === id && one.kind !== "trouble");
  return asked === undefined ? null : waitsFor(asked);
}

function waitsFor({ id, session, askedAt }: Question): Why {
  const what = session === undefined ? "a decision" : "an answer to its agent";
  return { text: `waits for ${what} (${id})`, since: askedAt };
}

function byPause(state: WorkflowState, { step, id }: DeliverableState): Why | null {
  if (state.status !== "PAUSED" || step === "merged" || step === "skipped") return null;
  if (runningSessions(state).some(({ subject }) => subject === id)) return null;
  const since = state.log.findLast(({ event }) => event === "WORKFLOW_PAUSED")?.at ?? null;
  return { text: `the workflow is paused${reason(state.pausedReason)}`, since };
}

function reason(text: string | undefined): string {
  return text === undefined || text === "" ? "" : `: ${text}`;
}

function byStep(state: WorkflowState, deliverable: DeliverableState, live: LiveFact): Why {
  const { id, step, startedAt = null, completedAt = null } = deliverable;
  switch (step) {
    case "blocked":
      return { text: blockedBy(state, id), since: null };
    case "ready":
      return { text: "waits for a place among the agents", since: null };
    case "provision":
      return deliverable.rejoin === undefined
        ? { text: "its worktree is being prepared", since: deliverable.attempt > 1 ? null : startedAt }
        : { text: "goes back to its creator and takes in what was merged meanwhile", since: null };
    case "create":
    case "critique":
    case "judge":
      return bySession(state, deliverable, live);
    case "commit":
      return { text: "its work is being committed", since: lastEnd(state, deliverable) };
    case "checks":
      return { text: "its checks run", since: lastEnd(state, deliverable) };
    case "merge":
      return { text: mergeText(state, id), since: deliverable.approval?.at ?? null };
    case "waiting":
    case "failed":
      return { text: "waits for a person", since: null };
    case "merged":
    case "skipped":
      return { text: step, since: completedAt };
    default:
      return step satisfies never;
  }
}

/** Questions behind which no stage opens. */
const HOLDS_STAGES: ReadonlySet<Question["kind"]> = new Set([
  "plan",
  "criticality",
  "checkpoint",
  "phase-gate",
  "barrier",
]);

/** What stands before it: slots of its own stage, else the stages before. */
function blockedBy(state: WorkflowState, id: string): string {
  const { after, stage } = requirePlanned(state, id);
  const open = after.filter((one) => !["merged", "skipped"].includes(state.deliverables[one]?.step ?? ""));
  if (open.length > 0) return `waits for ${open.join(", ")}`;
  const blocker = state.blockers.find(
    ({ blocking, question }) => question === undefined && blocking.includes(id),
  );
  if (blocker !== undefined) return `is blocked: ${blocker.description} (${blocker.id})`;
  const gate = state.questions.find(({ kind }) => HOLDS_STAGES.has(kind));
  if (gate !== undefined) return `waits for a decision on ${gate.subject} (${gate.id})`;
  const name = state.plan.stages[stage]?.name;
  return name === undefined ? "waits for the stages before it" : `waits for ${name} to begin`;
}

function bySession(state: WorkflowState, deliverable: DeliverableState, live: LiveFact): Why {
  const session = runningSessions(state).findLast(({ subject }) => subject === deliverable.id);
  if (session !== undefined) return { ...doingOf(session, live) };
  const ended = lastSession(state, deliverable);
  const { service } = state;
  if (service?.until !== undefined) {
    const text = `waits for the model service (${HELD_BY[service.reason]})`;
    return { text, since: service.struckAt, until: service.until };
  }
  if (deliverable.notBefore === undefined)
    return { text: "waits for a place among the agents", since: ended?.endedAt ?? null };
  const why = troubleOf(ended);
  return {
    text: `backs off after try ${deliverable.tries}${reason(why)}`,
    since: ended?.endedAt ?? null,
    until: deliverable.notBefore,
  };
}

const HELD_BY: Readonly<Record<RefusalReason, string>> = {
  "usage-window": "usage limit",
  "rate-limit": "rate limit",
  overloaded: "overloaded",
};

/** What was left half-finished is committed after the delay, then another conversation takes over. */
function byRestart({ stopping, restart, notBefore }: DeliverableState): Why | null {
  if (stopping?.by !== "signalbox" || notBefore === undefined) return null;
  const text = `backs off before a fresh conversation${reason(restart?.why)}`;
  return { text, since: stopping.at, until: notBefore };
}

function doingOf({ dispatchedAt, purpose }: SessionRecord, { doing, frozen, orphaned }: LiveFact): Why {
  const since = doing?.since ?? dispatchedAt;
  if (orphaned === true) return { text: "its session host is gone; signalbox resume takes it up", since };
  if (frozen !== undefined) return { text: `is frozen: ${frozenText(frozen)}`, since };
  if (doing === undefined) return { text: `its ${purpose} session is starting`, since: dispatchedAt };
  return { text: doing.text, since: doing.since };
}

function frozenText(pid: number): string {
  return `process ${pid} was stopped; to wake it: kill -CONT ${pid}`;
}

function troubleOf(session: SessionRecord | undefined): string | undefined {
  const { outcome } = session ?? {};
  if (outcome === undefined || outcome.kind === "ok" || outcome.kind === "blocked") return undefined;
  return outcome.kind === "cancelled" ? outcome.reason : outcome.message;
}

function lastSession(
  state: WorkflowState,
  { id, epoch, attempt }: DeliverableState,
): SessionRecord | undefined {
  return Object.values(state.sessions).findLast(
    (s) => s.subject === id && s.epoch === epoch && s.attempt === attempt,
  );
}

function lastEnd(state: WorkflowState, deliverable: DeliverableState): Instant | null {
  return lastSession(state, deliverable)?.endedAt ?? null;
}

function mergeText(state: WorkflowState, id: string): string {
  const [first] = state.integrations;
  const behind = first !== undefined && !(first.type === "merge" && first.subject === id);
  return behind ? "is approved and waits for the change of the branch before it" : "is being merged";
}
