/** What was joined, where work went back to its creator because it did not fit what was merged meanwhile. */

import type { DeliverableState } from "../../core/workflow/deliverable.ts";
import { lastRound, requirePlanned } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";

/** Whom it met, in which files, what its agent left out and why, and the command that shows what it made of the marks. */
export function joinedLines(
  state: WorkflowState,
  deliverable: DeliverableState,
  style: Style,
): readonly string[] {
  const { rejoin, commit } = deliverable;
  if (rejoin?.joined === undefined) return [];
  const { leftOut = [] } = lastRound(deliverable) ?? {};
  const sides = (rejoin.sides ?? []).map((id) => `  ${id}  ${plainLine(requirePlanned(state, id).title)}`);
  const where =
    rejoin.why === "conflict"
      ? `  it conflicted in ${rejoin.files.map(plainLine).join(", ")}${sides.length === 0 ? "" : ", with"}`
      : "  its checks failed together with what was merged";
  const range = `${rejoin.joined.slice(0, 12)} ${(commit ?? rejoin.joined).slice(0, 12)}`;
  return [
    where,
    ...sides,
    ...leftOut.map((line) => `  ${style.yellow(style.symbol.warn)} left out: ${plainLine(line)}`),
    style.dim(`  what its agent made of it: git diff ${range}`),
  ];
}
