/** What landing needs, wired for one command: a person's own process lands, not the coordinator, with the person's credentials. */

import { landingClearer } from "./adapters/checks/clear-landing.ts";
import { createCheckRunner } from "./adapters/checks/index.ts";
import { openRepository } from "./adapters/git/index.ts";
import { openLandingSite } from "./adapters/git/landing.ts";
import { landingOwner, openLandingQueue } from "./adapters/git/landing-queue.ts";
import { createPullRequests } from "./adapters/github/pull-requests.ts";
import { createProvisioner } from "./adapters/provision/index.ts";
import type { WorkflowState } from "./core/workflow/state.ts";
import type { LandingDependencies } from "./engine/landing-place.ts";

export interface ComposeLandingOptions {
  /** Anywhere inside the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Branch on which it lands: checks of a landing there that was killed are ended. */
  readonly target: string;
  readonly narrate: (line: string) => void;
}

/** Opens the repository with the folders and branch names of the workflow. Errors: those of opening it. */
export async function composeLanding(
  state: WorkflowState,
  { cwd, env, target, narrate }: ComposeLandingOptions,
): Promise<LandingDependencies> {
  const { worktrees, branchPrefix } = state.plan.layout;
  const repository = await openRepository(cwd, { env, worktrees, branchPrefix });
  const { root, commonDir } = repository;
  const owner = landingOwner(commonDir, target);
  return {
    repository,
    site: await openLandingSite(cwd, { env, worktrees, branchPrefix }),
    queue: openLandingQueue(commonDir, landingClearer(repository)),
    pullRequests: createPullRequests({ cwd: root, env }),
    checks: createCheckRunner({ env, commonDir, root, owner }),
    provisioner: createProvisioner({ root, commonDir, env, owner }),
    narrate,
  };
}
