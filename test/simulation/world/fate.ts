/** What happens to each call, step and append of a history: chance of the seed, with its faults in between. */
import { SignalboxError } from "../../../src/core/errors.ts";
import type { CallFault, Fault } from "../story/faults.ts";
import type { CallFate } from "./coordinator.ts";
import type { Dice } from "./dice.ts";

type Of<K extends Fault["kind"]> = Extract<Fault, { kind: K }>;

export type StepFault = Extract<Fault, { readonly step: number }>;

export class FateBook {
  readonly #dice: Dice;
  readonly #calls = new Map<string, number>();
  readonly #failing = new Map<string, Of<"call">>();
  readonly #slow = new Map<string, number>();
  readonly #stale = new Map<string, number>();
  readonly #steps: StepFault[];
  readonly #appends = new Map<number, Of<"crash-after-append">>();

  constructor(dice: Dice, faults: readonly Fault[]) {
    this.#dice = dice;
    for (const fault of faults) {
      if (fault.kind === "call") this.#failing.set(`${fault.call} ${fault.nth}`, fault);
      if (fault.kind === "slow") this.#slow.set(`${fault.call} ${fault.nth}`, fault.ms);
      if (fault.kind === "stale") this.#stale.set(`${fault.call} ${fault.nth}`, fault.frozenMs);
      if (fault.kind === "crash-after-append") this.#appends.set(fault.nth, fault);
    }
    this.#steps = faults
      .filter((fault): fault is StepFault => "step" in fault)
      .toSorted((a, b) => b.step - a.step);
  }

  of(call: string): CallFate {
    const nth = (this.#calls.get(call) ?? 0) + 1;
    this.#calls.set(call, nth);
    const key = `${call} ${nth}`;
    const roll = this.#dice.roll(key);
    const failing = this.#failing.get(key);
    const error = failing === undefined ? {} : { error: { when: failing.when, error: errorOf(failing) } };
    const frozenMs = this.#stale.get(key);
    const delayMs = (this.#slow.get(key) ?? 0) + (frozenMs ?? 0) + 1 + 60 * roll ** 4;
    return {
      delayMs,
      answerMs: 1 + ((roll * 1000) % 1) * 20,
      outlives: call.startsWith("repository.") && (roll * 100) % 1 < 0.5,
      ...error,
      ...(frozenMs === undefined ? {} : { frozenMs }),
    };
  }

  /** Those of a step that has just come, each once. */
  ofStep(step: number): readonly StepFault[] {
    const due: StepFault[] = [];
    for (let last = this.#steps.at(-1); last !== undefined && last.step <= step; last = this.#steps.at(-1)) {
      due.push(last);
      this.#steps.pop();
    }
    return due;
  }

  ofAppend(nth: number): Of<"crash-after-append"> | undefined {
    return this.#appends.get(nth);
  }
}

const ERRORS: Readonly<Record<CallFault, () => Error>> = {
  "lock taken": () =>
    new SignalboxError("environment", "git-failed", "fatal: Unable to create 'index.lock': File exists."),
  "disk full": () => new Error("ENOSPC: no space left on device, write"),
  "object missing": () => new SignalboxError("environment", "git-failed", "fatal: bad object 1f0e5c0a"),
  lost: () => new Error("the answer was lost"),
};

function errorOf({ how }: Of<"call">): Error {
  return ERRORS[how]();
}
