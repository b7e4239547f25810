/** Differences as a person reads them: between commits, or of a worktree as it is at this moment. */
import type { CommitId } from "../../core/vocabulary.ts";
import { discover, type OpenOptions } from "./discover.ts";
import { openWorktree } from "./linked-worktree.ts";
import { takeSnapshot } from "./snapshot.ts";

export interface DiffRequest {
  readonly from: string;
  readonly to: string;
  /** Sizes per file instead of the lines. */
  readonly stat: boolean;
  readonly colour: boolean;
  /** Columns for `stat`. */
  readonly width: number;
}

export interface WorkDiffs {
  /** Tree of everything in a worktree now, uncommitted and untracked files too. Touches neither its index nor its files. */
  treeOf(worktree: string, base: CommitId): Promise<string>;
  /** Text as git prints it; empty where nothing differs. Programs that the repository names for diffs are not run. */
  text(request: DiffRequest): Promise<string>;
}

/** Errors: see `discover`. */
export async function openWorkDiffs(cwd: string, options: OpenOptions = {}): Promise<WorkDiffs> {
  const context = await discover(cwd, options);
  return {
    treeOf: async (worktree, base) => {
      const { git, admin } = await openWorktree(context, worktree);
      const snapshot = await takeSnapshot({ git, admin, start: base, force: [] });
      await snapshot.dispose();
      return snapshot.tree;
    },
    text: async ({ from, to, stat, colour, width }) => {
      const how = stat ? [`--stat=${width}`] : ["--patch"];
      const colours = [`--color=${colour ? "always" : "never"}`];
      const args = ["diff", "--no-ext-diff", "--no-textconv", "-M", ...how, ...colours, from, to, "--"];
      return (await context.git.run(args)).stdout.toString("utf8");
    },
  };
}
