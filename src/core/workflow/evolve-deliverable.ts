/** How facts about one deliverable and its rounds change it. */

import type { ReviewComment } from "./comment.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { WorkflowEvent } from "./event.ts";
import type { Fold } from "./fold.ts";
import { lastRound } from "./queries.ts";
import { withRestart } from "./recovery.ts";
import type { Round } from "./round.ts";
import type { WorkflowState } from "./state.ts";

type DeliverableEvent = Extract<WorkflowEvent, { subject: string }>;
type Of<T extends DeliverableEvent["type"]> = Extract<DeliverableEvent, { type: T }>;

/** `fold` = the fold that this is a step of: see `evolve`. */
export function evolveDeliverable(state: WorkflowState, event: DeliverableEvent, fold: Fold): WorkflowState {
  const before = state.deliverables[event.subject];
  if (before === undefined) return state;
  const deliverables = fold.put(state.deliverables, event.subject, apply(before, event, fold));
  return fold.patch(state, { deliverables });
}

function apply(deliverable: DeliverableState, event: DeliverableEvent, fold: Fold): DeliverableState {
  switch (event.type) {
    case "deliverable.moved":
      return onMoved(deliverable, event);
    case "deliverable.attempted":
      return onAttempted(deliverable, event);
    case "deliverable.delayed":
      return onDelayed(deliverable, event);
    case "deliverable.guided":
      return fold.patch(deliverable, {
        guidance: event.guidance,
        extraRounds: deliverable.extraRounds + event.extraRounds,
      });
    case "deliverable.escalated":
      return fold.patch(deliverable, { criticality: event.criticality, escalations: event.escalations });
    case "deliverable.approved":
      return fold.patch(deliverable, { approval: event.approval, commit: event.approval.commit });
    case "deliverable.merged":
      return fold.patch(deliverable, {
        step: "merged",
        mergeCommit: event.mergeCommit,
        completedAt: event.at,
        ...(event.artifact === null ? {} : { artifact: event.artifact }),
        // A merge of the same slot before this one resolved other files.
        ...(event.resolved === undefined && deliverable.resolved === undefined
          ? {}
          : { resolved: event.resolved ?? [] }),
      });
    case "deliverable.returned":
      return onReturned(deliverable, event);
    case "deliverable.joined":
      return onJoined(deliverable, event);
    case "deliverable.manual":
      return fold.patch(deliverable, { manual: event.manual });
    case "deliverable.landed":
      return fold.patch(deliverable, { landing: event.landing });
    case "deliverable.dropped":
      return fold.patch(deliverable, { dropped: true });
    case "deliverable.stopping":
      return fold.patch(deliverable, { stopping: event.stopping });
    case "deliverable.adopted":
      return fold.patch(deliverable, { adoption: event.adoption });
    case "deliverable.attached":
      return fold.patch(deliverable, { attached: event.attachment });
    case "deliverable.detached":
      return deliverable.attached === undefined
        ? deliverable
        : fold.patch(deliverable, { attached: { ...deliverable.attached, endedAt: event.at } });
    case "conversation.left":
      return withRestart(deliverable, event.restart);
    case "deliverable.cleaned":
      return onCleaned(deliverable, event);
    case "handoff.written":
      return fold.patch(deliverable, { handoff: event.content });
    case "round.started":
      return onRoundStarted(deliverable, event, fold);
    case "round.noted":
      return onRoundNoted(deliverable, event, fold);
    case "round.found":
      return patchRound(deliverable, fold, ({ findings }) => ({
        findings: fold.append(findings, event.findings),
      }));
    case "round.sampled":
      return patchRound(deliverable, fold, ({ samples }) => ({
        samples: fold.append(samples, [event.sample]),
      }));
    case "comment.added":
      return fold.patch(deliverable, { comments: fold.append(deliverable.comments ?? [], [event.comment]) });
    case "comment.handed":
      return onHanded(deliverable, event, fold);
    case "comment.answered":
      return patchComment(deliverable, event.comment, fold, {
        answer: { text: event.text, round: event.round, at: event.at },
      });
    case "comment.resolved":
      return patchComment(deliverable, event.comment, fold, {
        resolved: { by: event.by, text: event.text, at: event.at },
      });
    case "round.decided":
      return patchRound(deliverable, fold, () => ({ endedAt: event.at, ...event.decision }));
    default:
      return event satisfies never;
  }
}

function onMoved(deliverable: DeliverableState, event: Of<"deliverable.moved">): DeliverableState {
  const { notBefore: _delay, error: _error, stopping, attached, ...rest } = deliverable;
  return {
    ...rest,
    // A stop lasts until what it ended is committed.
    ...(event.step === "commit" && stopping !== undefined ? { stopping } : {}),
    // What is handed back is another commit than the one that the agent made in the same round.
    ...(event.step === "commit" && attached !== undefined ? { attached } : {}),
    step: event.step,
    tries: 0,
    ...(event.error === undefined ? {} : { error: event.error }),
    ...(event.summary === undefined ? {} : { summary: event.summary }),
    ...(event.step === "provision" && deliverable.startedAt === undefined ? { startedAt: event.at } : {}),
    ...(event.step === "skipped" ? { completedAt: event.at } : {}),
  };
}

