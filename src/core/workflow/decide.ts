/**
 * state × command → events, or a rejection. Total: expected refusals are values.
 *
 * Owns: the order "what was asked, then what follows from it". Does not own: the rules of each part (files `decide-*`), automatic steps (`advance`).
 * Invariants: D1 an outcome counts only while its effect is outstanding, so that late and repeated ones change nothing;
 * D2 only a person's command can approve, waive or change limits (H-02).
 */
import { toMs } from "../instant.ts";
import type { Instant } from "../vocabulary.ts";
import { advance } from "./advance.ts";
import type { Command, Rejection } from "./command.ts";
import { onAdopt } from "./decide-adopt.ts";
import { onApprove, onReject } from "./decide-approval.ts";
import { onAttach, onDetach } from "./decide-attach.ts";
import { onComment, onResolveComment } from "./decide-comment.ts";
import { onConflictsPredicted } from "./decide-conflicts.ts";
import {
  onBlock,
  onCancel,
  onCheckpoint,
  onNote,
  onPause,
  onResume,
  onRewind,
  onUnblock,
} from "./decide-control.ts";
import { onDirect } from "./decide-direct.ts";
import { onLanded, onSendBack } from "./decide-landing.ts";
import { onLimit } from "./decide-limit.ts";
import { onAnswer, onInterrupt, onSay } from "./decide-live.ts";
import { onOutcome } from "./decide-outcome.ts";
import { onDecide } from "./decide-question.ts";
import { onStop } from "./decide-stop.ts";
import { Draft } from "./draft.ts";
import type { WorkflowEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import {
  onSessionAskClosed,
  onSessionAsked,
  onSessionTroubled,
  onSessionTroubleOver,
} from "./live-questions.ts";
import type { WorkflowState } from "./state.ts";
import { onSync } from "./sync.ts";

export type Decision =
  | { readonly ok: true; readonly events: readonly WorkflowEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

export function decide(state: WorkflowState | null, command: Command): Decision {
  if (command.type === "create") return decideCreate(state, command);
  if (state === null) return reject({ code: "no-such-workflow", message: "the workflow does not exist" });
  const draft = new Draft(state, notBefore(command.at, state.updatedAt));
  const rejection = handle(draft, command);
  if (rejection !== null) return reject(rejection);
  advance(draft);
  return { ok: true, events: draft.events };
}

function decideCreate(state: WorkflowState | null, command: Extract<Command, { type: "create" }>): Decision {
  if (state !== null)
    return reject({ code: "already-exists", message: `workflow ${state.id} exists already` });
  const created: WorkflowEvent = {
    at: command.at,
    type: "workflow.created",
    plan: command.plan,
    by: command.by,
  };
  const draft = new Draft(evolve(null, created), command.at);
  draft.log(
    "PLAN_CREATED",
    `${command.plan.totals.agents} agents, ${command.plan.totals.barriers} barriers, by ${command.by}`,
  );
  draft.queue({ type: "create" });
  advance(draft);
  return { ok: true, events: [created, ...draft.events] };
}

function handle(draft: Draft, command: Exclude<Command, { type: "create" }>): Rejection | null {
  switch (command.type) {
    case "approve":
      return onApprove(draft, command);
    case "reject":
      return onReject(draft, command);
    case "decide":
      return onDecide(draft, command);
    case "limit":
      return onLimit(draft, command);
    case "pause":
      return onPause(draft, command);
    case "resume":
      return onResume(draft, command);
    case "cancel":
      return onCancel(draft, command);
    case "rewind":
      return onRewind(draft, command);
    case "checkpoint":
      return onCheckpoint(draft, command);
    case "sync":
      return onSync(draft, command);
    case "note":
      return onNote(draft, command);
    case "block":
      return onBlock(draft, command);
    case "unblock":
      return onUnblock(draft, command);
    case "send-back":
      return onSendBack(draft, command);
    case "comment":
      return onComment(draft, command);
    case "resolve-comment":
      return onResolveComment(draft, command);
    case "landed":
      return onLanded(draft, command);
    case "answer":
      return onAnswer(draft, command);
    case "say":
      return onSay(draft, command);
    case "stop":
      return onStop(draft, command);
    case "adopt":
      return onAdopt(draft, command);
    case "attach":
      return onAttach(draft, command);
    case "detach":
      return onDetach(draft, command);
    case "interrupt":
      return onInterrupt(draft, command);
    case "direct":
      return onDirect(draft, command);
    case "session-asked":
      return onSessionAsked(draft, command);
    case "session-ask-closed":
      return onSessionAskClosed(draft, command);
    case "session-troubled":
      return onSessionTroubled(draft, command);
    case "session-trouble-over":
      return onSessionTroubleOver(draft, command);
    case "conflicts-predicted":
      return onConflictsPredicted(draft, command);
    case "opened":
      return null;
    default:
      return onOutcome(draft, command);
  }
}

/**
 * History only moves forward: an outcome that was decided with an earlier time (documents were rendered for it while others came in between),
 * or a clock that was set back, must not put a record before one that is already there (V15).
 */
function notBefore(at: Instant, last: Instant): Instant {
  return toMs(at) < toMs(last) ? last : at;
}

function reject(rejection: Rejection): Decision {
  return { ok: false, rejection };
}
