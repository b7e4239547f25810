import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";

/** A line while new commits wait for the next stage boundary; within `width`. */
export function syncLines({ sync }: WorkflowState, style: Style, width: number): readonly string[] {
  if (sync === undefined) return [];
  const text = `${plainLine(sync.from)} at ${sync.commit.slice(0, 8)} comes in at the next stage boundary`;
  return [`${style.dim(style.symbol.info)} ${clip(text, width - 2, style.symbol.ellipsis)}`];
}
