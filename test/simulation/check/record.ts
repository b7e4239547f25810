/** The record: one writer, one order, the same state from it whenever it is read. */
import { replay } from "../../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import type { Facts, Invariant } from "./invariant.ts";

/** S11. P4: fencing holds: once a newer writer has written, none before it does. */
export const ONE_WRITER: Invariant = {
  id: "S11",
  promise:
    "Entries of the journal follow each other without a gap, their writers never go back, and neither does time",
  watch: () => {
    let last = { seq: 0, generation: 0 };
    return {
      entry: (entry, before, after) => {
        const { seq, generation } = entry;
        if (seq !== last.seq + 1) return `entry ${seq} follows ${last.seq}`;
        if (generation < last.generation) return `writer ${generation} writes after ${last.generation}`;
        last = { seq, generation };
        const early = entry.events.find(({ at }) => before !== null && at < before.updatedAt);
        if (early !== undefined) return `${early.type} at ${early.at} is before ${before?.updatedAt}`;
        return after.seq > (before?.seq ?? 0) ? undefined : "an entry that changes nothing";
      },
    };
  },
};

/** S12. P8. */
export const REPLAY: Invariant = {
  id: "S12",
  promise: "Replaying the journal gives the state that the coordinator works with",
  watch: (facts) => ({
    looked: (_, idle, look) => {
      const live = facts.live();
      return idle && look % 8 === 0 && live !== undefined ? different(facts, live) : undefined;
    },
    over: (state) => different(facts, state),
  }),
};

function different({ entries }: Facts, live: WorkflowState): string | undefined {
  const replayed = replay(entries());
  if (isSame(replayed, live)) return undefined;
  return `the replayed state (${replayed?.seq}) differs from the live one (${live.seq})`;
}

/** True for the same JSON: order of keys and members without a value do not count, as a record and its copy may differ in that. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [mine, theirs] = [one, other] as readonly Readonly<Record<string, unknown>>[];
  if (mine === undefined || theirs === undefined || sizeOf(mine) !== sizeOf(theirs)) return false;
  for (const key in mine) if (!isSame(mine[key], theirs[key])) return false;
  return true;
}

function sizeOf(record: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const key in record) if (record[key] !== undefined) size += 1;
  return size;
}

/** S13. P8 and M2: what stands on the branch is what its own state renders to, and says what its commit did. */
export const DOCUMENTS: Invariant = {
  id: "S13",
  promise: "Documents on the branch are a fresh render of the state in them, and tell what their commit did",
  watch: ({ plan, repository, parseState, documents }) => ({
    ref: ({ ref, to }) => {
      if (ref !== `refs/heads/${plan.layout.branchPrefix}/main` || to === null) return undefined;
      const commit = repository.objects.require(to);
      const text = repository.readFile(to, plan.layout.stateFile);
      if (commit.text.subject === "by hand") return undefined;
      if (text === null) return `${to} has no state`;
      const state = parseState(text);
      for (const { path, content } of documents.render(state))
        if (repository.readFile(to, path) !== content)
          return `${path} in ${to} is not what its state renders to`;
      const slot = commit.text.trailers["Signalbox-Slot"];
      if (slot !== undefined && state.deliverables[slot]?.mergeCommit === undefined)
        return `${to} merges ${slot} and its documents do not say so`;
      const checkpoint = commit.text.trailers["Signalbox-Checkpoint"];
      const told = checkpoint === undefined || state.checkpoints.some(({ id }) => id === checkpoint);
      return told ? undefined : `${to} is ${checkpoint} and its documents do not say so`;
    },
  }),
};

/** S14. D1. */
export const LATE_IS_NOTHING: Invariant = {
  id: "S14",
  promise: "An outcome that is told again changes nothing",
  watch: () => ({
    repeated: (what, before, after) =>
      before === after ? undefined : `${what} told again moved the journal from ${before} to ${after}`,
  }),
};
