/** Finds integration branches by what their commits say about themselves: their first part may be anything (`layout.branch_prefix`). */
import type { IntegrationBranch } from "../../ports/repository.ts";
import type { Git } from "./git.ts";

const FORMAT =
  "--format=%(objectname)%00%(refname)%00%(trailers:key=Signalbox-Workflow,valueonly,separator=%x2C)";

/** `<prefix>/<workflow>/main` here and on remotes, by name; of a branch that is in several places the local one, then origin's. */
export async function integrationBranches(git: Git): Promise<readonly IntegrationBranch[]> {
  const patterns = ["refs/heads/*/*/main", "refs/remotes/*/*/*/main"];
  const lines = (await git.text(["for-each-ref", FORMAT, ...patterns])).split("\n");
  const found = lines.flatMap(toBranch).toSorted((a, b) => rank(a) - rank(b));
  return found
    .filter((one, index) => found.findIndex((other) => other.branch === one.branch) === index)
    .toSorted((a, b) => (a.branch < b.branch ? -1 : 1));
}

function toBranch(line: string): readonly IntegrationBranch[] {
  const [commit = "", ref = "", workflows = ""] = line.split("\0");
  const [, remote = null, branch = ""] = /^refs\/(?:heads|remotes\/([^/]+))\/(.+)$/.exec(ref) ?? [];
  const [prefix, workflow = ""] = branch.split("/");
  // A person's commit on top has no trailer; under our own name the branch is ours all the same.
  const isOurs = prefix === "signalbox" || workflows.split(",").includes(workflow);
  return isOurs && workflow !== "" ? [{ workflow, branch, remote, commit }] : [];
}

function rank({ remote }: IntegrationBranch): number {
  if (remote === null) return 0;
  return remote === "origin" ? 1 : 2;
}
