/** One history: a seed, its workflow, its faults, and everything that happens until the workflow is over. */
import { createMemoryJournalStore } from "../../src/adapters/journal/memory.ts";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { JournalEntry } from "../../src/ports/journal.ts";
import { type Failure, Watch } from "./check/watch.ts";
import { JUDGE_FAULT_NAMES } from "./story/acts.ts";
import { type Fault, faultsFor } from "./story/faults.ts";
import { answerFor, isDone, unasked } from "./story/person.ts";
import { planFor, WORKFLOW } from "./story/plans.ts";
import { repeatOutcomes } from "./story/repeat.ts";
import { commandWords, commitWords, eventWords } from "./words.ts";
import { createDice, type Dice } from "./world/dice.ts";
import { documentsOf } from "./world/documents.ts";
import { FateBook } from "./world/fate.ts";
import { Lives } from "./world/lives.ts";
import { Stage } from "./world/stage.ts";

export interface HistoryOptions {
  /** Instead of those that the seed draws. */
  readonly faults?: readonly Fault[];
  /** Keeps what happened, line by line. */
  readonly trace?: boolean;
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
  readonly #lives: Lives;
  readonly #watch: Watch;
  readonly #entries: JournalEntry[] = [];
  readonly #trace: string[] | null;
  #state: WorkflowState | null = null;
  #looks = 0;
  #steps = 0;
  #appends = 0;
  #over = false;

