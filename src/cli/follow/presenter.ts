/** How a followed workflow is shown: a live board on a terminal, a line per event in a pipe, JSON lines for programs. */
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { type BoardOptions, boardLines } from "../board/board.ts";
import type { Activity } from "../board/row.ts";
import type { Context } from "../context.ts";
import { eventLine } from "../output/event-line.ts";
import { createPainter, type Painter } from "./painter.ts";

export interface Presenter {
  /** Called with the state to start from, then after every append. */
  show(state: WorkflowState, events: readonly WorkflowEvent[]): void;
  /** Leaves a still picture while something else uses the terminal. */
  pause(): void;
  resume(): void;
  /** The last picture stays. */
  end(): void;
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
  if (context.json) return jsonPresenter(context);
  return context.io.stdout.isTTY ? new BoardPresenter(context, options) : linePresenter(context);
}

function jsonPresenter({ output }: Context): Presenter {
  const show: Presenter["show"] = (state, events) => {
    for (const event of events) output.jsonLine({ workflow: state.id, ...event });
  };
  return { show, pause: () => {}, resume: () => {}, end: () => {} };
}

function linePresenter({ output }: Context): Presenter {
  const show: Presenter["show"] = (_state, events) => {
    for (const event of events) {
      const line = eventLine(event, output.style);
      if (line !== null) output.answer(line);
    }
  };
  return { show, pause: () => {}, resume: () => {}, end: () => {} };
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
  private paused = false;

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

  pause(): void {
    this.paused = true;
    this.painter.clear();
    this.still({ asking: true });
    this.context.output.answer("\n");
  }

  resume(): void {
    this.paused = false;
    this.draw();
  }

  end(): void {
    clearInterval(this.second);
    clearTimeout(this.frame);
    this.paused = true;
    this.painter.clear();
    this.painter.end();
    this.still({});
  }

  private async tick(): Promise<void> {
    if (this.state !== undefined) this.activities = await this.options.readActivities(this.state);
    this.draw();
  }

  private draw(): void {
    clearTimeout(this.frame);
    this.frame = undefined;
    if (this.state === undefined || this.paused) return;
    const { io, output } = this.context;
    const height = Math.max(8, (io.stdout.rows ?? 24) - 3);
    const lines = boardLines(this.state, { ...this.view(), height, activities: this.activities });
    this.painter.paint([...lines, "", output.style.dim(this.options.footer)]);
  }

  private still(changes: { readonly asking?: boolean }): void {
    if (this.state === undefined) return;
    this.context.output.answer(boardLines(this.state, { ...this.view(), ...changes }).join("\n"));
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
