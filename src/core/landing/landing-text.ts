/** What a landing says of itself: the commit on the target, and the text of a pull request. Pure functions of state. */
import { line } from "../prompts/layout.ts";
import type { DeliverableState } from "../workflow/deliverable.ts";
import { lastRound, requireDeliverable, requirePlanned } from "../workflow/queries.ts";
import type { Round } from "../workflow/round.ts";
import type { WorkflowState } from "../workflow/state.ts";

export interface LandingWords {
  /** The task in its own words, one line, at most 72 characters. */
  readonly subject: string;
  /** The whole task where the subject had to be cut, and what the agent says that it did; may be empty. */
  readonly body: string;
  readonly trailers: Readonly<Record<string, string>>;
}

const SUBJECT = 72;

/**
 * Id of landing one version of a slot, written as the trailer `Signalbox-Effect`: a landing whose record was lost is found by
 * it on the target, and another version (sent back, worked on, merged again) has another id.
 */
export function landingId(state: WorkflowState, subject: string): string {
  const { epoch, attempt, commit } = requireDeliverable(state, subject);
  return `${state.id}/${epoch}/${subject}/${attempt}/land.${(commit ?? "").slice(0, 12)}`;
}

/** Text of the one commit that lands a slot. */
export function landingWords(state: WorkflowState, subject: string): LandingWords {
  const task = taskOf(state, subject);
  const first = line(task.split("\n")[0] ?? subject);
  const cut = clip(first);
  const rest = cut === first ? task.split("\n").slice(1).join("\n").trim() : task.trim();
  return {
    subject: cut,
    body: [rest, said(requireDeliverable(state, subject))].filter((part) => part !== "").join("\n\n"),
    trailers: {
      "Signalbox-Slot": `${state.id}/${line(subject)}`,
      "Signalbox-Effect": landingId(state, subject),
    },
  };
}

/** Body of a pull request in Markdown: the task, what was done, and what was checked. */
export function pullRequestBody(state: WorkflowState, subject: string): string {
  const deliverable = requireDeliverable(state, subject);
  const round = lastRound(deliverable);
  const facts = [...checkFacts(round), ...scoreFacts(deliverable, round), ...findingFacts(round)];
  return [
    quoted(taskOf(state, subject)),
    said(deliverable),
    facts.length === 0 ? "" : `## Checked\n\n${facts.map((fact) => `- ${fact}`).join("\n")}`,
    `Made by Signalbox: workflow \`${state.id}\`, slot \`${subject}\`.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function taskOf(state: WorkflowState, subject: string): string {
  const planned = requirePlanned(state, subject);
  const brief = planned.brief.join("\n").trim();
  return brief === "" ? planned.title : brief;
}

function said(deliverable: DeliverableState): string {
  return (deliverable.summary ?? lastRound(deliverable)?.revision ?? "").trim();
}

function checkFacts(round: Round | undefined): readonly string[] {
  return (round?.checks ?? []).map((check) => {
    if (check.passed) return `\`${check.name}\` passed`;
    return `\`${check.name}\` failed${check.redAtBase ? ", as it did before the change" : ""}`;
  });
}

function scoreFacts({ approval }: DeliverableState, round: Round | undefined): readonly string[] {
  if (approval?.kind === "UNVERIFIED") return [`no check ran; accepted by a person`];
  if (approval?.kind === "WAIVED") return [`the gate was waived by a person`];
  return round?.score == null ? [] : [`judged ${round.score.toFixed(3)} in round ${round.round}`];
}

function findingFacts(round: Round | undefined): readonly string[] {
  const open = (round?.findings ?? []).filter((finding) => !finding.resolved);
  return open.map(
    (finding) => `open, ${finding.severity}: ${line(finding.evidence)} (${line(finding.section)})`,
  );
}

/** Text of people and agents stays text: a heading or a mention in it becomes none of the pull request's. */
function quoted(text: string): string {
  return text
    .split("\n")
    .map((row) => `> ${row}`)
    .join("\n");
}

function clip(text: string): string {
  return text.length <= SUBJECT ? text : `${text.slice(0, SUBJECT - 1).trimEnd()}…`;
}
