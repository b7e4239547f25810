/**
 * Limits of money and sessions as a person changes them: in answer to the question about one, or at any time (P5).
 * Only people change limits (D2, design §11 no. 14).
 */
import { accountOf, isLimited, passedBy } from "./budget.ts";
import type { PersonCommand, Rejection } from "./command.ts";
import type { Draft } from "./draft.ts";
import { hasEnded, openQuestion } from "./queries.ts";
import type { Question } from "./question.ts";

type Decide = Extract<PersonCommand, { type: "decide" }>;
type Limit = Extract<PersonCommand, { type: "limit" }>;

/** Changes the limit of the workflow, a stage or a deliverable; where a question about it is open, that is its answer. */
export function onLimit(draft: Draft, command: Limit): Rejection | null {
  const { subject, by } = command;
  if (hasEnded(draft.state)) {
    return { code: "ended", message: `${draft.state.id} is ${draft.state.status} and spends nothing more` };
  }
  const usd = wantedLimit(draft, command);
  if (typeof usd === "object" && usd !== null) return usd;
  const question = openQuestion(draft.state, subject);
  const asked = question?.kind === "limit" && question.options.includes("add") ? question : null;
  const words = usd === null ? "no money limit" : `money limit ${usd.toFixed(2)} USD`;
  const decision = draft.record({
    question: asked?.id ?? null,
    subject,
    word: "add",
    text: words,
    by,
    constraint: false,
  });
  if (asked !== null) draft.close(asked, decision, `${words}, by ${by}`);
  const beyond = usd === null ? "" : passedBy(accountOf(draft.state, subject));
  draft.log("LIMIT_CHANGED", `${subject}: ${words}, by ${by}${beyond}`);
  raise(draft, subject, { usd }, by, asked);
  return null;
}

/** The new limit in USD, null for none; or why it cannot be. */
function wantedLimit(draft: Draft, { subject, change }: Limit): number | null | Rejection {
  const { state } = draft;
  if (!isLimited(state, subject)) {
    return {
      code: "no-such-subject",
      message: `nothing named ${subject} in ${state.id} has a limit`,
      hint: "To see the limits, run: signalbox budget",
    };
  }
  const account = accountOf(state, subject);
  if ("add" in change && account.usd === null) {
    return {
      code: "bad-argument",
      message: `${subject} has no money limit of its own to add to`,
      hint: `To give it one: signalbox budget set ${Math.ceil(account.spent + account.held + change.add)} ${subject}`,
    };
  }
  const usd = "add" in change ? (account.usd ?? 0) + change.add : change.set;
  const used = account.spent + account.assumed + account.held;
  if (usd === null || usd > used) return usd === null ? null : roundUsd(usd);
  const held = account.held > 0 ? ` (${account.held.toFixed(2)} of it reserved by what runs)` : "";
  return {
    code: "bad-argument",
    message: `the new limit must be above the ${used.toFixed(2)} USD already used${held}, and ${usd.toFixed(2)} is not`,
    hint:
      account.held > 0
        ? "To end what runs: signalbox stop <slot>, or signalbox pause"
        : `signalbox budget set ${Math.ceil(used * 2 + 1)} ${subject}`,
  };
}

/** A limit can only be raised above what is used already; only the workflow's counts sessions too. */
export function refuseLimit(draft: Draft, question: Question, command: Decide): Rejection | null {
  const { spend } = draft.state;
  const whole = question.subject === "workflow";
  const account = accountOf(draft.state, question.subject);
  // What is assumed of sessions that could not tell counts too: a limit below it would only ask again.
  const spent = account.spent + account.assumed;
  const usdOk = command.usd === undefined || command.usd > spent;
  const sessionsOk = command.sessions === undefined || (whole && command.sessions > spend.sessions);
  if (usdOk && sessionsOk && (command.usd !== undefined || command.sessions !== undefined)) return null;
  const used = `${spent.toFixed(2)} USD${whole ? ` and ${spend.sessions} sessions` : ""}`;
  const sessions = whole ? `, or --sessions ${spend.sessions * 2}` : "";
  return {
    code: "bad-argument",
    message: `the new limit must be above the ${used} already used`,
    hint: `signalbox decide ${question.subject} add --usd ${Math.ceil(spent * 2 + 1)}${sessions}`,
  };
}

/** Carries out `add`, whose question is closed already. */
export function raiseLimit(draft: Draft, question: Question, { usd, sessions, by }: Decide): void {
  const changed = { ...(usd === undefined ? {} : { usd }), ...(sessions === undefined ? {} : { sessions }) };
  raise(draft, question.subject, changed, by, question);
}

/** Carries out `finish`: steps that need no agent go on to their end; then it is paused and asked again. */
export function finishWhatRuns(draft: Draft, by: string): void {
  draft.emit({ type: "workflow.resumed", by });
  draft.emit({ type: "workflow.winding-down", by });
}

function raise(
  draft: Draft,
  subject: string,
  limits: { readonly usd?: number | null; readonly sessions?: number },
  by: string,
  question: Question | null,
): void {
  if (subject !== "workflow") {
    draft.emit({ type: "limit.raised", subject, ...limits });
    if (question?.continues !== undefined) draft.move(subject, question.continues);
    return;
  }
  draft.emit({ type: "limit.raised", ...limits });
  if (question !== null || draft.state.windingDown === true) draft.emit({ type: "workflow.resumed", by });
}

function roundUsd(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
