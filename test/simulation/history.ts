/** One history: a seed, its workflow, its faults, and everything that happens until the workflow is over. */
import { createMemoryJournalStore } from "../../src/adapters/journal/memory.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { JournalEntry } from "../../src/ports/journal.ts";
import type { Facts, Hooks } from "./check/invariant.ts";
import { INVARIANTS } from "./check/invariants.ts";
import { JUDGE_FAULT_NAMES } from "./story/acts.ts";
import { type Fault, faultsFor } from "./story/faults.ts";
import { answerFor, isDone, unasked } from "./story/person.ts";
import { planFor, WORKFLOW } from "./story/plans.ts";
import { Life } from "./world/coordinator.ts";
import { createDice, type Dice } from "./world/dice.ts";
import { documentsOf } from "./world/documents.ts";
import { FateBook } from "./world/fate.ts";
import { Stage } from "./world/stage.ts";

export interface HistoryOptions {
  /** Instead of those that the seed draws. */
  readonly faults?: readonly Fault[];
  /** Keeps what happened, line by line. */
  readonly trace?: boolean;
}

export interface Failure {
  readonly invariant: string;
  readonly message: string;
  readonly step: number;
}

export interface History {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly failure: Failure | null;
  readonly steps: number;
  readonly status: string;
  readonly trace: readonly string[];
}

/** More than the longest history needs by far. */
const MOST_STEPS = 60_000;

/** Plays the history of a seed to its end, or to the first step after which an invariant does not hold. */
export async function playHistory(seed: number, options: HistoryOptions = {}): Promise<History> {
  const history = await new Player(seed, options).play();
  await new Promise(setImmediate); // nothing else in this process has had its turn meanwhile
  return history;
}

class Player {
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #faults: readonly Fault[];
  readonly #fates: FateBook;
  readonly #stage: Stage;
  readonly #plan: Plan;
  readonly #hooks: readonly (readonly [string, Hooks])[];
  readonly #entries: JournalEntry[] = [];
  readonly #trace: string[] | null;
  #state: WorkflowState | null = null;
  #life: Life | null = null;
  readonly #living = new Set<Life>();
  #lives = 0;
  #looks = 0;
  #steps = 0;
  #appends = 0;
  #over = false;
  #unremoved = false;
  #failure: Failure | null = null;

