/** What every part of the git adapter knows about the opened repository. */
import type { ConfigTrust } from "./config-trust.ts";
import type { Git } from "./git.ts";

export interface RepositoryContext {
  /** Main worktree, absolute, symlinks resolved. */
  readonly root: string;
  readonly commonDir: string;
  readonly name: string;
  /** Top folder of the checkout that the caller stands in: the main worktree or a linked one. */
  readonly checkout: string;
  /** First part of the names of all our branches: `signalbox`. */
  readonly prefix: string;
  /** Folder that holds all our worktrees, absolute. Nothing outside it is ever removed. */
  readonly worktreesFolder: string;
  /** Says which settings of the repository our git obeys. */
  readonly trust: ConfigTrust;
  /** Runs in the common dir, so that it works whatever happens to a working tree. */
  readonly git: Git;
}
