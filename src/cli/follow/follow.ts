/**
 * Follows one workflow until it ends, stands still, or the viewer leaves.
 *
 * Owns: the viewer's loop, what `--yes` and the terminal answer, the exit code. Does not own: the work itself, which goes on
 * without any viewer.
 */
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import type { Push } from "../../adapters/coordinator/protocol.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { PersonCommand, Rejection } from "../../core/workflow/command.ts";
import { evolve } from "../../core/workflow/evolve.ts";
import { nextEffects } from "../../core/workflow/next-effects.ts";
import { hasEnded, runningSessions } from "../../core/workflow/queries.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { standsStill } from "../board/standstill.ts";
import type { Context } from "../context.ts";
import { EXIT, exitCodeOfState } from "../output/exit-code.ts";
import { plainLine } from "../output/plain.ts";
import { RejectedError } from "../output/report-error.ts";
import { routineApproval } from "./answers.ts";
import { type Ask, type Asked, askBelow } from "./ask.ts";
import { createPresenter, isLive, type Presenter, type PresenterOptions } from "./presenter.ts";
import { Wakeup } from "./wakeup.ts";

export interface FollowOptions extends PresenterOptions {
  readonly client: CoordinatorClient;
  readonly workflow: string;
  /** Approve plan, user checkpoints and the finish in the name of the user. */
  readonly yes: boolean;
  /** Without a terminal: stay when a person is needed. */
  readonly wait: boolean;
  /** Connects again after the coordinator has gone; null when none took over. */
  readonly reconnect: () => Promise<CoordinatorClient | null>;
  /** What Ctrl+C does; default: leave and say that the work goes on. `drain` asks nothing more and leaves once nothing runs. */
  readonly interrupt?: Interrupt;
  /** Replaces the terminal's questions, for tests. */
  readonly ask?: Ask;
  /** Told of each question that is asked while it is followed. */
  readonly onQuestion?: (question: Question) => void;
}

/** `tell` says what is waited for before the viewer leaves, and what the keys do until then. */
export type Interrupt = (
  client: CoordinatorClient,
  tell: (waitsFor: string, keys: string) => void,
) => Promise<"leave" | "drain">;

export interface Followed {
  readonly state: WorkflowState;
  readonly why: "ended" | "stands" | "left";
}

/** Resolves with the last state seen and why it is the last. Rejects when the coordinator is gone and nobody took over. */
export async function follow(context: Context, options: FollowOptions): Promise<Followed> {
  const presenter = createPresenter(context, options);
  try {
    return await new Viewer(context, options, presenter).watch();
  } finally {
    presenter.end();
  }
}

/** Exit code for a followed workflow. */
export function exitCodeOfFollowed({ why, state }: Followed): number {
  return why === "left" ? EXIT.interrupted : exitCodeOfState(state);
}

/** How long a viewer waits for what comes after the end. */
const SETTLE_MS = 15_000;

class Viewer {
  private readonly context: Context;
  private readonly options: FollowOptions;
  private readonly presenter: Presenter;
  private readonly wakeup = new Wakeup();
  private client: CoordinatorClient;
  private state: WorkflowState | undefined;
  private interrupted = false;
  private gone = false;
  private draining = false;
  private overdue = false;
  private endTimer: NodeJS.Timeout | undefined;
  private readonly ask: Ask | undefined;
  private asking: { readonly question: string; readonly over: AbortController } | undefined;
  /** Questions that were answered or put off here; asked once. */
  private readonly handled = new Set<string>();

  constructor(context: Context, options: FollowOptions, presenter: Presenter) {
    this.context = context;
    this.options = options;
    this.presenter = presenter;
    this.client = options.client;
    const { canAsk, io } = context;
    const typed = canAsk && isLive(context) ? io.typed : undefined;
    this.ask =
      options.ask ??
      (typed === undefined ? undefined : askBelow(io, typed, (asking) => presenter.ask(asking)));
  }

  async watch(): Promise<Followed> {
    const release = this.context.io.onInterrupt(() => {
      this.interrupted = true;
      this.news();
    });
    try {
      return await this.loop(await this.attach());
    } finally {
      clearTimeout(this.endTimer);
      release();
    }
  }

  private async loop(first: WorkflowState): Promise<Followed> {
    this.presenter.show(first, []);
    for (;;) {
      const state = this.state ?? first;
      if (hasEnded(state) && this.isSettled(state)) return { state, why: "ended" };
      if (this.interrupted && (await this.onInterrupt()) === "leave") return { state, why: "left" };
      if (this.draining && runningSessions(state).length === 0) return { state, why: "left" };
      if (this.gone) {
        await this.reattach();
        continue;
      }
      const question = this.next(state);
      if (question !== undefined) {
        await this.handle(state, question);
        continue;
      }
      if (standsStill(state) && !this.stays()) return { state, why: "stands" };
      await this.wakeup.next();
    }
  }

