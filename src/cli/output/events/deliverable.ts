/** Words for what happens to a slot or synthesis: attempts, merge, landing, and a person's hand in it. */
import type { Landing } from "../../../core/workflow/deliverable.ts";
import { clockText, durationText } from "../units.ts";
import {
  bad,
  type EventOf,
  type EventText,
  type EventType,
  good,
  plain,
  resolvedWords,
  silent,
  type WordsFor,
  withDetail,
  work,
} from "./words.ts";

type DeliverableType = Extract<EventType, `deliverable.${string}`> | "conversation.left";

export const DELIVERABLE: WordsFor<DeliverableType> = {
  "deliverable.returned": returnedText,
  "deliverable.joined": silent,
  "deliverable.cleaned": silent,
  "deliverable.moved": movedText,
  "deliverable.attempted": ({ subject, attempt, base }) =>
    attempt === 1 ? null : work(subject, `attempt ${attempt} from ${base.slice(0, 8)}`),
  "deliverable.delayed": ({ subject, until }) =>
    until === null ? null : work(subject, `tries again at ${clockText(until)}`),
  "deliverable.guided": ({ subject, guidance }) => work(subject, `guidance for the next round: ${guidance}`),
  "deliverable.escalated": ({ subject, criticality, escalations }) =>
    work(subject, `criticality raised to ${criticality} (${escalations.map((one) => one.rule).join(", ")})`),
  "deliverable.approved": approvedText,
  "deliverable.merged": mergedText,
  "deliverable.manual": silent,
  "deliverable.landed": ({ subject, landing }) => good(subject, landedText(landing)),
  "deliverable.dropped": ({ subject, by }) => plain(subject, `not to be landed, said ${by}`),
  "deliverable.stopping": ({ subject, stopping }) =>
    stopping.by === "signalbox" ? null : work(subject, `is being stopped by ${stopping.by}`),
  "deliverable.adopted": ({ subject, adoption: { from, commit, by } }) =>
    work(subject, `takes ${from} at ${commit.slice(0, 8)}, adopted by ${by}`),
  "deliverable.attached": ({ subject, attachment }) => work(subject, `attached by ${attachment.by}`),
  "deliverable.detached": ({ subject, by, forMs }) =>
    work(subject, `handed back by ${by} after ${durationText(forMs)}`),
  "conversation.left": leftText,
};

function returnedText({ subject, rejoin }: EventOf<"deliverable.returned">): EventText {
  if (rejoin.byHand === true) return work(subject, "is joined by a person with what is merged");
  return work(
    subject,
    rejoin.why === "conflict"
      ? `goes back to its creator: it conflicts with what is merged in ${rejoin.files.join(", ")}`
      : "goes back to its creator: the checks fail with what is merged",
  );
}

function mergedText({ subject, mergeCommit, artifact, resolved }: EventOf<"deliverable.merged">): EventText {
  const by = resolvedWords(resolved);
  return good(subject, withDetail(`merged as ${mergeCommit.slice(0, 8)}${by}`, artifact ?? ""));
}

function movedText({ step, subject, error, summary }: EventOf<"deliverable.moved">): EventText | null {
  if (step === "failed") return bad(subject, "failed", error);
  if (step === "skipped") return plain(subject, summary ?? "skipped");
  return error === undefined ? null : bad(subject, error);
}

/** That a round passed is told with its score and reason already. */
function approvedText({ subject, approval }: EventOf<"deliverable.approved">): EventText | null {
  if (approval.kind === "PASS") return null;
  const score = approval.score === null ? "" : ` with ${approval.score.toFixed(2)}`;
  return good(subject, `${approval.kind.toLowerCase()} for ${approval.commit.slice(0, 8)}${score}`);
}

/** `landed on main as 1234abcd by ada` */
export function landedText({ way, target, commit, by, url }: Landing): string {
  const where =
    way === "pr" ? `as pull request to ${target}: ${url ?? ""}` : `on ${target} as ${commit.slice(0, 8)}`;
  return `landed ${where} by ${by}`;
}

/** One that was left with a commit was told when it was left. */
function leftText({ subject, restart }: EventOf<"conversation.left">): EventText | null {
  if (restart.commit !== undefined) return null;
  const forked = restart.how === "fork";
  return work(
    subject,
    forked ? "goes on in a copy of its conversation" : "starts a fresh conversation",
    restart.why,
  );
}
