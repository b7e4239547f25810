/** How a followed workflow is shown: a live board on a terminal, a line per event in a pipe, JSON lines for programs. */
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { type BoardOptions, boardLines } from "../board/board.ts";
import type { Activity } from "../board/row.ts";
import type { Context } from "../context.ts";
import { eventLines } from "../output/event-line.ts";
import type { Style } from "../output/style.ts";
import { createPainter, type Painter } from "./painter.ts";

export interface Presenter {
  /** Called with the state to start from, then after every append. */
  show(state: WorkflowState, events: readonly WorkflowEvent[]): void;
  /** Shows what is asked in place of the commands that would answer it; null when nothing is. */
  ask(asking: Asking | null): void;
  /** Something that is told now, such as why an answer was refused. */
  say(text: string): void;
  /** The viewer is about to end: what it waits for, and what the keys do until then. */
  leave(waitsFor: string, keys: string): void;
  /** The last picture stays. */
  end(): void;
}

/** A question that is being asked, drawn by whoever asks it. */
export interface Asking {
  /** Id of the question. */
  readonly question: string;
  readonly lines: (options: {
    readonly style: Style;
    readonly width: number;
    readonly now: number;
  }) => readonly string[];
  /** What the keys do. */
  readonly keys: readonly string[];
}

/** Redraws no more often than this. */
const FRAME_MS = 100;

export interface PresenterOptions {
  /** Put behind printed commands, such as ` -w id`. */
  readonly suffix: string;
  /** Last line of a live board: what Ctrl+C does. */
  readonly footer: string;
  readonly readActivities: (state: WorkflowState) => Promise<ReadonlyMap<string, Activity>>;
}

export function createPresenter(context: Context, options: PresenterOptions): Presenter {
  if (context.json)
    return linesOf(context, (state, events) =>
      events.map((event) => JSON.stringify({ workflow: state.id, ...event })),
    );
  if (isLive(context)) return new BoardPresenter(context, options);
  return linesOf(context, (_state, events) => eventLines(events, context.output.style));
}

/** A terminal that can be painted on. */
export function isLive({ io, json }: Context): boolean {
  return !json && io.stdout.isTTY && io.env.TERM !== "dumb";
}

function linesOf(
  { output }: Context,
  toLines: (state: WorkflowState, events: readonly WorkflowEvent[]) => readonly string[],
): Presenter {
  return {
    show: (state, events) => {
      for (const line of toLines(state, events)) output.answer(line);
    },
    ask: () => {},
    say: output.warn,
    leave: (waitsFor, keys) => output.warn(`${waitsFor}; ${keys}`),
    end: () => {},
  };
}

/** A live board. */
class BoardPresenter implements Presenter {
  private readonly context: Context;
  private readonly options: PresenterOptions;
  private readonly painter: Painter;
  private readonly second: NodeJS.Timeout;
  private frame: NodeJS.Timeout | undefined;
  private state: WorkflowState | undefined;
  private activities: ReadonlyMap<string, Activity> = new Map();
  private asking: Asking | null = null;
  private said: string | undefined;
  private leaving: string | undefined;
  private ended = false;

  constructor(context: Context, options: PresenterOptions) {
    this.context = context;
    this.options = options;
    this.painter = createPainter(context.io.stdout);
    this.second = setInterval(() => void this.tick(), 1000);
  }

  show(state: WorkflowState): void {
    this.state = state;
    this.frame ??= setTimeout(() => this.draw(), FRAME_MS);
  }

  ask(asking: Asking | null): void {
    this.asking = asking;
    this.draw();
  }

  say(text: string): void {
    this.said = text;
    this.draw();
  }

  leave(waitsFor: string, keys: string): void {
    this.leaving = keys;
    this.say(waitsFor);
  }

  end(): void {
    clearInterval(this.second);
    clearTimeout(this.frame);
    this.ended = true;
    this.painter.clear();
    if (this.state !== undefined)
      this.context.output.answer(
        boardLines(this.state, { ...this.view(), leaving: this.leaving !== undefined }).join("\n"),
      );
  }

  private async tick(): Promise<void> {
    if (this.state !== undefined) this.activities = await this.options.readActivities(this.state);
    this.draw();
  }

  private draw(): void {
    clearTimeout(this.frame);
    this.frame = undefined;
    if (this.state === undefined || this.ended) return;
    const { asking, activities } = this;
    const view = this.view();
    const below = this.below(view.style);
    const height = Math.max(8, (this.context.io.stdout.rows ?? 24) - below.length - 1);
    const prompt = asking === null ? {} : { prompt: { ...asking, lines: asking.lines(view) } };
    const leaving = this.leaving !== undefined;
    const lines = boardLines(this.state, { ...view, ...prompt, height, activities, leaving });
    this.painter.paint([...lines, ...below]);
  }

  /** What was said last, and what the keys do. */
  private below(style: Style): readonly string[] {
    const footer = this.leaving ?? this.options.footer;
    const said = this.said === undefined ? [] : [`${style.yellow(style.symbol.warn)} ${this.said}`];
    const keys = [...(this.asking?.keys ?? []), footer].join(` ${style.symbol.dot} `);
    return ["", ...said, style.dim(keys)];
  }

  private view(): BoardOptions {
    const { io, output } = this.context;
    return {
      style: output.style,
      width: io.stdout.columns ?? 80,
      now: io.now(),
      suffix: this.options.suffix,
    };
  }
}
