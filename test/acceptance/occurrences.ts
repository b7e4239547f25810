/** What happened in a run, read from its events and its final state. */
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import type { Question } from "../../src/core/workflow/question.ts";
import type { Round } from "../../src/core/workflow/round.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";

export const OCCURRENCES = [
  "draft below 0.85",
  "draft between 0.85 and 0.92",
  "open CRITICAL beside a high score",
  "early pass that hardens",
  "three failures escalate",
  "accept",
  "guide",
  "write",
  "back",
  "cancel",
  "rejected checkpoint goes back a phase",
  "rejected end goes back a phase",
  "barrier uses a retry",
] as const;
export type OccurrenceName = (typeof OCCURRENCES)[number];

/** Each occurrence with where it was seen; absent where it was not. */
export type Occurrences = ReadonlyMap<OccurrenceName, string>;

interface Seen {
  readonly subject: string;
  readonly round: Round;
  /** Verdicts of the rounds of the same attempt before it. */
  readonly before: readonly (Round["verdict"] | undefined)[];
}

/** `text` of the first element for which `test` holds. */
function first<T>(
  list: readonly T[],
  test: (element: T) => boolean,
  text: (element: T) => string,
): string | null {
  const found = list.find(test);
  return found === undefined ? null : text(found);
}

export function occurrencesOf(events: readonly WorkflowEvent[], state: WorkflowState): Occurrences {
  const rounds = Object.values(state.deliverables).flatMap((d) =>
    d.rounds.map((round): Seen => ({ subject: d.id, round, before: earlier(d.rounds, round) })),
  );
  const pairs = OCCURRENCES.flatMap((name) => {
    const where = whereOf(name, rounds, events, state);
    return where === null ? [] : [[name, where] as const];
  });
  return new Map(pairs);
}

function earlier(rounds: readonly Round[], round: Round): readonly (Round["verdict"] | undefined)[] {
  return rounds
    .filter((r) => r.epoch === round.epoch && r.attempt === round.attempt && r.round < round.round)
    .map((r) => r.verdict);
}

function whereOf(
  name: OccurrenceName,
  rounds: readonly Seen[],
  events: readonly WorkflowEvent[],
  state: WorkflowState,
): string | null {
  const round = (test: (seen: Seen) => boolean): string | null => first(rounds, test, placeOf);
  switch (name) {
    case "draft below 0.85":
      return round(({ round: r }) => r.verdict === "REVISE" && scoreOf(r) < 0.85);
    case "draft between 0.85 and 0.92":
      return round(({ round: r }) => r.verdict === "REVISE" && scoreOf(r) >= 0.85 && scoreOf(r) < 0.92);
    case "open CRITICAL beside a high score":
      return round(({ round: r }) => r.verdict !== "PASS" && scoreOf(r) >= 0.92 && hasCritical(r));
    case "early pass that hardens":
      return round(({ round: r }) => r.verdict === "HARDEN" && r.round === 1 && scoreOf(r) >= 0.92);
    case "three failures escalate":
      return round(({ round: r, before }) => r.verdict === "ESCALATED" && before.join() === "REVISE,REVISE");
    case "accept":
    case "guide":
    case "write":
    case "back":
    case "cancel":
      return decided(name, events);
    case "rejected checkpoint goes back a phase":
      return rejected(events, state, (subject) => subject.startsWith("CP-"));
    case "rejected end goes back a phase":
      return rejected(events, state, (subject) => subject === "finish");
    case "barrier uses a retry":
      return retriedBarrier(events);
    default:
      return name satisfies never;
  }
}

function placeOf({ subject, round }: Seen): string {
  return `${subject} round ${round.round}${round.epoch === 1 ? "" : ` of epoch ${round.epoch}`} (${round.score?.toFixed(3) ?? "--"})`;
}

function scoreOf(round: Round): number {
  return round.score ?? Number.NaN;
}

function hasCritical(round: Round): boolean {
  return round.findings.some((f) => f.severity === "CRITICAL" && !f.resolved);
}

/** A decision on a gate that had escalated. */
function decided(word: string, events: readonly WorkflowEvent[]): string | null {
  const escalations = new Set(
    events.flatMap((e) =>
      e.type === "question.asked" && e.question.kind === "escalation" ? [e.question.id] : [],
    ),
  );
  const decisions = events.flatMap((e) => (e.type === "decision.recorded" ? [e.decision] : []));
  return first(
    decisions,
    (d) => d.word === word && d.question !== null && escalations.has(d.question),
    (d) => `${d.id} on ${d.subject}`,
  );
}

/** A rejection after which an earlier phase than the one just finished runs again. */
function rejected(
  events: readonly WorkflowEvent[],
  { plan }: WorkflowState,
  isMeant: (subject: string) => boolean,
): string | null {
  const questions = new Map(
    events.flatMap((e) =>
      e.type === "question.asked" ? [[e.question.id, e.question] as [string, Question]] : [],
    ),
  );
  for (const [index, event] of events.entries()) {
    if (
      event.type !== "decision.recorded" ||
      event.decision.word !== "reject" ||
      !isMeant(event.decision.subject)
    )
      continue;
    const { subject } = questions.get(event.decision.question ?? "") ?? { subject: "" };
    const position = plan.checkpoints.find((c) => c.id === subject)?.position ?? plan.stages.length;
    const rewound = events.slice(index).find((e) => e.type === "workflow.rewound");
    if (rewound?.type !== "workflow.rewound" || rewound.stage >= position - 1) continue;
    return `${subject} to ${plan.stages[rewound.stage]?.id ?? "?"}, epoch ${rewound.epoch}`;
  }
  return null;
}

function retriedBarrier(events: readonly WorkflowEvent[]): string | null {
  const moves = events.flatMap((e) => (e.type === "barrier.moved" ? [e] : []));
  return first(
    moves,
    (m) => m.retryCount > 0 && m.status === "COMPLETE",
    (m) => `${m.barrier} with ${m.retryCount} ${m.retryCount === 1 ? "retry" : "retries"}`,
  );
}
