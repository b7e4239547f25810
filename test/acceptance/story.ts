/** What a story is: answers of agents, answers of a person, and what must have happened by its end. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import type { PersonCommand } from "../../src/core/workflow/command.ts";
import type { Question, QuestionKind } from "../../src/core/workflow/question.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { OccurrenceName } from "./occurrences.ts";
import type { Example, Place } from "./place.ts";

/** A command without who says it. */
export type Saying = PersonCommand extends infer Command
  ? Command extends { readonly by: string }
    ? Omit<Command, "by">
    : never
  : never;

/** Given once, to the first question that fits. */
export interface Answer {
  readonly subject: string;
  readonly kind: QuestionKind;
  readonly does?: (place: Place, state: WorkflowState) => void;
  readonly says: Saying;
}

export interface Story {
  readonly name: string;
  readonly example: Example;
  readonly edit?: (definition: string) => string;
  readonly scenario: Scenario;
  /** In this order for one subject; what asks for a plain approval and is not named here is approved. */
  readonly answers: readonly Answer[];
  readonly ends: WorkflowState["status"];
  readonly shows: readonly OccurrenceName[];
}

export function fits(answer: Answer, question: Question): boolean {
  return answer.subject === question.subject && answer.kind === question.kind;
}

type Word = Extract<PersonCommand, { type: "decide" }>["word"];

/** The answer to an escalation. */
export function decides(subject: string, word: Word, text = "", more: { readonly to?: string } = {}): Answer {
  return { subject, kind: "escalation", says: { type: "decide", subject, word, text, ...more } };
}

/** Takes an escalated artifact over, writes it in the attempt's worktree and says that it is done. */
export function writes(subject: string, content: string, path?: string): readonly Answer[] {
  return [
    decides(subject, "write", "a person writes it"),
    {
      subject,
      kind: "user-artifact",
      does: (place, state) => writeArtifact(place, state, subject, content, path),
      says: { type: "decide", subject, word: "done", text: "" },
    },
  ];
}

export function rejects(subject: string, kind: QuestionKind, note: string, to: string): Answer {
  return { subject, kind, says: { type: "reject", subject, note, to, clean: false } };
}

function writeArtifact(
  { plan, dependencies }: Place,
  state: WorkflowState,
  subject: string,
  content: string,
  path?: string,
): void {
  const planned = plan.deliverables.find((d) => d.id === subject);
  const target = path ?? (planned?.makes.kind === "file" ? planned.makes.path : undefined);
  const branch = state.deliverables[subject]?.branch;
  if (target === undefined || branch === undefined) throw new Error(`nothing to write for ${subject}`);
  const file = join(dependencies.repository.worktreePath(branch), target);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
