/** Which slots can stand in each other's way. */
import type { PlannedDeliverable } from "../plan/plan.ts";

/** True where it may change files that others change too; any other one writes only its own artifact. */
export function sharesFiles({ makes, settings }: Pick<PlannedDeliverable, "makes" | "settings">): boolean {
  return makes.kind === "commit" || settings.writes.length > 0;
}
