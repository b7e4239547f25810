/** Where a session is expected to work, for noticing that it strays; what it may write at all is `writesOf`. */
import type { PlannedDeliverable } from "../plan/plan.ts";
import { writesOf } from "../quality/integrity.ts";

/** Repository-relative globs: what the slot says it touches and its own folder; undefined where it says nothing but what it may write. */
export function areaOf(planned: PlannedDeliverable): readonly string[] | undefined {
  const { touches } = planned;
  if (touches.length === 0) return undefined;
  const own = writesOf(planned).filter((glob) => glob !== "**");
  return [...new Set([...own, ...touches.flatMap((path) => [path, `${path.replace(/\/+$/, "")}/**`])])];
}
