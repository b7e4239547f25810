/** Events as lines for people. Bookkeeping that says nothing to a reader gives null. */

import type { WorkflowEvent } from "../../core/workflow/event.ts";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import { holdWords } from "../../core/workflow/service.ts";
import { plainLine } from "./plain.ts";
import type { Style } from "./style.ts";
import { clockText, countText, durationText, moneyText } from "./units.ts";

export type Tone = "good" | "bad" | "ask" | "work" | "plain";

export interface EventText {
  readonly tone: Tone;
  /** What it is about: a slot, a checkpoint, `workflow`. */
  readonly subject: string;
  readonly text: string;
  /** Reason, put behind the text unless a later line of the same moment gives it. */
  readonly why?: string;
}

/**
 * `14:20:05  ✓ agent-a-001  round 1 passed with 0.94` for each event that is shown. Give the events of one moment together: a
 * reason that several of them carry, such as a crash, the failure that it led to and the question about it, is told once.
 */
export function eventLines(events: readonly WorkflowEvent[], style: Style): readonly string[] {
  const said = events.flatMap((event) => {
    const text = eventText(event);
    return text === null ? [] : [{ at: event.at, ...text }];
  });
  return said.map(({ at, tone, subject, text, why }, i) => {
    const { paint, symbol } = look(tone, style);
    const later = said.slice(i + 1).map((one) => `${one.text}: ${one.why ?? ""}`);
    const reason = why === undefined || later.some((one) => one.includes(why)) ? "" : `: ${why}`;
    return `${style.dim(clockText(at))}  ${paint(symbol)} ${style.bold(plainLine(subject))}  ${plainLine(text + reason)}`;
  });
}

