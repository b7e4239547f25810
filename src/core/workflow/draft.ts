/**
 * Collects the events of one decision while folding them, so that later rules see what earlier ones decided.
 * Lives only inside `decide`: outwardly nothing is mutated.
 */
import type { Instant, Severity } from "../vocabulary.ts";
import type { Step } from "./deliverable.ts";
import type { EventBody, WorkflowEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import type { IntegrationAction } from "./integration.ts";
import { openQuestion } from "./queries.ts";
import type { DecisionRecord, DecisionWord, Question, QuestionKind } from "./question.ts";
import type { WorkflowState } from "./state.ts";

export class Draft {
  readonly at: Instant;
  readonly events: WorkflowEvent[] = [];
  state: WorkflowState;

  constructor(state: WorkflowState, at: Instant) {
    this.state = state;
    this.at = at;
  }

  emit(body: EventBody): void {
    const event: WorkflowEvent = { at: this.at, ...body };
    this.events.push(event);
    this.state = evolve(this.state, event);
  }

  move(
    subject: string,
    step: Step,
    extra: { readonly error?: string; readonly summary?: string } = {},
  ): void {
    this.emit({ type: "deliverable.moved", subject, step, ...extra });
  }

  log(event: string, details: string): void {
    this.emit({ type: "logged", entry: { at: this.at, event, details } });
  }

  /** Asks once: a subject has at most one open question, beside those of its running sessions. */
  ask(
    kind: QuestionKind,
    subject: string,
    reason: string,
    options: readonly DecisionWord[],
    extra: Partial<Pick<Question, "commit" | "files" | "continues">> = {},
  ): string {
    const open = openQuestion(this.state, subject);
    if (open !== undefined) return open.id;
    const id = numbered("Q", this.state.counters.question + 1);
    this.emit({
      type: "question.asked",
      question: { id, kind, subject, askedAt: this.at, reason, options, ...extra },
    });
    return id;
  }

  /** Asks and holds the queue's attention: a HIGH blocker until decided (domain §9.5). */
  askBlocking(
    kind: QuestionKind,
    subject: string,
    reason: string,
    options: readonly DecisionWord[],
    extra: Partial<Pick<Question, "commit" | "files" | "continues">> = {},
    severity: Severity = "HIGH",
  ): void {
    if (openQuestion(this.state, subject) !== undefined) return;
    const question = this.ask(kind, subject, reason, options, extra);
    const id = numbered("BLK", this.state.counters.blocker + 1);
    this.emit({
      type: "blocker.raised",
      blocker: {
        id,
        description: reason,
        blocking: [subject],
        severity,
        owner: "user",
        createdAt: this.at,
        question,
      },
    });
  }

  /** Closes a question with the decision that answered it and resolves its blocker. */
  close(question: Question, decision: string | null, resolution: string): void {
    this.emit({ type: "question.closed", question: question.id, decision });
    const blocker = this.state.blockers.find((b) => b.question === question.id);
    if (blocker === undefined) return;
    const issue = numbered("ISS", this.state.counters.issue + 1);
    this.emit({
      type: "blocker.resolved",
      blocker: blocker.id,
      issue: { id: issue, description: blocker.description, resolution, resolvedAt: this.at },
    });
  }

  /** Keeps a person's decision for ever; returns its id (RD-NNN). */
  record(decision: Omit<DecisionRecord, "id" | "at">): string {
    const id = numbered("RD", this.state.counters.decision + 1);
    this.emit({ type: "decision.recorded", decision: { ...decision, id, at: this.at } });
    return id;
  }

  queue(action: IntegrationAction): void {
    this.emit({
      type: "integration.queued",
      integration: { id: `I-${this.state.counters.integration + 1}`, ...action },
    });
  }
}

export function numbered(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(3, "0")}`;
}
