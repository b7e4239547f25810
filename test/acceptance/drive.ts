/** Runs a story to its end: starts the engine, answers as the person, collects what happened. */
import { setTimeout as pause } from "node:timers/promises";
import { type Random, randomOf } from "../../src/adapters/scenario/random.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import type { Question } from "../../src/core/workflow/question.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import type { Place } from "./place.ts";
import { type Answer, fits, type Saying, type Story } from "./story.ts";

export interface DriveOptions {
  /** Questions are answered while other work runs, in an order and after waits of chance; default: when nothing runs. */
  readonly shuffle?: string;
  /** How long the whole run may take. */
  readonly limitMs: number;
}

export interface Run {
  readonly state: WorkflowState;
  readonly events: readonly WorkflowEvent[];
  /** Answers that nobody asked for, questions without an answer, refused commands. */
  readonly problems: readonly string[];
}

export async function drive(place: Place, story: Story, options: DriveOptions): Promise<Run> {
  const engine = createEngine(place.dependencies);
  const events: WorkflowEvent[] = [];
  engine.subscribe((update) => events.push(...update.events));
  const id = place.plan.workflow.id;
  await engine.create(place.plan, "ana");
  const person = new Person(engine, place, story, options);
  const problems = await person.untilNothingMoves();
  const state = engine.state(id);
  await engine.close();
  if (state === undefined) throw new Error(`${id} has no state`);
  return { state, events, problems };
}

class Person {
  readonly #engine: Engine;
  readonly #place: Place;
  readonly #left: Answer[];
  readonly #random: Random | null;
  readonly #end: number;
  readonly #problems: string[] = [];

  constructor(engine: Engine, place: Place, story: Story, { shuffle, limitMs }: DriveOptions) {
    this.#engine = engine;
    this.#place = place;
    this.#left = [...story.answers];
    this.#random = shuffle === undefined ? null : randomOf(`person/${shuffle}`);
    this.#end = performance.now() + limitMs;
  }

  async untilNothingMoves(): Promise<readonly string[]> {
    for (;;) {
      if (performance.now() > this.#end) return [...this.#problems, `no end in time: ${this.#standing()}`];
      const busy = this.#engine.busy();
      const open = this.#state().questions;
      const question = busy && this.#random === null ? undefined : this.#pick(open);
      if (question === undefined && !busy) return [...this.#problems, ...this.#unanswered()];
      if (question !== undefined && !(await this.#answer(question))) return this.#problems;
      await pause(this.#random?.between(1, 40) ?? 5);
    }
  }

  #state(): WorkflowState {
    const state = this.#engine.state(this.#place.plan.workflow.id);
    if (state === undefined) throw new Error("the workflow is not open");
    return state;
  }

  #pick(open: readonly Question[]): Question | undefined {
    return this.#random === null || open.length === 0 ? open[0] : this.#random.pick(open);
  }

  /** False when nobody knows the answer. */
  async #answer(question: Question): Promise<boolean> {
    const index = this.#left.findIndex((answer) => fits(answer, question));
    const [scripted] = index < 0 ? [] : this.#left.splice(index, 1);
    const says = scripted?.says ?? agreement(question);
    if (says === null) {
      this.#problems.push(`nobody answers ${question.kind} on ${question.subject}: ${question.reason}`);
      return false;
    }
    scripted?.does?.(this.#place, this.#state());
    const result = await this.#engine.submit(this.#place.plan.workflow.id, { ...says, by: "ana" });
    if (!result.ok)
      this.#problems.push(`${says.type} ${question.subject} refused: ${result.rejection.message}`);
    return result.ok;
  }

  #unanswered(): readonly string[] {
    return this.#left.map((answer) => `nobody asked ${answer.kind} on ${answer.subject}`);
  }

  #standing(): string {
    const { deliverables, questions } = this.#state();
    const steps = Object.values(deliverables).map((d) => `${d.id} ${d.step}`);
    return [...steps, ...questions.map((q) => `? ${q.subject}`)].join(", ");
  }
}

function agreement({ subject, options }: Question): Saying | null {
  return options.includes("approve") ? { type: "approve", subject, note: "" } : null;
}
