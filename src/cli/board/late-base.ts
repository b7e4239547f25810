import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip } from "../output/clip.ts";
import type { Style } from "../output/style.ts";
import { countText } from "../output/units.ts";

/** A line where the workflow started from a base that was behind what it follows; within `width`. */
export function lateBaseLines({ plan }: WorkflowState, style: Style, width: number): readonly string[] {
  const { branch, upstream } = plan.base;
  if (upstream === undefined || upstream.behind === 0) return [];
  const text = `${branch} was ${countText(upstream.behind, "commit")} behind ${upstream.name} at the start`;
  return [`${style.yellow(style.symbol.warn)} ${clip(text, width - 2, style.symbol.ellipsis)}`];
}
