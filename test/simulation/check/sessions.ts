/** Sessions and what they cost. */
import { workflowLimit } from "../../../src/core/workflow/budget.ts";
import { isCreator } from "../../../src/core/workflow/evolve-session.ts";
import { runningSessions } from "../../../src/core/workflow/queries.ts";
import type { SessionRecord } from "../../../src/core/workflow/session-record.ts";
import { REQUEST_USD } from "../world/session.ts";
import type { Invariant } from "./invariant.ts";

/** S6. P4: recorded before it starts, so that any later coordinator finds it, and started once however often that is tried. */
export const JOURNALLED_FIRST: Invariant = {
  id: "S6",
  promise: "An agent starts once, after its dispatch is durable, in the conversation that was recorded",
  watch: ({ journalled }) => {
    const started = new Set<string>();
    return {
      started: ({ id, conversation }) => {
        if (started.has(id)) return `${id} starts twice`;
        started.add(id);
        const record = journalled()?.sessions[id];
        if (record === undefined) return `${id} starts before its dispatch is durable`;
        return record.conversation === conversation
          ? undefined
          : `${id} starts in conversation ${conversation}`;
      },
    };
  },
};

/** S7. One agent writes in a worktree, one process continues a conversation. */
export const ONE_OWNER: Invariant = {
  id: "S7",
  promise: "At any time one agent at most works in a worktree, and one in a conversation",
  watch: ({ host }) => ({
    started: (spec) => {
      const others = host.living().filter(({ id }) => id !== spec.id);
      const same = others.find(
        (other) =>
          other.conversation === spec.conversation ||
          (other.cwd === spec.cwd && isCreator(other.purpose) && isCreator(spec.purpose)),
      );
      return same === undefined ? undefined : `${spec.id} starts beside ${same.id}`;
    },
  }),
};

/** S8. P5: reserved before dispatch; what a running agent can pass its share by is one request. */
export const MONEY: Invariant = {
  id: "S8",
  promise:
    "Money stays below its limit but for one request of each agent place, and no session may spend more than was reserved for it",
  watch: ({ journalled, plan }) => {
    const slack = REQUEST_USD * plan.settings.limits.parallel + 0.001;
    // Sessions that ran without a limit when a person set one: what they spend comes on top.
    const free = new Set<string>();
    return {
      started: ({ id, limits }) => {
        const reserved = journalled()?.sessions[id]?.usd ?? 0;
        if (limits.usd === 0) return `${id} may spend nothing`;
        if (limits.usd === null || limits.usd <= reserved) return undefined;
        return `${id} may spend ${limits.usd}, reserved are ${reserved}`;
      },
      entry: ({ events }, before, after) => {
        if (before !== null && events.some(({ type }) => type === "limit.raised"))
          for (const { id, usd } of runningSessions(before)) if (usd === undefined) free.add(id);
        const limit = workflowLimit(after);
        const onTop = [...free].map((id) => after.sessions[id]?.outcome?.usage.costUsd ?? 0);
        const most = onTop.reduce((sum, usd) => sum + usd, (limit ?? 0) + slack);
        if (limit === null || after.spend.usd <= most) return undefined;
        return `${after.spend.usd} USD are spent of ${limit}`;
      },
    };
  },
};

/** S9. P5: places and the number of sessions are hard limits. */
export const PLACES: Invariant = {
  id: "S9",
  promise: "Never more agents than places, and never more sessions than the limit of sessions",
  watch: ({ host, plan }) => ({
    started: () => {
      const count = host.living().length + 1;
      return count <= plan.settings.limits.parallel ? undefined : `${count} agents run`;
    },
    entry: (_, before, after) => {
      const { sessionLimit } = after.spend;
      const limit = sessionLimit === undefined ? plan.settings.limits.sessions : sessionLimit;
      const more = after.spend.sessions > (before?.spend.sessions ?? 0);
      if (limit !== null && more && after.spend.sessions > limit)
        return `${after.spend.sessions} sessions of ${limit}`;
      return runningSessions(after).length <= plan.settings.limits.parallel
        ? undefined
        : "more are recorded than places";
    },
  }),
};

function isBefore(one: SessionRecord, { id, subject, epoch, attempt }: SessionRecord): boolean {
  return one.id !== id && one.subject === subject && one.epoch === epoch && one.attempt === attempt;
}

/** S10. Nothing of a stage happens before what comes before it is complete and approved. */
export const ORDER: Invariant = {
  id: "S10",
  promise:
    "Work of a stage begins only when everything before it is merged or skipped and its checkpoint approved",
  watch: ({ journalled, plan }) => ({
    started: ({ id, subject, round }) => {
      const state = journalled();
      const planned = plan.deliverables.find((one) => one.id === subject);
      const record = state?.sessions[id];
      if (state === null || planned === undefined || record?.epoch !== state.epoch) return undefined;
      // Later rounds and tries go on with what was begun in order, also while a person has sent back something earlier.
      if (round > 1 || Object.values(state.sessions).some((one) => isBefore(one, record))) return undefined;
      const open = plan.deliverables.find((one) => {
        const step = state.deliverables[one.id]?.step;
        return one.stage < planned.stage && step !== "merged" && step !== "skipped";
      });
      if (open !== undefined) return `${id} starts before ${open.id} is merged`;
      const unapproved = state.questions.find((q) => q.kind === "checkpoint" || q.kind === "plan");
      return unapproved === undefined
        ? undefined
        : `${id} starts while ${unapproved.subject} waits for approval`;
    },
  }),
};
