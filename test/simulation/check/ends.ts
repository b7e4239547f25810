/** Ends: everything that was started comes to one, or waits for somebody who knows. */
import { isOver } from "../../../src/core/workflow/next-effects.ts";
import { hasEnded, runningSessions } from "../../../src/core/workflow/queries.ts";
import type { Invariant } from "./invariant.ts";

/** Looks of a person after which a history should long be over. */
export const MOST_LOOKS = 300;

/** S15. */
export const WAITS_OR_ENDS: Invariant = {
  id: "S15",
  promise: "A workflow that has not ended works, or waits for a named person or time",
  watch: () => ({
    looked: (state, idle, look) => {
      if (look >= MOST_LOOKS) return `no end in sight: ${state.status}, ${state.questions.length} questions`;
      if (!idle || hasEnded(state) || state.status === "PAUSED") return undefined;
      if (state.questions.length > 0 || state.blockers.length > 0) return undefined;
      return "nothing runs, nothing waits, and it has not ended";
    },
  }),
};

/** S16. P4. */
export const NOTHING_LEFT: Invariant = {
  id: "S16",
  promise:
    "When a workflow is over no agent runs, no session is recorded as running, and the last commit says that it is over, unless a person left it out",
  watch: ({ host, plan, repository, parseState }) => ({
    over: (state) => {
      if (host.living().length > 0) return `agents run: ${host.living().map(({ id }) => id)}`;
      const running = runningSessions(state);
      if (running.length > 0) return `recorded as running: ${running.map(({ id }) => id)}`;
      if (!isOver(state)) return "something is still outstanding";
      const leftOut = state.decisions.some(({ subject, word }) => subject === "workflow" && word === "skip");
      if (leftOut) return undefined;
      const tip = repository.resolve(`${plan.layout.branchPrefix}/main`);
      if (tip === null) return state.head === null ? undefined : "the integration branch is gone";
      const text = repository.readFile(tip, plan.layout.stateFile);
      const told = text === null ? "nothing" : parseState(text).status;
      return told === state.status ? undefined : `the branch says ${told}, the journal ${state.status}`;
    },
  }),
};

/** S17. */
export const CLEAN: Invariant = {
  id: "S17",
  promise:
    "A completed workflow leaves no branch and no worktree of an attempt, unless a removal failed or a stale coordinator was under way",
  watch: ({ plan, repository, unremoved }) => ({
    over: ({ status }) => {
      if (status !== "COMPLETE" || unremoved()) return undefined;
      const left = repository.worktrees().filter(({ path }) => !path.endsWith("/integration"));
      if (left.length > 0) return `worktrees are left: ${left.map(({ path }) => path)}`;
      const branches = repository
        .branches(`${plan.layout.branchPrefix}/`)
        .filter(({ branch }) => !branch.endsWith("/main"));
      return branches.length === 0 ? undefined : `branches are left: ${branches.map(({ branch }) => branch)}`;
    },
  }),
};
