/** What a landing that was killed leaves: commands of its checks, and the worktree in which they ran. */
import { landingWorktrees } from "../../core/landing/queue-text.ts";
import type { QueuedLanding } from "../../ports/landing.ts";
import type { Repository } from "../../ports/repository.ts";
import { landingOwner } from "../git/landing-queue.ts";
import { endStrayCommands } from "./shell.ts";

/** Ends and removes it. Only for a landing that is proven dead, where nobody living lands on the same target. */
export function landingClearer(
  repository: Pick<Repository, "commonDir" | "removeReviewWorktrees">,
): (dead: QueuedLanding) => Promise<void> {
  return async ({ workflow, target }) => {
    await endStrayCommands(landingOwner(repository.commonDir, target));
    await repository.removeReviewWorktrees(landingWorktrees(workflow, target));
  };
}
