/**
 * What surfaces may ask of the engine: open, create and command workflows, and watch them. One loop per workflow does the work.
 */

import type { SignalboxError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { CommandBody } from "../core/workflow/command.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { existsAlready } from "./exists-already.ts";
import type { WorkflowLoop } from "./loop.ts";
import { openLoop } from "./open-loop.ts";
import type { EngineUpdate, SubmitResult } from "./updates.ts";

export interface Engine {
  /** Takes the lease, replays and goes on with everything outstanding. Throws `SignalboxError` kind `lease` when another coordinator holds it. Idempotent. */
  open(workflow: string): Promise<WorkflowState>;
  /** Creates a workflow from its plan, then behaves like `open`. Throws `user` error `already-exists` when its id is taken. */
  create(plan: Plan, by: string): Promise<WorkflowState>;
  submit(workflow: string, command: CommandBody): Promise<SubmitResult>;
  state(workflow: string): WorkflowState | undefined;
  subscribe(listener: (update: EngineUpdate) => void): () => void;
  /** True while something is running or scheduled; false when all open workflows have ended or wait for a person. */
  busy(): boolean;
  /** Resolves when `busy()` becomes false (also at once). */
  idle(): Promise<void>;
  /**
   * Resolves with the first error that ended the loop of a workflow for good; never otherwise. The workflow is forgotten
   * here, `open` reads it again. A process that shows workflows to viewers ends then, so that none looks at a dead one.
   */
  readonly failed: Promise<SignalboxError>;
  /** Told at once, and before any other line about it, when the loop of a workflow has ended for good. */
  onStopped(listener: (workflow: string, error: SignalboxError) => void): void;
  /** Stops the loops and releases leases. Sessions in the host go on running. */
  close(): Promise<void>;
}

export function createEngine(dependencies: EngineDependencies): Engine {
  const loops = new Map<string, Promise<WorkflowLoop>>();
  const ready = new Map<string, WorkflowLoop>();
  const listeners = new Set<(update: EngineUpdate) => void>();
  const updated = (update: EngineUpdate): void => {
    for (const listener of listeners) listener(update);
  };
  const stopListeners: ((workflow: string, error: SignalboxError) => void)[] = [];
  let fail: (error: SignalboxError) => void = () => {};
  const failed = new Promise<SignalboxError>((resolve) => {
    fail = resolve;
  });
  const forget = (workflow: string): void => {
    loops.delete(workflow);
    ready.delete(workflow);
  };

  const loopOf = (
    workflow: string,
    plan?: { readonly plan: Plan; readonly by: string },
  ): Promise<WorkflowLoop> => {
    const known = loops.get(workflow);
    if (known !== undefined) return known;
    const stopped = (error: SignalboxError): void => {
      for (const tell of stopListeners) tell(workflow, error);
      forget(workflow);
      fail(error);
    };
    const opening = openLoop(dependencies, workflow, { updated, stopped }, plan);
    loops.set(workflow, opening);
    opening.then(
      (loop) => loops.get(workflow) === opening && ready.set(workflow, loop),
      () => forget(workflow),
    );
    return opening;
  };

  return {
    open: async (workflow) => (await loopOf(workflow)).state,
    create: async (plan, by) => {
      const { id } = plan.workflow;
      if (loops.has(id)) throw existsAlready(id);
      return (await loopOf(id, { plan, by })).state;
    },
    submit: async (workflow, command) => (await loopOf(workflow)).submit(command),
    state: (workflow) => ready.get(workflow)?.state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failed,
    onStopped: (listener) => void stopListeners.push(listener),
    busy: () => loops.size > ready.size || [...ready.values()].some((loop) => loop.busy()),
    idle: async () => {
      await Promise.allSettled(loops.values());
      await Promise.all([...ready.values()].map((loop) => loop.idle()));
    },
    close: async () => {
      const opened = await Promise.allSettled(loops.values());
      await Promise.all(
        opened.map((result) => (result.status === "fulfilled" ? result.value.close() : undefined)),
      );
      loops.clear();
      ready.clear();
    },
  };
}
