/** What becomes of work: it stays reachable, and only what was approved is merged, once. */
import { droppedLines, type FileTexts } from "../../../src/core/conflicts/kept-lines.ts";
import type { ResolvedFile } from "../../../src/core/conflicts/resolved-file.ts";
import type { CommitId } from "../../../src/core/vocabulary.ts";
import type { Approval } from "../../../src/core/workflow/deliverable.ts";
import { effectiveGate } from "../../../src/core/workflow/effective-gate.ts";
import type { WorkflowEvent } from "../../../src/core/workflow/event.ts";
import { requireDeliverable, requirePlanned } from "../../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import type { Commit } from "../world/objects.ts";
import type { Facts, Invariant } from "./invariant.ts";

type Approved = Extract<WorkflowEvent, { type: "deliverable.approved" }>;

/** S1. P1: a commit that was reported to the core, approved or not, is reachable from a ref for ever. */
export const NOTHING_LOST: Invariant = {
  id: "S1",
  promise: "Work that was committed, and above all approved work, stays reachable from a ref",
  watch: ({ repository }) => {
    const kept = new Set<CommitId>();
    return {
      ref: ({ ref }) => {
        const reachable = repository.refs.reachable();
        for (const commit of kept) if (!reachable.has(commit)) return `${commit} is lost with ${ref}`;
        return undefined;
      },
      entry: ({ events }) => {
        for (const event of events) for (const commit of commitsOf(event)) kept.add(commit);
        return undefined;
      },
    };
  },
};

function commitsOf(event: WorkflowEvent): readonly CommitId[] {
  if (event.type === "deliverable.approved") return [event.approval.commit];
  if (event.type === "round.noted" && event.patch.commit !== undefined) return [event.patch.commit];
  return event.type === "integration.done" ? [event.head] : [];
}

/** S2. P2: what a merge brings in is exactly a commit whose approval was durable before. */
export const ONLY_APPROVED: Invariant = {
  id: "S2",
  promise:
    "The integration branch takes in nothing but commits approved before, states of its own and documents",
  watch: (facts) => {
    const approved = new Set<CommitId>();
    const branch = `refs/heads/${facts.plan.layout.branchPrefix}/main`;
    return {
      entry: ({ events }) => {
        for (const event of events)
          if (event.type === "deliverable.approved") approved.add(event.approval.commit);
        return undefined;
      },
      ref: ({ ref, from, to }) => {
        if (ref !== branch || to === null) return undefined;
        for (const commit of facts.repository.objects.line(to, from ?? facts.plan.base.commit)) {
          const wrong = commit.text.subject === "by hand" ? undefined : smuggled(facts, commit, approved);
          if (wrong !== undefined) return wrong;
        }
        return undefined;
      },
    };
  },
};

function smuggled(
  { repository, plan }: Facts,
  commit: Commit,
  approved: ReadonlySet<CommitId>,
): string | undefined {
  const [first, second] = commit.parents;
  if (second !== undefined)
    return approved.has(second) ? undefined : `${commit.id} merges ${second}, which nobody approved`;
  if (commit.text.trailers["Signalbox-Epoch"] !== undefined || first === undefined) return undefined;
  const foreign = repository
    .changedFiles(first, commit.id)
    .find(({ path }) => !path.startsWith(plan.layout.folder));
  return foreign === undefined ? undefined : `${commit.id} changes ${foreign.path} without a merge`;
}

/** S3. Nothing is merged or written twice, whatever was repeated after a crash. */
export const MERGED_ONCE: Invariant = {
  id: "S3",
  promise:
    "No commit is merged twice, no change of the branch is made twice, and each merge is recorded once",
  watch: ({ plan, repository }) => {
    const branch = `refs/heads/${plan.layout.branchPrefix}/main`;
    const merged = new Set<CommitId>();
    return {
      ref: ({ ref, to }) => {
        if (ref !== branch || to === null) return undefined;
        const seen = new Set<string>();
        for (const { parents, text } of repository.objects.line(to, plan.base.commit)) {
          for (const key of [
            parents[1],
            parents.length > 1 ? undefined : text.trailers["Signalbox-Effect"],
          ]) {
            if (key !== undefined && seen.has(key)) return `${key} stands twice on the branch`;
            if (key !== undefined) seen.add(key);
          }
        }
        return undefined;
      },
      entry: ({ events }) => {
        for (const event of events) {
          if (event.type !== "deliverable.merged") continue;
          if (merged.has(event.mergeCommit))
            return `${event.subject}: ${event.mergeCommit} is recorded twice`;
          merged.add(event.mergeCommit);
        }
        return undefined;
      },
    };
  },
};