/** The words of an event. */
export function eventText(event: WorkflowEvent): EventText | null {
  switch (event.type) {
    case "workflow.created":
      return { tone: "work", subject: event.plan.workflow.id, text: `created by ${event.by}` };
    case "workflow.started":
      return null;
    case "workflow.restored":
      return {
        tone: "work",
        subject: event.state.id,
        text: `taken up from the state file at ${event.head.slice(0, 8)}`,
      };
    case "workflow.paused":
      return event.by === "signalbox"
        ? { tone: "ask", subject: "workflow", text: "paused", why: event.reason }
        : { tone: "ask", subject: "workflow", text: `paused by ${event.by}`, why: event.reason };
    case "workflow.resumed":
      return { tone: "work", subject: "workflow", text: `resumed by ${event.by}` };
    case "service.held":
      return holdText(event);
    case "workflow.winding-down":
      return { tone: "work", subject: "workflow", text: `no agent starts any more, said ${event.by}` };
    case "workflow.completed":
      return { tone: "good", subject: "workflow", text: "complete" };
    case "workflow.failed":
      return { tone: "bad", subject: "workflow", text: `failed: ${event.reason}` };
    case "workflow.cancelled":
      return {
        tone: "bad",
        subject: "workflow",
        text: `cancelled by ${event.by}${event.reason === "" ? "" : `: ${event.reason}`}`,
      };
    case "plan.approved":
    case "finish.approved":
      return {
        tone: "good",
        subject: event.type === "plan.approved" ? "plan" : "finish",
        text: `approved by ${event.by}`,
      };
    case "stage.opened":
    case "deliverable.cleaned":
      return null;
    case "deliverable.moved":
      return movedText(event);
    case "deliverable.attempted":
      return event.attempt === 1
        ? null
        : {
            tone: "work",
            subject: event.subject,
            text: `attempt ${event.attempt} from ${event.base.slice(0, 8)}`,
          };
    case "deliverable.delayed":
      return event.until === null
        ? null
        : { tone: "work", subject: event.subject, text: `tries again at ${clockText(event.until)}` };
    case "deliverable.guided":
      return { tone: "work", subject: event.subject, text: `guidance for the next round: ${event.guidance}` };
    case "deliverable.escalated":
      return {
        tone: "work",
        subject: event.subject,
        text: `criticality raised to ${event.criticality} (${event.escalations.map((one) => one.rule).join(", ")})`,
      };
    case "deliverable.approved":
      // That a round passed is told with its score and reason already.
      if (event.approval.kind === "PASS") return null;
      return {
        tone: "good",
        subject: event.subject,
        text: `${event.approval.kind.toLowerCase()} for ${event.approval.commit.slice(0, 8)}${event.approval.score === null ? "" : ` with ${event.approval.score.toFixed(2)}`}`,
      };
    case "deliverable.merged":
      return {
        tone: "good",
        subject: event.subject,
        text: `merged as ${event.mergeCommit.slice(0, 8)}${event.artifact === null ? "" : `: ${event.artifact}`}`,
      };
    case "deliverable.manual":
    case "handoff.written":
    case "round.started":
    case "round.noted":
      return null;
    case "round.found":
      return event.findings.length === 0
        ? null
        : {
            tone: "plain",
            subject: event.subject,
            text: `${countText(event.findings.length, "finding")}: ${event.findings.map((finding) => finding.severity.toLowerCase()).join(", ")}`,
          };
    case "round.sampled":
      return { tone: "plain", subject: event.subject, text: sampleText(event.sample) };
    case "round.decided":
      return decidedText(event);
    case "session.dispatched":
      return {
        tone: "work",
        subject: event.session.subject,
        text: `${event.session.role} starts (${event.session.purpose}, round ${event.session.round}, ${event.session.adapter})`,
      };
    case "session.ended":
      return {
        tone: event.outcome.kind === "ok" ? "plain" : "bad",
        subject: subjectOfEffect(event.session),
        ...outcomeParts(event.outcome),
      };
    case "base.checked":
      return event.results.every((result) => result.passed)
        ? null
        : {
            tone: "bad",
            subject: "base",
            text: `red before any change: ${event.results
              .filter((result) => !result.passed)
              .map((result) => result.name)
              .join(", ")}`,
          };
    case "barrier.moved":
      return {
        tone: event.status === "COMPLETE" ? "good" : "work",
        subject: event.barrier,
        text: event.status.toLowerCase().replace("_", " "),
      };
    case "phase-gate.decided":
      return {
        tone: event.gate.status === "PASS" ? "good" : "ask",
        subject: event.gate.id,
        text: `phase gate ${event.gate.status.toLowerCase()}`,
      };
    case "checkpoint.reached":
      return {
        tone: "good",
        subject: event.checkpoint.id,
        text: `checkpoint ${event.checkpoint.recoveryPoint}`,
      };
    case "checkpoint.written":
      return null;
    case "checkpoint.answered":
      return {
        tone: event.status === "APPROVED" ? "good" : "bad",
        subject: event.checkpoint,
        text: `${event.status.toLowerCase()} by ${event.by}${event.notes === "" ? "" : `: ${event.notes}`}`,
      };
    case "integration.queued":
    case "integration.done":
      return null;
    case "integration.dropped":
      return { tone: "bad", subject: "integration", text: `${event.integration} dropped: ${event.reason}` };
    case "sync.asked": {
      const { from, commit, by, failed } = event.sync;
      if (failed !== undefined) return null; // the question says so
      return {
        tone: "plain",
        subject: "sync",
        text: `${from} at ${commit.slice(0, 8)} comes in next, said ${by}`,
      };
    }
    case "sync.settled":
      return event.done === null
        ? { tone: "plain", subject: "sync", text: "is left out" }
        : { tone: "good", subject: "sync", text: `${event.done.from} at ${event.commit.slice(0, 8)} is in` };
    case "question.asked":
      return { tone: "ask", subject: event.question.subject, text: event.question.reason };
    case "question.closed":
      return null;
    case "decision.recorded":
      // What an approval, a rejection or words to a session lead to has an event of its own.
      if (["approve", "reject", "say"].includes(event.decision.word)) return null;
      return {
        tone: "plain",
        subject: event.decision.subject,
        text: `${event.decision.word} by ${event.decision.by}${event.decision.text === "" ? "" : `: ${event.decision.text}`}`,
      };
    case "workflow.rewound":
      return {
        tone: "work",
        subject: "workflow",
        text: `back to ${event.checkpoint ?? `stage ${event.stage + 1}`}: ${event.reason}`,
      };
    case "limit.raised":
      return {
        tone: "work",
        subject: event.subject ?? "workflow",
        text: limitText(event),
      };
    case "blocker.raised":
      if (event.blocker.question !== undefined) return null; // the question says so
      return {
        tone: "ask",
        subject: event.blocker.id,
        text: `blocks ${event.blocker.blocking.join(", ")}: ${event.blocker.description}`,
      };
    case "blocker.resolved":
      return { tone: "good", subject: event.blocker, text: `resolved: ${event.issue.resolution}` };
    case "lesson.learned":
      return { tone: "plain", subject: event.lesson.id, text: event.lesson.lesson };
    case "note.added":
      return { tone: "plain", subject: event.note.subject, text: `${event.note.by}: ${event.note.text}` };
    case "deliverable.landed": {
      const { way, target, commit, by, url } = event.landing;
      const where =
        way === "pr" ? `pull request to ${target}: ${url ?? ""}` : `${target} as ${commit.slice(0, 8)}`;
      return {
        tone: "good",
        subject: event.subject,
        text: `landed ${way === "pr" ? "as " : "on "}${where} by ${by}`,
      };
    }
    case "deliverable.dropped":
      return { tone: "plain", subject: event.subject, text: `not to be landed, said ${event.by}` };
    case "conversation.left":
      if (event.restart.commit !== undefined) return null; // it was told when it was left
      return {
        tone: "work",
        subject: event.subject,
        text:
          event.restart.how === "fork"
            ? "goes on in a copy of its conversation"
            : "starts a fresh conversation",
        why: event.restart.why,
      };
    case "deliverable.stopping":
      if (event.stopping.by === "signalbox") return null;
      return { tone: "work", subject: event.subject, text: `is being stopped by ${event.stopping.by}` };
    case "deliverable.adopted":
      return {
        tone: "work",
        subject: event.subject,
        text: `takes ${event.adoption.from} at ${event.adoption.commit.slice(0, 8)}, adopted by ${event.adoption.by}`,
      };
    case "deliverable.attached":
      return { tone: "work", subject: event.subject, text: `attached by ${event.attachment.by}` };
    case "deliverable.detached":
      return {
        tone: "work",
        subject: event.subject,
        text: `handed back by ${event.by} after ${durationText(event.forMs)}`,
      };
    case "message.queued":
      return null;
    case "message.settled":
      return null;
    case "logged":
      return null;
    default:
      return event satisfies never;
  }
}