  /** The last commits and clean-ups come after the end was decided; leaving earlier would print a tip that moves. */
  private isSettled(state: WorkflowState): boolean {
    if (this.overdue || nextEffects(state).length === 0) return true;
    this.endTimer ??= setTimeout(() => {
      this.overdue = true;
      this.wakeup.wake();
    }, SETTLE_MS);
    return false;
  }

  private stays(): boolean {
    return this.options.wait || this.ask !== undefined;
  }

  private async attach(): Promise<WorkflowState> {
    const client = this.client;
    void client.closed.then(() => {
      if (client !== this.client) return;
      this.gone = true;
      this.news();
    });
    const state = await client.subscribe(this.options.workflow, (push) => this.receive(push));
    this.state = state;
    return state;
  }

  private receive(push: Push): void {
    if (this.state === undefined) return;
    const state = push.events.reduce<WorkflowState>((before, event) => evolve(before, event), this.state);
    this.state = state;
    this.presenter.show(state, push.events);
    for (const event of push.events)
      if (event.type === "question.asked") this.options.onQuestion?.(event.question);
    this.news();
  }

  private news(): void {
    this.endAskingIfOver();
    this.wakeup.wake();
  }

  private async reattach(): Promise<void> {
    const client = await this.options.reconnect();
    if (client === null) throw coordinatorGone(this.client.info.pid, this.options.workflow);
    this.client = client;
    this.gone = false;
    this.presenter.show(await this.attach(), []);
  }

  private async onInterrupt(): Promise<"leave" | "drain"> {
    this.interrupted = false;
    const { interrupt } = this.options;
    const tell = (waitsFor: string, keys: string): void => this.presenter.leave(waitsFor, keys);
    const wish = interrupt === undefined ? "leave" : await interrupt(this.client, tell);
    this.draining ||= wish === "drain";
    return wish;
  }

  /** The next question that this viewer can do something about. */
  private next(state: WorkflowState): Question | undefined {
    if (this.draining) return undefined;
    return state.questions.find((question) => {
      if (this.handled.has(question.id)) return false;
      return (this.options.yes && routineApproval(question, "") !== null) || this.ask !== undefined;
    });
  }

  private async handle(state: WorkflowState, question: Question): Promise<void> {
    this.handled.add(question.id);
    const routine = this.options.yes ? routineApproval(question, this.context.io.user) : null;
    if (routine !== null) {
      const refused = await this.submit(routine);
      if (refused !== null) throw new RejectedError(refused);
      return;
    }
    const asked = await this.askUntilClosed(state, question);
    if (asked === "leave") this.interrupted = true;
    else if (asked !== "later") await this.answer(question, asked);
  }

  /** Also over when somebody else answers, or Ctrl+C comes as a signal. */
  private async askUntilClosed(state: WorkflowState, question: Question): Promise<Asked> {
    if (this.ask === undefined) return "later";
    const over = new AbortController();
    this.asking = { question: question.id, over };
    try {
      return await this.ask(state, question, this.context.io.user, over.signal);
    } finally {
      this.asking = undefined;
    }
  }

  private endAskingIfOver(): void {
    const { asking, state } = this;
    if (asking === undefined) return;
    const open = state?.questions.some(({ id }) => id === asking.question) === true;
    if (!open || this.interrupted || this.gone) asking.over.abort();
  }

  /** An answer that is refused, such as guidance without words, is told and asked for again. */
  private async answer(question: Question, command: PersonCommand): Promise<void> {
    const refused = await this.submit(command);
    if (refused === null) return;
    this.presenter.say(plainLine(refused.message));
    this.handled.delete(question.id);
  }

  /** Why it was refused; null also when somebody else has answered meanwhile. */
  private async submit(command: PersonCommand): Promise<Rejection | null> {
    const result = await this.client.submit(this.options.workflow, command);
    return result.ok || result.rejection.code === "not-waiting" ? null : result.rejection;
  }
}

function coordinatorGone(pid: number, workflow: string): SignalboxError {
  return new SignalboxError(
    "environment",
    "coordinator-gone",
    `The coordinator (pid ${pid}) has ended while ${workflow} was under way`,
    [`Running agents go on. To go on with the workflow: signalbox resume ${workflow}`],
  );
}
