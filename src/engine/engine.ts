/**
 * What surfaces may ask of the engine. The loop behind it is in `loop.ts`.
 */
import type { CommandBody, Rejection } from "../core/workflow/command.ts";
import type { WorkflowEvent } from "../core/workflow/event.ts";
import type { WorkflowState } from "../core/workflow/state.ts";

export type SubmitResult = { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly rejection: Rejection };

/** Sent to subscribers after every durable append. */
export interface EngineUpdate {
  readonly workflow: string;
  readonly seq: number;
  readonly events: readonly WorkflowEvent[];
  readonly state: WorkflowState;
}

export interface Engine {
  /** Takes the lease, replays and goes on with everything outstanding. Throws `SignalboxError` kind `lease` when another coordinator holds it. Idempotent. */
  open(workflow: string): Promise<WorkflowState>;
  /** Creates a workflow from its plan, then behaves like `open`. */
  create(plan: WorkflowState["plan"], by: string): Promise<WorkflowState>;
  submit(workflow: string, command: CommandBody): Promise<SubmitResult>;
  state(workflow: string): WorkflowState | undefined;
  subscribe(listener: (update: EngineUpdate) => void): () => void;
  /** True while something is running or scheduled; false when all open workflows have ended or wait for a person. */
  busy(): boolean;
  /** Resolves when `busy()` becomes false (also at once). */
  idle(): Promise<void>;
  /** Stops the loop and releases leases. Sessions in the host go on running. */
  close(): Promise<void>;
}