  constructor(seed: number, { faults, trace = false }: HistoryOptions) {
    this.#seed = seed;
    this.#dice = createDice(`history ${seed}`);
    this.#faults = faults ?? faultsFor(this.#dice.of("faults"), JUDGE_FAULT_NAMES);
    this.#trace = trace ? [] : null;
    this.#fates = new FateBook(this.#dice.of("fate"), this.#faults);
    const parts = documentsOf(seed);
    this.#stage = new Stage({
      dice: this.#dice,
      faults: this.#faults,
      documents: parts,
      store: createMemoryJournalStore(),
      state: () => this.#state,
      started: (spec) => this.#check("started", spec),
      ended: (spec, outcome) => {
        this.#tell(`session ${spec.id} ends: ${outcome.kind}`);
        this.#check("ended", spec, outcome);
      },
      appended: (entry) => this.#appended(entry),
    });
    const { repository, host } = this.#stage;
    this.#plan = planFor(this.#dice.of("plan"), repository.resolve("main") ?? "");
    const facts: Facts = {
      plan: this.#plan,
      repository,
      host,
      documents: parts.documents,
      parseState: parts.parseState,
      journalled: () => this.#state,
      live: () => this.#life?.engine.state(WORKFLOW),
      entries: () => this.#entries,
      opinionOf: (session) => this.#stage.opinionOf(session),
      unremoved: () => this.#unremoved,
      passes: (check, commit) => this.#stage.passes(check, commit),
    };
    this.#hooks = INVARIANTS.map(({ id, watch }) => [id, watch(facts)] as const);
    repository.refs.watch((change) => {
      this.#tell(`${change.ref} ${short(change.from)} -> ${short(change.to)}`);
      this.#check("ref", change);
    });
  }

  async play(): Promise<History> {
    this.#start(false);
    this.#nextLook();
    const { schedule } = this.#stage;
    while (this.#failure === null) {
      const run = schedule.next();
      if (run === null) break;
      this.#steps += 1;
      if (this.#steps > MOST_STEPS) this.#fail("S15", `no end after ${MOST_STEPS} steps`);
      this.#befall();
      run();
      await settle();
      if (this.#over && this.#life === null) break;
    }
    if (this.#failure === null && !this.#over)
      this.#fail("S15", "nothing is planned any more, and it has not ended");
    const status = this.#state?.status ?? "none";
    const { trace } = { trace: this.#trace ?? [] };
    return {
      seed: this.#seed,
      faults: this.#faults,
      failure: this.#failure,
      steps: this.#steps,
      status,
      trace,
    };
  }

  /** A coordinator starts: creates the workflow when nothing of it is durable, else takes it up. */
  #start(steals: boolean): void {
    this.#lives += 1;
    const life = new Life({
      number: this.#lives,
      seed: String(this.#seed),
      schedule: this.#stage.schedule,
      ports: this.#stage.ports,
      steals,
      fate: (call) => this.#fates.of(call),
      takenOver: () => {
        this.#tell(`coordinator ${life.number} is frozen and taken over`);
        if (this.#life === life && !this.#over) this.#start(true);
      },
      narrate: (line) => {
        if (/(cleanup|stop|integrate|finish|checkpoint|merge) failed:/.test(line)) this.#unremoved = true;
        this.#tell(`log ${life.number}: ${line.split("\n")[0]}`);
      },
    });
    this.#life = life;
    this.#living.add(life);
    this.#tell(`coordinator ${life.number} starts`);
    const gone = (error: unknown): void => {
      this.#tell(`coordinator ${life.number} ends: ${String(error)}`);
      // What it had under way nobody knows any more.
      if (/taken over/.test(String(error))) this.#unremoved = true;
      this.#forget(life);
    };
    life.engine.onStopped((_, error) => gone(error));
    const { engine } = life;
    const opening = this.#state === null ? engine.create(this.#plan, "ana") : engine.open(WORKFLOW);
    opening.then(undefined, gone);
  }

  /** Where a newer one holds the lease, people speak to that one. */
  #forget(life: Life): void {
    this.#living.delete(life);
    if (this.#life !== life) return;
    const newer = [...this.#living].filter(({ generation }) => generation > life.generation);
    this.#life = newer.toSorted((a, b) => b.generation - a.generation)[0] ?? null;
  }

  #kill(why: string): void {
    const life = this.#life;
    if (life === null) return;
    this.#tell(`coordinator ${life.number} is ${why}`);
    life.die();
    this.#stage.store.expireLeases();
    this.#forget(life);
  }

  #startLater(downMs: number): void {
    this.#stage.schedule.after(downMs, () => {
      if (this.#life === null && !this.#over) this.#start(false);
    });
  }

  /** A person comes by from time to time, starts what is not running and answers what waits. */
  #nextLook(): void {
    const hours = this.#dice.roll(`look ${this.#looks}`) ** 3;
    this.#stage.schedule.after(20_000 + hours * 14_400_000, () => this.#look());
  }

  #look(): void {
    const state = this.#state;
    this.#looks += 1;
    const life = this.#life;
    if (this.#over) return;
    this.#nextLook();
    if (life === null) return this.#start(false);
    if (state === null) return;
    const idle = life.engine.state(WORKFLOW) !== undefined && !life.engine.busy();
    this.#check("looked", state, idle, this.#looks);
    if (idle && isDone(state)) return this.#finish(life, state);
    const body = isDone(state)
      ? null
      : answerFor(state, this.#looks, { dice: this.#dice, repository: this.#stage.repository });
    if (body !== null) this.#submit(body);
  }

  #submit(body: CommandBody): void {
    const life = this.#life;
    if (life === null || life.engine.state(WORKFLOW) === undefined) return;
    this.#tell(`person: ${words(body)}`);
    life.engine.submit(WORKFLOW, body).then(
      (result) => result.ok || this.#tell(`refused: ${result.rejection.message}`),
      (error: unknown) => this.#tell(`not taken: ${String(error)}`),
    );
  }

  /**
   * Nothing is left to do: the coordinator ends, then the last invariants are checked. What a person says while it ends the next
   * one carries out.
   */
  #finish(life: Life, { seq }: WorkflowState): void {
    this.#over = true;
    void life.engine.close().then(() => {
      this.#living.delete(life);
      this.#life = null;
      if (this.#state === null) return;
      this.#over = this.#state.seq === seq;
      if (this.#over) this.#check("over", this.#state);
    });
  }

  /** The faults of this step. */
  #befall(): void {
    for (const fault of this.#fates.ofStep(this.#steps)) {
      if (this.#over) return;
      this.#tell(`fault: ${JSON.stringify(fault)}`);
      switch (fault.kind) {
        case "crash":
          this.#kill("killed");
          this.#startLater(fault.downMs);
          break;
        case "close":
          this.#close(fault.downMs);
          break;
        case "freeze":
          this.#life?.freeze(fault.ms);
          break;
        case "steal":
          this.#life?.freeze(fault.frozenMs);
          this.#start(true);
          break;
        case "person":
          this.#unasked(fault);
          break;
        case "repeat":
          this.#repeat();
          break;
        default:
          this.#stage.befall(fault, this.#state);
      }
    }
  }

  #close(downMs: number): void {
    const life = this.#life;
    if (life === null) return;
    this.#forget(life);
    life.engine.close().then(undefined, (error: unknown) => this.#tell(`closing failed: ${String(error)}`));
    this.#startLater(downMs);
  }

  #unasked({ act }: Extract<Fault, { kind: "person" }>): void {
    const body = this.#state === null ? null : unasked(this.#state, act, this.#dice);
    if (body === null) return;
    this.#submit(body);
    if (act === "approve twice") this.#submit(body);
  }

  /** What ended last is told once more: the newest session and the newest change of the branch. */
  #repeat(): void {
    const life = this.#life;
    const live = life?.engine.state(WORKFLOW);
    if (life === null || live === undefined) return;
    for (const body of this.#stage.lateOutcomes(live)) {
      const before = live.seq;
      const was = this.#entries.length;
      life.engine.submit(WORKFLOW, body).then(
        (result) => {
          // Other commands may be taken meanwhile: only what this one gave counts, and a refusal gives nothing.
          if (!result.ok || this.#entries.length === was) return;
          if (result.ok && this.#state?.seq === before) return;
          const own = this.#entries
            .slice(was)
            .some(({ events }) => events.some((event) => isOf(event, body)));
          if (own) this.#check("repeated", words(body), before, this.#state?.seq ?? 0);
        },
        () => undefined,
      );
    }
  }

  #appended(entry: JournalEntry): void {
    const before = this.#state;
    let state = before;
    for (const event of entry.events) state = evolve(state, event);
    this.#state = state;
    this.#entries.push(entry);
    if (this.#trace !== null)
      this.#tell(`journal ${entry.seq} (${entry.generation}): ${entry.events.map(eventWords).join(", ")}`);
    if (state !== null) this.#check("entry", entry, before, state);
    this.#appends += 1;
    const crash = this.#fates.ofAppend(this.#appends);
    if (crash === undefined || this.#over) return;
    this.#kill("killed right after an append");
    this.#startLater(crash.downMs);
  }

  #check<K extends keyof Hooks>(hook: K, ...args: Parameters<NonNullable<Hooks[K]>>): void {
    if (this.#failure !== null) return;
    for (const [id, hooks] of this.#hooks) {
      const look = hooks[hook] as ((...given: typeof args) => string | undefined) | undefined;
      const wrong = look?.(...args);
      if (wrong !== undefined) return this.#fail(id, wrong);
    }
  }

  #fail(invariant: string, message: string): void {
    this.#failure ??= { invariant, message, step: this.#steps };
    this.#tell(`${invariant} does not hold: ${message}`);
  }

  #tell(line: string): void {
    this.#trace?.push(`${this.#stage?.schedule.wall ?? ""} step ${this.#steps} ${line}`);
  }
}

/** Lets everything run that follows from the last step: a tick comes when no promise has anything left to do. */
function settle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function short(commit: string | null): string {
  return commit === null ? "nothing" : commit.slice(0, 8);
}

function words(body: CommandBody): string {
  return Object.entries(body)
    .filter(([key, value]) => key !== "by" && (typeof value === "string" || typeof value === "number"))
    .map(([, value]) => String(value))
    .join(" ");
}

function eventWords(event: JournalEntry["events"][number]): string {
  const details: readonly unknown[] = Object.entries(event)
    .filter(
      ([key, value]) => key !== "at" && key !== "type" && typeof value === "string" && value.length < 60,
    )
    .map(([, value]) => value);
  return [event.type, ...details].join(" ");
}

/** True for an event that would come from this very outcome. */
function isOf(event: JournalEntry["events"][number], body: CommandBody): boolean {
  if (body.type === "session-ended") return event.type === "session.ended" && event.session === body.effect;
  return body.type === "integrated" && event.type === "integration.done" && event.head === body.head;
}
