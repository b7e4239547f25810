import type { ArtifactStandIn } from "../core/workflow/outcome.ts";
import type { FileContent } from "./repository.ts";

/**
 * Files inside a worktree of ours.
 *
 * Contract: paths are repository-relative; one that leaves the root, also through a symbolic link, is refused with a
 * `SignalboxError`. `write` replaces each file atomically and makes folders. `size` is the size in bytes of a regular file that really
 * lies inside the root, else null; `standIn` says
 * what is at a path where `size` gives null, null where nothing is. `emptyFolder` gives an existing empty folder that belongs to the named session.
 */
export interface WorktreeFiles {
  write(root: string, files: readonly FileContent[]): Promise<void>;
  size(root: string, path: string): Promise<number | null>;
  standIn(root: string, path: string): Promise<ArtifactStandIn | null>;
  emptyFolder(workflow: string, session: string): Promise<string>;
}
