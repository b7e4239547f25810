/** Repaints a block of lines at the bottom of a terminal, in place. */
import { textWidth } from "../../core/text-width.ts";
import type { TextSink } from "../io.ts";
import { clip } from "../output/clip.ts";

export interface Painter {
  /** Replaces the block. Lines wider than the terminal are cut. */
  paint(lines: readonly string[]): void;
  /** Removes the block and gives the cursor back, so that something else can be written where it stood. */
  clear(): void;
}

const ESC = `${String.fromCharCode(27)}[`;
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
const HOLD = `${ESC}?2026h`;
const SHOW = `${ESC}?2026l`;

/** Rest of a line, and all below the cursor. */
const ERASE_LINE = `${ESC}K`;
const ERASE_BELOW = `${ESC}0J`;

/**
 * `fallback` is the width where the terminal does not tell it. A block is written over line by line and never erased as a whole:
 * where it fills the screen, some terminals (tmux) would keep every picture in their history.
 */
export function createPainter(sink: TextSink, fallback = 80): Painter {
  let painted: readonly string[] = [];
  let last: string | undefined;
  const up = (rows: number): string => (rows === 0 ? "" : `\r${ESC}${rows}A`);
  const rows = (): number => rowsOf(painted, sink.columns ?? fallback);
  return {
    paint(lines) {
      const width = sink.columns ?? fallback;
      const cut = lines.map((line) => clip(line, width));
      const text = cut.map((line) => `${line}${ERASE_LINE}\n`).join("");
      if (text === last) return;
      sink.write(`${HOLD}${HIDE_CURSOR}${up(rows())}${text}${ERASE_BELOW}${SHOW}`);
      painted = cut;
      last = text;
    },
    clear() {
      const height = rows();
      sink.write(`${up(height)}${`${ERASE_LINE}\n`.repeat(height)}${up(height)}${SHOW_CURSOR}`);
      painted = [];
      last = undefined;
    },
  };
}

/** Rows that painted lines take now: a terminal that became narrower has wrapped them, and their top is further up. */
function rowsOf(lines: readonly string[], width: number): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(textWidth(line) / width)), 0);
}
