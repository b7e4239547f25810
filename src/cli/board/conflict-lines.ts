import { lineLabel } from "../../core/conflicts/lines.ts";
import { conflictText } from "../../core/conflicts/words.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";

/** Conflicts that get a line of their own; the others are counted. */
const SHOWN = 2;

/** A line for each of the first conflicts that are seen coming, within `width`. */
export function conflictLines(state: WorkflowState, style: Style, width: number): readonly string[] {
  const conflicts = state.conflicts ?? [];
  const lines = conflicts.slice(0, SHOWN).map((conflict) => {
    const names = [conflict.first, conflict.second].map((name) => lineLabel(name, state.plan.base.target));
    return plainLine(`${names.join(" and ")} ${conflictText(conflict)}`);
  });
  const rest = conflicts.length - lines.length;
  if (rest > 0) lines.push(`${rest} more conflicts are coming: signalbox conflicts`);
  return lines.map(
    (line) => `${style.yellow(style.symbol.warn)} ${clip(line, width - 2, style.symbol.ellipsis)}`,
  );
}
