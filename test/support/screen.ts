/** What a person sees of the bytes that a program writes: as much of a terminal as the board uses. */

export interface Screen {
  write(text: string): void;
  /** Lines from the top, those that have scrolled away included, without spaces at their ends. */
  lines(): readonly string[];
  /** A narrower screen wraps what is wider, as most terminals do. */
  narrow(columns: number): void;
  readonly isTTY: true;
  readonly columns: number;
  readonly rows: number;
}

const PIECES = new RegExp(`${String.fromCharCode(27)}\\[([?0-9;]*)([A-Za-z])|[\\s\\S]`, "gu");

/** Writes beyond the width wrap, as in a terminal; the cursor cannot go above the visible part. Colours are dropped. */
export function aScreen(columns: number, rows: number): Screen {
  let all: string[][] = [[]];
  let width = columns;
  let row = 0;
  let column = 0;
  const lineAt = (index: number): string[] => {
    while (all.length <= index) all.push([]);
    return all[index] ?? [];
  };
  const put = (character: string): void => {
    if (column >= width) {
      row += 1;
      column = 0;
    }
    const line = lineAt(row);
    while (line.length < column) line.push(" ");
    line[column] = character;
    column += 1;
  };
  const control = (parameter: string, command: string): void => {
    const top = Math.max(0, all.length - screen.rows);
    if (command === "A") row = Math.max(top, row - Number(parameter || 1));
    if (command === "K") lineAt(row).splice(column);
    if (command === "J") {
      lineAt(row).splice(column);
      all.splice(row + 1);
    }
  };
  const screen: Screen = {
    isTTY: true,
    get columns() {
      return width;
    },
    rows,
    narrow: (wanted) => {
      width = wanted;
      const above = wrapped(all.slice(0, row), width);
      all = [...above, ...wrapped(all.slice(row), width)];
      row = above.length;
    },
    write: (text) => {
      for (const [piece, parameter = "", command] of text.matchAll(PIECES)) {
        if (command !== undefined) control(parameter, command);
        else if (piece === "\n") {
          row += 1;
          column = 0;
          lineAt(row);
        } else if (piece === "\r") column = 0;
        else put(piece);
      }
    },
    lines: () => all.map((line) => line.join("").trimEnd()),
  };
  return screen;
}

function wrapped(lines: readonly (readonly string[])[], width: number): string[][] {
  return lines.flatMap((line) => {
    const parts = Math.max(1, Math.ceil(line.length / width));
    return Array.from({ length: parts }, (_, i) => line.slice(i * width, (i + 1) * width));
  });
}
