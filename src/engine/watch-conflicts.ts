/**
 * Looks for conflicts between the lines of a workflow while it runs, when something moved and never otherwise. Nothing waits for it, and
 * its trouble changes nothing: without it conflicts are found when work is merged.
 */
import { afterRules } from "../core/conflicts/after-rules.ts";
import { INTEGRATION, TARGET, type WorkflowLine, workflowLines } from "../core/conflicts/lines.ts";
import { type PredictedConflict, predictedConflicts } from "../core/conflicts/predicted.ts";
import type { CommandBody } from "../core/workflow/command.ts";
import { foreseenPolicy } from "../core/workflow/file-policy.ts";
import { hasEnded } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Conflicts } from "../ports/conflicts.ts";
import type { EngineDependencies } from "./dependencies.ts";

/** Several things move in one moment. */
const SETTLE_MS = 2_000;

/** A pass is followed by a pause of so many times its length: however much moves, little of one core goes into this. */
const REST = 20;
const LONGEST_REST_MS = 30_000;

export interface ConflictWatch {
  /** The state has changed: looks again where a line came, went or moved. */
  touch(state: WorkflowState): void;
  /** A session has changed files. */
  changed(): void;
  close(): Promise<void>;
}

/** `submit` takes what was found. */
export function createConflictWatch(
  deps: EngineDependencies,
  submit: (command: CommandBody) => Promise<unknown>,
): ConflictWatch {
  const closing = new AbortController();
  let latest: WorkflowState | null = null;
  let seen = "";
  let port: Promise<Conflicts> | undefined;
  let waits = false;
  let restMs = 0;
  let pass: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    waits = false;
    const state = latest;
    if (state === null || !isWatched(state)) return;
    const began = deps.clock.now();
    try {
      port ??= deps.openConflicts?.();
      const found = await conflictsOf(deps, port, state);
      if (found !== null && !closing.signal.aborted)
        await submit({ type: "conflicts-predicted", conflicts: found });
    } catch (error) {
      port = undefined;
      if (!closing.signal.aborted) deps.narrate(`conflicts of ${state.id} are not known: ${String(error)}`);
    }
    const tookMs = Math.max(0, Date.parse(deps.clock.now()) - Date.parse(began));
    restMs = Math.min(REST * tookMs, LONGEST_REST_MS);
  };

  const schedule = (): void => {
    if (waits || deps.openConflicts === undefined || closing.signal.aborted) return;
    waits = true;
    void deps.clock.pause(SETTLE_MS + restMs, closing.signal).then(() => {
      if (!closing.signal.aborted) pass = pass.then(look);
    });
  };

  return {
    touch: (state) => {
      latest = state;
      const now = isWatched(state) ? placesOf(state) : "";
      if (now === seen) return;
      seen = now;
      if (now !== "") schedule();
    },
    changed: () => {
      if (latest !== null && isWatched(latest)) schedule();
    },
    close: async () => {
      closing.abort();
      await pass;
    },
  };
}

/** Two lines at least, one of them a slot: without one nothing moves that a person has not moved. */
function isWatched(state: WorkflowState): boolean {
  if (state.plan.merge?.warn === "none" || hasEnded(state) || state.head === null) return false;
  return workflowLines(state).some(({ name }) => name !== INTEGRATION && name !== TARGET);
}

/** Different where a line came, went or has another commit. */
function placesOf(state: WorkflowState): string {
  const places = workflowLines(state).map(({ name, branch, worked }) => [
    branch,
    worked,
    state.deliverables[name]?.commit ?? "",
  ]);
  return JSON.stringify([state.head, places]);
}

async function conflictsOf(
  deps: EngineDependencies,
  port: Promise<Conflicts> | undefined,
  state: WorkflowState,
): Promise<readonly PredictedConflict[] | null> {
  if (port === undefined) return null;
  const line = ({ name, branch, worked }: WorkflowLine) => ({
    name,
    revision: branch,
    ...(worked ? { worktree: deps.repository.worktreePath(branch) } : {}),
  });
  const matrix = await (await port).matrix(workflowLines(state).map(line));
  return predictedConflicts(afterRules(matrix, foreseenPolicy(state)));
}
