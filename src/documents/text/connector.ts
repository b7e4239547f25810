/** Lines between rows of boxes. Columns count from 0. */

/** Lines that lead from the columns of one row to those of the next; joined by a cross line where they differ. */
export function connector(from: readonly number[], to: readonly number[]): readonly string[] {
  const same = from.length === to.length && from.every((column, index) => column === to[index]);
  const joint = same ? [] : [crossLine(from, to)];
  return [marks(from, "│"), ...joint, marks(to, "▼")];
}

function marks(columns: readonly number[], mark: string): string {
  let line = "";
  for (const column of columns) line = line.padEnd(column) + mark;
  return line;
}

function crossLine(from: readonly number[], to: readonly number[]): string {
  const all = [...from, ...to];
  const left = Math.min(...all);
  const right = Math.max(...all);
  const cells = Array.from({ length: right - left + 1 }, (_, offset) => {
    const column = left + offset;
    return crossing(from.includes(column), to.includes(column), column === left, column === right);
  });
  return " ".repeat(left) + cells.join("");
}

function crossing(up: boolean, down: boolean, first: boolean, last: boolean): string {
  if (first && last) return "│";
  if (first) return up && down ? "├" : up ? "└" : "┌";
  if (last) return up && down ? "┤" : up ? "┘" : "┐";
  if (up && down) return "┼";
  if (up) return "┴";
  return down ? "┬" : "─";
}
