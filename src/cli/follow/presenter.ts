/** How a followed workflow is shown: a live board on a terminal, a line per event in a pipe, JSON lines for programs. */
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { boardLines } from "../board/board.ts";
import type { Context } from "../context.ts";
import { eventLine } from "../output/event-line.ts";
import { createPainter } from "./painter.ts";

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

export function createPresenter(context: Context, suffix: string): Presenter {
  if (context.json) return jsonPresenter(context);
  return context.io.stdout.isTTY ? boardPresenter(context, suffix) : linePresenter(context);
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

function boardPresenter({ io, output }: Context, suffix: string): Presenter {
  const painter = createPainter(io.stdout);
  let state: WorkflowState | undefined;
  let paused = false;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    timer = undefined;
    if (state === undefined || paused) return;
    const height = Math.max(8, (io.stdout.rows ?? 24) - 3);
    const lines = boardLines(state, {
      style: output.style,
      width: io.stdout.columns ?? 80,
      height,
      now: io.now(),
      suffix,
    });
    painter.paint([...lines, "", output.style.dim("Ctrl+C stops looking; the work goes on")]);
  };
  const still = (shown: WorkflowState, asking: boolean): string =>
    boardLines(shown, {
      style: output.style,
      width: io.stdout.columns ?? 80,
      now: io.now(),
      suffix,
      asking,
    }).join("\n");
  const second = setInterval(draw, 1000);
  return {
    show(next) {
      state = next;
      timer ??= setTimeout(draw, FRAME_MS);
    },
    pause() {
      paused = true;
      painter.clear();
      if (state !== undefined) output.answer(`${still(state, true)}\n`);
    },
    resume() {
      paused = false;
      draw();
    },
    end() {
      clearInterval(second);
      clearTimeout(timer);
      painter.clear();
      painter.end();
      if (state !== undefined) output.answer(still(state, false));
    },
  };
}