  constructor(seed: number, { faults, trace = false }: HistoryOptions) {
    this.#seed = seed;
    this.#dice = createDice(`history ${seed}`);
    this.#faults = faults ?? faultsFor(this.#dice.of("faults"), JUDGE_FAULT_NAMES);
    this.#trace = trace ? [] : null;
    this.#fates = new FateBook(this.#dice.of("fate"), this.#faults);
    const documents = documentsOf(seed);
    const state = (): WorkflowState | null => this.#state;
    const tell = (line: string): void => this.#tell(line);
    this.#stage = new Stage({
      dice: this.#dice,
      faults: this.#faults,
      documents,
      store: createMemoryJournalStore(),
      state,
      started: (spec) => this.#watch.check("started", spec),
      ended: (spec, outcome) => {
        this.#tell(`session ${spec.id} ends: ${outcome.kind}`);
        this.#watch.check("ended", spec, outcome);
      },
      appended: (entry) => this.#appended(entry),
    });
    const { repository, host } = this.#stage;
    const plan = planFor(this.#dice.of("plan"), repository.resolve("main") ?? "");
    const [stage, fates] = [this.#stage, this.#fates];
    this.#lives = new Lives({ seed, plan, stage, fates, state, over: () => this.#over, tell });
    const facts = {
      ...documents,
      plan,
      repository,
      host,
      journalled: state,
      live: () => this.#lives.current?.engine.state(WORKFLOW),
      entries: () => this.#entries,
      opinionOf: (session: string) => stage.opinionOf(session),
      unremoved: () => this.#lives.unremoved,
      passes: (check: string, commit: string) => stage.passes(check, commit),
    };
    this.#watch = new Watch({ facts, step: () => this.#steps, tell });
    repository.refs.watch((change) => {
      this.#tell(`${change.ref} ${commitWords(change.from)} -> ${commitWords(change.to)}`);
      this.#watch.check("ref", change);
    });
  }

  async play(): Promise<History> {
    this.#lives.start(false);
    this.#nextLook();
    const { schedule } = this.#stage;
    while (this.#watch.failure === null) {
      const run = schedule.next();
      if (run === null) break;
      this.#steps += 1;
      if (this.#steps > MOST_STEPS) this.#watch.fail("S15", `no end after ${MOST_STEPS} steps`);
      this.#befall();
      run();
      await settle();
      if (this.#over && this.#lives.current === null) break;
    }
    if (this.#watch.failure === null && !this.#over)
      this.#watch.fail("S15", "nothing is planned any more, and it has not ended");
    return {
      seed: this.#seed,
      faults: this.#faults,
      failure: this.#watch.failure,
      steps: this.#steps,
      status: this.#state?.status ?? "none",
      trace: this.#trace ?? [],
    };
  }

  /** A person comes by from time to time, starts what is not running and answers what waits. */
  #nextLook(): void {
    const hours = this.#dice.roll(`look ${this.#looks}`) ** 3;
    this.#stage.schedule.after(20_000 + hours * 14_400_000, () => this.#look());
  }

  #look(): void {
    const state = this.#state;
    this.#looks += 1;
    const life = this.#lives.current;
    if (this.#over) return;
    this.#nextLook();
    if (life === null) return this.#lives.start(false);
    if (state === null) return;
    const idle = life.engine.state(WORKFLOW) !== undefined && !life.engine.busy();
    this.#watch.check("looked", state, idle, this.#looks);
    if (idle && isDone(state)) return this.#finish(state);
    const body = isDone(state)
      ? null
      : answerFor(state, this.#looks, { dice: this.#dice, repository: this.#stage.repository });
    if (body !== null) this.#submit(body);
  }

  #submit(body: CommandBody): void {
    const life = this.#lives.current;
    if (life === null || life.engine.state(WORKFLOW) === undefined) return;
    this.#tell(`person: ${commandWords(body)}`);
    life.engine.submit(WORKFLOW, body).then(
      (result) => result.ok || this.#tell(`refused: ${result.rejection.message}`),
      (error: unknown) => this.#tell(`not taken: ${String(error)}`),
    );
  }

  /**
   * Nothing is left to do: the coordinator ends, then the last invariants are checked. What a person says while it ends the next
   * one carries out.
   */
  #finish({ seq }: WorkflowState): void {
    this.#over = true;
    void this.#lives.end().then(() => {
      if (this.#state === null) return;
      this.#over = this.#state.seq === seq;
      if (this.#over) this.#watch.check("over", this.#state);
    });
  }

  /** The faults of this step. */
  #befall(): void {
    for (const fault of this.#fates.ofStep(this.#steps)) {
      if (this.#over) return;
      this.#tell(`fault: ${JSON.stringify(fault)}`);
      switch (fault.kind) {
        case "crash":
          this.#lives.kill("killed", fault.downMs);
          break;
        case "close":
          this.#lives.close(fault.downMs);
          break;
        case "freeze":
          this.#lives.current?.freeze(fault.ms);
          break;
        case "steal":
          this.#lives.steal(fault.frozenMs);
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

  #unasked({ act }: Extract<Fault, { kind: "person" }>): void {
    const body = this.#state === null ? null : unasked(this.#state, act, this.#dice);
    if (body === null) return;
    this.#submit(body);
    if (act === "approve twice") this.#submit(body);
  }

  #repeat(): void {
    const life = this.#lives.current;
    if (life === null) return;
    repeatOutcomes({
      life,
      stage: this.#stage,
      entries: this.#entries,
      changed: (body, before) =>
        this.#watch.check("repeated", commandWords(body), before, this.#state?.seq ?? 0),
    });
  }

  #appended(entry: JournalEntry): void {
    const before = this.#state;
    let state = before;
    for (const event of entry.events) state = evolve(state, event);
    this.#state = state;
    this.#entries.push(entry);
    if (this.#trace !== null)
      this.#tell(`journal ${entry.seq} (${entry.generation}): ${entry.events.map(eventWords).join(", ")}`);
    if (state !== null) this.#watch.check("entry", entry, before, state);
    this.#appends += 1;
    const crash = this.#fates.ofAppend(this.#appends);
    if (crash === undefined || this.#over) return;
    this.#lives.kill("killed right after an append", crash.downMs);
  }

  #tell(line: string): void {
    this.#trace?.push(`${this.#stage?.schedule.wall ?? ""} step ${this.#steps} ${line}`);
  }
}

/** Lets everything run that follows from the last step: a tick comes when no promise has anything left to do. */
function settle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
