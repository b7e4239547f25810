import type { PersonCommand, Rejection } from "../../core/workflow/command.ts";
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";

export type ControlResult =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly rejection: Rejection };

export interface ControlUpdate {
  readonly workflow: string;
  readonly seq: number;
  readonly events: readonly WorkflowEvent[];
  readonly state: WorkflowState;
}

/**
 * The engine as the coordinator process needs it. The engine has this shape; stated here because adapters may not import
 * the engine.
 */
export interface EngineControl {
  open(workflow: string): Promise<WorkflowState>;
  create(plan: WorkflowState["plan"], by: string): Promise<WorkflowState>;
  submit(workflow: string, command: PersonCommand): Promise<ControlResult>;
  state(workflow: string): WorkflowState | undefined;
  subscribe(listener: (update: ControlUpdate) => void): () => void;
  busy(): boolean;
  close(): Promise<void>;
}
