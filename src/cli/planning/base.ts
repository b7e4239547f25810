/** The commit that a workflow starts from. */
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CliIo } from "../io.ts";
import type { Project } from "../project.ts";

/** Commit of a revision. Throws `no-such-revision`. */
export async function requireBase({ repository }: Project, revision: string): Promise<CommitId> {
  const commit = await repository.resolve(revision);
  if (commit === null)
    throw new SignalboxError("user", "no-such-revision", `${revision} is no commit of this repository`, [
      "To see branches, run: git branch --all",
    ]);
  return commit;
}

/** What is not committed, as the commit to start from; only on top of HEAD, where those files are. Throws `contradiction` where another base is given. */
export async function snapshotBase(io: CliIo, given: string | undefined): Promise<CommitId> {
  const named = given ?? (io.env.SIGNALBOX_BASE || undefined);
  if (named !== undefined)
    throw new SignalboxError(
      "user",
      "contradiction",
      `--include-dirty starts from what is in the working folder, and ${named} was named as the base`,
      ["Leave one of the two out; a snapshot is always on top of HEAD: --include-dirty"],
    );
  const { snapshotCheckout } = await import("../../adapters/git/snapshot-checkout.ts");
  return (await snapshotCheckout(io.cwd, { env: io.env })).commit;
}
