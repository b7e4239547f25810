/** Whether somebody still needs what stands on disk for a workflow. A function of state, time and what was asked for. */
import { type AttemptStanding, attemptOf } from "../../core/view/attempts.ts";
import type { Instant } from "../../core/vocabulary.ts";
import { hasEnded, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { ageText, durationText } from "../output/units.ts";

export interface NeedOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What did not end in a merge stays this long. */
  readonly keepMs: number;
  /** Takes nothing younger than this, whatever `keepMs` says. */
  readonly olderThanMs?: number;
  /** Named by the person, so that nothing is kept for its age alone. */
  readonly named: boolean;
}

/** `why` is half a sentence. `hint` has a command. `needed` is false for what only waits for its time. */
export type Need =
  | { readonly goes: true; readonly why: string; readonly slot: string | null }
  | {
      readonly goes: false;
      readonly why: string;
      readonly slot: string | null;
      readonly needed: boolean;
      readonly hint: string | null;
    };

/** `name` is that of a place: `login.1.1`, `integration`, `review-…`, `spare-…`. */
export function needOf(state: WorkflowState, name: string, options: NeedOptions): Need {
  const attempt = attemptOf(state, `${state.plan.layout.branchPrefix}/${name}`);
  if (attempt !== null) {
    const { slot, standing, since } = attempt;
    const needed = NEEDED[standing];
    if (needed !== undefined)
      return {
        goes: false,
        why: needed,
        slot,
        needed: true,
        hint: `See it: signalbox show ${slot} -w ${state.id}`,
      };
    const why = whyOf(state, standing, since, options.now);
    return aged({ why, slot, since, lasting: standing !== "merged", again: slot }, state, options);
  }
  if (!/^(integration|review-[0-9a-f]{12}|spare-[0-9a-f]{8})$/.test(name))
    return { ...stays("it is no part of the plan of this workflow", null), needed: false };
  if (!hasEnded(state)) return stays("the workflow goes on with it", `See it: signalbox status ${state.id}`);
  if (runningSessions(state).length > 0)
    return stays("sessions of the workflow still end", `See them: signalbox status ${state.id}`);
  const since = state.completedAt ?? state.updatedAt;
  const what = SHARED[name.split("-")[0] ?? ""] ?? "only shows a commit to reviewers";
  const lasting = state.status !== "COMPLETE" && !name.startsWith("spare-");
  return aged({ why: what, slot: null, since, lasting, again: state.id }, state, options);
}

/** By the first word of its name. */
const SHARED: Readonly<Record<string, string>> = {
  integration: "only shows the integration branch",
  spare: "waited for another attempt",
};

/** Whatever is at its end has no entry. */
const NEEDED: Partial<Readonly<Record<AttemptStanding, string>>> = {
  running: "a session is in it",
  waiting: "a person is asked about it",
  "under-way": "the workflow goes on with it",
};

function stays(why: string, hint: string | null): Extract<Need, { goes: false }> {
  return { goes: false, why, slot: null, needed: true, hint };
}

interface Ended {
  readonly why: string;
  readonly slot: string | null;
  readonly since: Instant;
  /** Kept for a time, because its work is not part of the result. */
  readonly lasting: boolean;
  /** What to name to have it at once. */
  readonly again: string;
}

function aged({ why, slot, since, lasting, again }: Ended, state: WorkflowState, options: NeedOptions): Need {
  const { now, keepMs, olderThanMs, named } = options;
  const must = olderThanMs ?? (lasting && !named ? keepMs : 0);
  if (now - Date.parse(since) >= must) return { goes: true, why, slot };
  const left = durationText(Date.parse(since) + must - now);
  const hint =
    olderThanMs === undefined
      ? `Take it now: signalbox clean ${again}${again === state.id ? "" : ` -w ${state.id}`}`
      : null;
  return { goes: false, why: `${why}; kept for another ${left}`, slot, needed: false, hint };
}

function whyOf(state: WorkflowState, standing: AttemptStanding, since: Instant, now: number): string {
  const age = ageText(since, now);
  switch (standing) {
    case "merged":
      return `merged ${age}`;
    case "skipped":
      return `skipped ${age}`;
    case "replaced":
      return "a newer attempt has replaced it";
    case "failed":
      return `failed; the workflow ended ${age}`;
    default:
      return state.status === "CANCELLED" ? `left when the workflow was cancelled ${age}` : `left ${age}`;
  }
}
