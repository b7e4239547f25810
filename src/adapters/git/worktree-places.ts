/** Where our worktrees are, and the guard that keeps every removal inside that place. */
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { RepositoryContext } from "./context.ts";

type Places = Pick<RepositoryContext, "worktreesFolder" | "prefix">;

/** Folder of the worktree of a branch: the branch's name below the worktrees folder. */
export function branchPlace(places: Places, branch: string): string {
  return join(places.worktreesFolder, branch);
}

/** Folder of the detached integration worktree. Slot branches end in `.<epoch>.<attempt>`, so the name is free. */
export function integrationPlace(places: Places, workflow: string): string {
  return join(places.worktreesFolder, places.prefix, workflow, "integration");
}

/** Folder of the review worktree of a commit. */
export function reviewPlace(places: Places, workflow: string, commit: CommitId): string {
  return join(places.worktreesFolder, places.prefix, workflow, `review-${commit.slice(0, 12)}`);
}

/** A new folder for a finished worktree that waits to be used again. */
export function sparePlace(places: Places, workflow: string): string {
  const name = `spare-${crypto.randomUUID().slice(0, 8)}`;
  return join(places.worktreesFolder, places.prefix, workflow, name);
}

/** True for the folder of some spare worktree of the workflow. */
export function isSparePlace(places: Places, workflow: string, path: string): boolean {
  const inside = relative(join(places.worktreesFolder, places.prefix, workflow), path);
  return /^spare-[0-9a-f]{8}$/.test(inside);
}

/** True for the folder of the integration worktree of the workflow. */
export function isIntegrationPlace(places: Places, workflow: string, path: string): boolean {
  return relative(integrationPlace(places, workflow), path) === "";
}

/** Files that the coordinator renders from state and can render again. */
export function isRendered(path: string): boolean {
  return /(^|\/)ORCHESTRATION(\.yaml|_PLAN\.md|_WORKTRACKER\.md)$/.test(path);
}

/** True for the folder of some review worktree of the workflow. */
export function isReviewPlace(places: Places, workflow: string, path: string): boolean {
  const inside = relative(join(places.worktreesFolder, places.prefix, workflow), path);
  return /^review-[0-9a-f]{12}$/.test(inside);
}

/** The real path, when it is strictly inside the worktrees folder. Throws `not-our-worktree` for any other. */
export async function requireOurs(places: Places, path: string): Promise<string> {
  const real = await realpath(path).catch(() => resolve(path));
  const inside = relative(places.worktreesFolder, real);
  if (inside !== "" && !inside.startsWith("..") && !isAbsolute(inside)) return real;
  throw new SignalboxError(
    "internal",
    "not-our-worktree",
    `${path} is not below ${places.worktreesFolder}, nothing there is touched`,
  );
}