type Of<T extends WorkflowEvent["type"]> = Extract<WorkflowEvent, { type: T }>;

function holdText({ hold }: Of<"service.held">): EventText {
  const subject = "workflow";
  if (hold === null) return { tone: "good", subject, text: "the model service serves all agents again" };
  if (hold.until === undefined)
    return { tone: "work", subject, text: `${countText(hold.places, "agent")} at a time` };
  const text = `waiting: ${holdWords(hold.reason)} ${clockText(hold.until)}`;
  return { tone: "work", subject, text, why: hold.message };
}

function limitText({ usd, sessions }: Of<"limit.raised">): string {
  if (usd === null) return "has no money limit any more";
  const money = usd === undefined ? "" : ` to ${moneyText(usd)}`;
  return `limit changed${money}${typeof sessions === "number" ? ` to ${sessions} sessions` : ""}`;
}

function movedText(event: Of<"deliverable.moved">): EventText | null {
  if (event.step === "failed")
    return {
      tone: "bad",
      subject: event.subject,
      text: "failed",
      ...(event.error === undefined ? {} : { why: event.error }),
    };
  if (event.step === "skipped")
    return { tone: "plain", subject: event.subject, text: event.summary ?? "skipped" };
  return event.error === undefined ? null : { tone: "bad", subject: event.subject, text: event.error };
}

function decidedText({ subject, decision }: Of<"round.decided">): EventText {
  const text = [decision.verdict, decision.reason].filter((part) => part !== "").join(": ");
  return {
    tone: decision.verdict === "PASS" ? "good" : decision.verdict === "ESCALATED" ? "ask" : "work",
    subject,
    text,
  };
}

function sampleText(sample: Of<"round.sampled">["sample"]): string {
  const who = `${sample.reviewer} sample ${sample.sample}`;
  return sample.valid
    ? `${who}: ${sample.composite?.toFixed(2) ?? "no score"}`
    : `${who} is invalid: ${sample.invalidReason ?? "no reason"}`;
}

/** How a session ended and what it cost, and why apart from it. */
export function outcomeParts(outcome: SessionOutcome): Pick<EventText, "text" | "why"> {
  const { costUsd, durationMs } = outcome.usage;
  const cost = `${durationText(durationMs)}${costUsd === null ? "" : `, ${moneyText(costUsd)}`}`;
  switch (outcome.kind) {
    case "ok":
      return { text: `session ended (${cost})` };
    case "limit":
      return { text: `session hit its ${outcome.which} limit (${cost})`, why: outcome.message };
    case "api":
      return { text: `model not reached, ${outcome.errorClass} (${cost})`, why: outcome.message };
    case "blocked":
      return {
        text: `session was refused what it needs (${cost})`,
        why: outcome.denials.map((denial) => `${denial.tool} ${denial.target}`).join(", "),
      };
    case "cancelled":
      return { text: `session stopped (${cost})`, why: outcome.reason };
    case "crashed":
      return { text: `session crashed (${cost})`, why: outcome.message };
    default:
      return outcome satisfies never;
  }
}

/** Third part of `<workflow>/<epoch>/<subject>/<attempt>/<kind>`. */
export function subjectOfEffect(effect: string): string {
  return effect.split("/")[2] ?? effect;
}

function look(
  tone: Tone,
  style: Style,
): { readonly paint: (text: string) => string; readonly symbol: string } {
  const { symbol } = style;
  if (tone === "good") return { paint: style.green, symbol: symbol.done };
  if (tone === "bad") return { paint: style.red, symbol: symbol.fail };
  if (tone === "ask") return { paint: style.magenta, symbol: symbol.ask };
  return tone === "work"
    ? { paint: style.cyan, symbol: symbol.run }
    : { paint: style.dim, symbol: symbol.info };
}