/** S18. P1: nobody's lines get lost where nobody was asked about them. */
export const LINES_KEPT: Invariant = {
  id: "S18",
  promise: "What a merge makes of a file by rule has every line that one of its sides added",
  watch: ({ repository }) => ({
    entry: ({ events }) => {
      for (const event of events) {
        if (event.type !== "deliverable.merged" || event.resolved === undefined) continue;
        const [ours, theirs] = repository.objects.require(event.mergeCommit).parents;
        const base = repository.objects.mergeBase(ours ?? "", theirs ?? "")?.id;
        const texts = (commit: CommitId | undefined) => textsOf(repository, commit, event.resolved);
        const found = droppedLines(texts(base), texts(ours), texts(theirs), texts(event.mergeCommit));
        for (const { path, text } of [...found.ours, ...found.theirs])
          return `${path} lacks the line ${text}`;
      }
      return undefined;
    },
  }),
};

function textsOf(
  repository: Facts["repository"],
  commit: CommitId | undefined,
  files: readonly ResolvedFile[] = [],
): FileTexts {
  const texts = files.map(({ path }) => [
    path,
    commit === undefined ? null : repository.readFile(commit, path),
  ]);
  return new Map(texts.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** S4. P2: what the judges, checks and people of this history really said, held against what was concluded from it. */
export const EARNED: Invariant = {
  id: "S4",
  promise:
    "A gate approves only what enough judges found good, no judge found bad, and the checks passed; a person's approval was typed",
  watch: (facts) => ({
    entry: ({ events }, _, after) => {
      for (const event of events) {
        if (event.type !== "deliverable.approved") continue;
        const wrong =
          event.approval.by === "gate" ? unearned(facts, after, event) : untyped(after, event.approval);
        if (wrong !== undefined) return `${event.subject}: ${wrong}`;
      }
      return undefined;
    },
  }),
};

function unearned(facts: Facts, state: WorkflowState, { subject, approval }: Approved): string | undefined {
  const deliverable = requireDeliverable(state, subject);
  const round = deliverable.rounds.findLast(({ commit }) => commit === approval.commit);
  if (round === undefined || round.verdict !== "PASS") return `approved without a round that passed`;
  const gate = effectiveGate(state, deliverable);
  const red = new Set((state.baseChecks ?? []).filter(({ passed }) => !passed).map(({ name }) => name));
  const failed = gate.checks.find(({ name }) => !red.has(name) && !facts.passes(name, approval.commit));
  if (failed !== undefined) return `approved although ${failed.name} fails on ${approval.commit}`;
  if (!gate.judged) return gate.checks.length > 0 ? undefined : "approved by a gate that looks at nothing";
  const { samples } = requirePlanned(state, subject).settings.judge;
  for (const { role } of gate.reviewers) {
    const opinions = round.samples
      .filter(({ reviewer }) => reviewer === role)
      .map(({ effectId }) => facts.opinionOf(effectId));
    const good = opinions.filter((opinion) => opinion === "good").length;
    const bad = opinions.find((opinion) => opinion === "poor" || opinion === "critical");
    if (bad !== undefined) return `approved although a judge found it ${bad}`;
    const valid = opinions.filter((opinion) => opinion !== null).length;
    if (valid < samples || good < Math.ceil(valid * 0.7))
      return `approved with ${good} good of ${valid} valid answers of ${role}, ${samples} are needed`;
  }
  return undefined;
}

function untyped(state: WorkflowState, { decision }: Approval): string | undefined {
  const typed = state.decisions.find(({ id }) => id === decision);
  if (typed?.by === "ana") return undefined;
  return `approved by a person without a decision (${decision ?? "none"})`;
}

/** S5. A worktree goes only when no agent is in it; an agent starts only where its worktree is. */
export const OCCUPIED_STAYS: Invariant = {
  id: "S5",
  promise:
    "No worktree is taken away from an agent that works in it, and reviewers see exactly the commit under review",
  watch: ({ repository, journalled }) => ({
    ended: ({ cwd, boundary, id }) =>
      boundary === null || repository.filesAt(cwd) !== undefined
        ? undefined
        : `the worktree of ${id} was gone at its end`,
    started: ({ cwd, purpose, id, subject, round }) => {
      if (purpose === "judge") return undefined;
      const worktree = repository.worktrees().find(({ path }) => path === cwd);
      if (worktree === undefined) return `${id} starts in ${cwd}, which is no worktree`;
      if (purpose !== "critique") return undefined;
      const deliverable = journalled()?.deliverables[subject];
      const reviewed = deliverable?.rounds.findLast((one) => one.round === round)?.commit;
      return worktree.commit === reviewed ? undefined : `${id} reads ${worktree.commit}, not ${reviewed}`;
    },
  }),
};
