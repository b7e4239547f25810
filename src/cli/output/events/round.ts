/** Words for rounds of a gate and for the sessions that make them. */
import type { SessionOutcome } from "../../../core/workflow/outcome.ts";
import type { Finding } from "../../../core/workflow/round.ts";
import { countText, durationText, moneyText } from "../units.ts";
import {
  ask,
  type EventOf,
  type EventText,
  type EventType,
  good,
  plain,
  silent,
  type WordsFor,
  withDetail,
  work,
} from "./words.ts";

type RoundType = Extract<EventType, `round.${string}` | `session.${string}` | `message.${string}`>;

export const ROUND: WordsFor<RoundType> = {
  "round.started": silent,
  "round.noted": silent,
  "round.found": foundText,
  "round.sampled": ({ subject, sample }) => plain(subject, sampleText(sample)),
  "round.decided": decidedText,
  "session.dispatched": ({ session: { subject, role, purpose, round, adapter } }) =>
    work(subject, `${role} starts (${purpose}, round ${round}, ${adapter})`),
  "session.ended": ({ session, outcome }) => ({
    tone: outcome.kind === "ok" ? "plain" : "bad",
    subject: subjectOfEffect(session),
    ...outcomeParts(outcome),
  }),
  "message.queued": silent,
  "message.settled": silent,
};

function foundText({ subject, findings }: EventOf<"round.found">): EventText | null {
  if (findings.length === 0) return null;
  const severities = findings.map((finding) => finding.severity.toLowerCase()).join(", ");
  const critical = findings.find(({ severity }) => severity === "CRITICAL");
  const found = plain(subject, `${countText(findings.length, "finding")}: ${severities}`);
  return critical === undefined ? found : { ...found, why: whyText(critical) };
}

function whyText({ section, evidence }: Finding): string {
  return `${section}: ${evidence.split("\n")[0] ?? ""}`;
}

function sampleText(sample: EventOf<"round.sampled">["sample"]): string {
  const who = `${sample.reviewer} sample ${sample.sample}`;
  return sample.valid
    ? `${who}: ${sample.composite?.toFixed(2) ?? "no score"}`
    : `${who} is invalid: ${sample.invalidReason ?? "no reason"}`;
}

function decidedText({ subject, decision }: EventOf<"round.decided">): EventText {
  const say = decision.verdict === "PASS" ? good : decision.verdict === "ESCALATED" ? ask : work;
  return say(subject, withDetail(decision.verdict, decision.reason));
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
function subjectOfEffect(effect: string): string {
  return effect.split("/")[2] ?? effect;
}