/** Its approval was for something else than what it becomes now. */
function onReturned(
  { approval: _, ...deliverable }: DeliverableState,
  { rejoin, extraRounds }: Of<"deliverable.returned">,
): DeliverableState {
  return { ...deliverable, rejoin, extraRounds: deliverable.extraRounds + extraRounds };
}

/** From here on only what differs from that tip is its own. */
function onJoined(
  deliverable: DeliverableState,
  { commit, files, sides }: Of<"deliverable.joined">,
): DeliverableState {
  const { rejoin } = deliverable;
  if (rejoin === undefined) return deliverable;
  // What a rule had resolved conflicts in the worktree, and an agent's join is a proposal whatever it went back for.
  const why = files.length > 0 ? "conflict" : rejoin.why;
  return { ...deliverable, base: rejoin.onto, rejoin: { ...rejoin, why, joined: commit, files, sides } };
}

function onCleaned(
  { abandoned, ...deliverable }: DeliverableState,
  { branch }: Of<"deliverable.cleaned">,
): DeliverableState {
  const left = (abandoned ?? []).filter((one) => one.branch !== branch);
  return {
    ...deliverable,
    ...(left.length === 0 ? {} : { abandoned: left }),
    ...(branch === undefined || branch === deliverable.branch ? { cleaned: true } : {}),
  };
}

/** Attempts whose worktrees nobody works in any more, with the present one, which is about to be replaced. */
export function withAbandoned(deliverable: DeliverableState): Pick<DeliverableState, "abandoned"> {
  const { epoch, attempt, branch, cleaned } = deliverable;
  const earlier = deliverable.abandoned ?? [];
  const all = branch === undefined || cleaned === true ? earlier : [...earlier, { epoch, attempt, branch }];
  return all.length === 0 ? {} : { abandoned: all };
}

/** A new attempt forgets conversation, commit and approval of the one before; its rounds stay on record. */
function onAttempted(deliverable: DeliverableState, event: Of<"deliverable.attempted">): DeliverableState {
  const {
    conversation: _c,
    commit: _k,
    approval: _a,
    guidance: _g,
    restart: _r,
    rejoin: _j,
    ...rest
  } = deliverable;
  // The same branch on a new base is the same worktree (a conflict resolved by hand): somebody works in it.
  const replaced = event.branch === deliverable.branch ? {} : withAbandoned(deliverable);
  return {
    ...rest,
    ...replaced,
    attempt: event.attempt,
    branch: event.branch,
    base: event.base,
    conversationCost: 0,
    extraRounds: 0,
    manual: false,
    ...(event.resolves === undefined
      ? {}
      : { rejoin: { why: "conflict", onto: event.base, byHand: true, ...event.resolves } }),
  };
}

function onDelayed(deliverable: DeliverableState, event: Of<"deliverable.delayed">): DeliverableState {
  const { notBefore: _, ...rest } = deliverable;
  return { ...rest, tries: event.tries, ...(event.until === null ? {} : { notBefore: event.until }) };
}

function onRoundStarted(
  deliverable: DeliverableState,
  event: Of<"round.started">,
  fold: Fold,
): DeliverableState {
  const round: Round = {
    round: event.round,
    attempt: deliverable.attempt,
    epoch: deliverable.epoch,
    startedAt: event.at,
    patternsUsed: [],
    strategiesUsed: [],
    findings: [],
    samples: [],
    panels: [],
  };
  const { rejoin: _, ...withoutJoin } = deliverable;
  // What is merged fits: where it is sent back after that, it is about something else.
  const now = deliverable.step === "merged" ? withoutJoin : deliverable;
  return fold.patch(now, { rounds: fold.append(deliverable.rounds, [round]) });
}

function onRoundNoted(deliverable: DeliverableState, event: Of<"round.noted">, fold: Fold): DeliverableState {
  const noted = patchRound(deliverable, fold, () => event.patch);
  return event.patch.commit === undefined ? noted : fold.patch(noted, { commit: event.patch.commit });
}

function onHanded(
  deliverable: DeliverableState,
  { comments, round }: Of<"comment.handed">,
  fold: Fold,
): DeliverableState {
  const { epoch, attempt } = deliverable;
  return comments.reduce(
    (now, { comment, finding }) =>
      patchComment(now, comment, fold, { handed: { epoch, attempt, round, finding } }),
    deliverable,
  );
}

function patchComment(
  deliverable: DeliverableState,
  id: string,
  fold: Fold,
  changes: Partial<ReviewComment>,
): DeliverableState {
  const comments = deliverable.comments ?? [];
  const index = comments.findIndex((comment) => comment.id === id);
  const comment = comments[index];
  if (comment === undefined) return deliverable;
  return fold.patch(deliverable, { comments: fold.replace(comments, index, { ...comment, ...changes }) });
}

function patchRound(
  deliverable: DeliverableState,
  fold: Fold,
  changes: (round: Round) => Partial<Round>,
): DeliverableState {
  const current = lastRound(deliverable);
  if (current === undefined) return deliverable;
  const index = deliverable.rounds.lastIndexOf(current);
  const round = fold.patch(current, changes(current));
  return fold.patch(deliverable, { rounds: fold.replace(deliverable.rounds, index, round) });
}
