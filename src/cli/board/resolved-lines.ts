import { resolvedText } from "../../core/conflicts/resolved-file.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";

/** Merges that get a line of their own; the others are counted. */
const SHOWN = 2;

/** A line for each of the last merges in which files in conflict were resolved by rules: nobody was asked about them. */
export function resolvedLines(state: WorkflowState, style: Style, width: number): readonly string[] {
  const merges = [
    ...(state.syncs ?? []).map(({ from, resolved }) => ({ name: from, resolved })),
    ...Object.values(state.deliverables).map(({ id, resolved }) => ({ name: id, resolved })),
  ].flatMap(({ name, resolved = [] }) =>
    resolved.length === 0 ? [] : [`${name} resolved by rule: ${resolved.map(resolvedText).join(", ")}`],
  );
  const rest = merges.length - SHOWN;
  const lines = rest > 0 ? [...merges.slice(-SHOWN), `${rest} more merges resolved files by rule`] : merges;
  return lines.map(
    (line) => `${style.dim(style.symbol.info)} ${clip(plainLine(line), width - 2, style.symbol.ellipsis)}`,
  );
}
