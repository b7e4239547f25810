import { SignalboxError } from "../../core/errors.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { requireBase } from "../planning/base.ts";
import { type Fetched, fetchUpstream } from "../planning/freshness.ts";
import { openProject, type Project, pickWorkflow } from "../project.ts";
import { submit, workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox sync [workflow]`: new commits of the target come into a workflow that runs, at its next stage boundary, as a candidate
 * with checks. The target itself is only read.
 */
export async function sync(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "act");
  const { name, commit } = await sourceOf(context, project, state, input);
  const short = commit.slice(0, 12);
  if (state.head !== null && (await project.repository.isAncestor(commit, state.head))) {
    if (context.json) context.output.json({ workflow: state.id, from: name, commit, isIn: true });
    else context.output.success(`${name} at ${short} is in ${state.id} already`);
    return EXIT.done;
  }
  return submit(context, state.id, () => ({
    command: { type: "sync", commit, from: name, by: context.io.user },
    said: `${name} at ${short} comes into ${state.id} at the next stage boundary`,
  }));
}

/** What `--from` names, else the target's tip, with `--fetch` that of the branch which it follows. Throws `no-target`, `no-such-revision`. */
async function sourceOf(
  { io }: Context,
  project: Project,
  { plan: { base } }: WorkflowState,
  input: VerbInput,
): Promise<Fetched> {
  const name = input.text("from") ?? base.target ?? base.branch;
  if (name === null)
    throw new SignalboxError("user", "no-target", "The workflow has no target branch to bring in", [
      "Name what is to come in: signalbox sync --from BRANCH",
    ]);
  const fetched = input.flag("fetch") ? await fetchUpstream(io, name) : null;
  const local = await project.repository.resolve(name);
  const isNewer =
    fetched !== null && (local === null || (await project.repository.isAncestor(local, fetched.commit)));
  return isNewer ? fetched : { name, commit: local ?? (await requireBase(project, name)) };
}
