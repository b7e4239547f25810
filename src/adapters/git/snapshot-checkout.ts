/** What a person has not committed yet as a commit that no ref names: their index, stash and files stay as they are (P6). */
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { commitTree } from "./build-commit.ts";
import { discover, type OpenOptions } from "./discover.ts";
import { treeOf } from "./reads.ts";
import { takeSnapshot } from "./snapshot.ts";

export interface CheckoutSnapshot {
  /** On top of HEAD; HEAD itself where nothing differs from it. Reachable from nothing until it is preserved. */
  readonly commit: CommitId;
  /** Folders that are repositories of their own, with a `/` at the end: they are not part of it. */
  readonly nested: readonly string[];
}

/**
 * Everything in the checkout around `cwd` that is not ignored, staged or not, as one commit on HEAD. Throws `unmerged-files` in the
 * middle of a merge or rebase with conflicts: the marks would be taken for content.
 */
export async function snapshotCheckout(cwd: string, options: OpenOptions = {}): Promise<CheckoutSnapshot> {
  const context = await discover(cwd, options);
  const git = context.git.within(context.checkout);
  const unmerged = await git.text(["ls-files", "--unmerged", "--full-name"]);
  if (unmerged !== "") throw conflicted(unmerged);
  const [head = "", admin = ""] = (
    await git.text(["rev-parse", "--path-format=absolute", "HEAD^{commit}", "--git-dir"])
  ).split("\n");
  const snapshot = await takeSnapshot({ git, admin, start: head, force: [] });
  try {
    const { tree, nested } = snapshot;
    if (tree === (await treeOf(git, head))) return { commit: head, nested };
    const subject = "Uncommitted changes, as they were when the work was dispatched";
    return { commit: await commitTree(git, tree, [head], { subject, trailers: {} }), nested };
  } finally {
    await snapshot.dispose();
  }
}

function conflicted(listed: string): SignalboxError {
  const paths = [...new Set(listed.split("\n").map((line) => line.split("\t")[1] ?? ""))];
  return new SignalboxError(
    "user",
    "unmerged-files",
    `${paths[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ""} has conflicts that are not resolved, so there is no snapshot to take`,
    ["Resolve them first, then: git add <file>", "Or leave uncommitted files out, without: --include-dirty"],
  );
}
