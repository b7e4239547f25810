/** Repaints a block of lines at the bottom of a terminal, in place. */
import type { TextSink } from "../io.ts";

export interface Painter {
  /** Replaces the block. */
  paint(lines: readonly string[]): void;
  /** Removes the block, so that something else can be written where it stood. */
  clear(): void;
  /** Leaves the block on the screen and gives the cursor back. */
  end(): void;
}

const ESC = `${String.fromCharCode(27)}[`;
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** Lines longer than the terminal are cut by it instead of wrapped: a wrapped line would break the counting. */
const WRAP_OFF = `${ESC}?7l`;
const WRAP_ON = `${ESC}?7h`;
const HOLD = `${ESC}?2026h`;
const SHOW = `${ESC}?2026l`;

export function createPainter(sink: TextSink): Painter {
  let height = 0;
  let last: string | undefined;
  const rewind = (): string => (height === 0 ? "" : `${ESC}${height}A${ESC}0J`);
  return {
    paint(lines) {
      const text = lines.map((line) => `${line}\n`).join("");
      if (text === last) return;
      sink.write(`${HOLD}${HIDE_CURSOR}${WRAP_OFF}${rewind()}${text}${WRAP_ON}${SHOW}`);
      height = lines.length;
      last = text;
    },
    clear() {
      sink.write(`${rewind()}${SHOW_CURSOR}`);
      height = 0;
      last = undefined;
    },
    end() {
      sink.write(SHOW_CURSOR);
      height = 0;
      last = undefined;
    },
  };
}
