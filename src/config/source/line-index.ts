/** Lines and columns of a text by offset; the YAML library's own counter loses lines behind some syntax errors. */
export interface LineIndex {
  /** 1-based; an offset outside the text counts as its nearer end. */
  placeOf(offset: number): { readonly line: number; readonly column: number };
}

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    placeOf: (offset) => {
      const within = Math.max(0, Math.min(offset, text.length));
      const line = lastAtMost(starts, within);
      return { line: line + 1, column: within - (starts[line] ?? 0) + 1 };
    },
  };
}

/** Index of the last number that is not above `limit`; the first number never is. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
