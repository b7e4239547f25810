/** What the engine tells: to who submitted a command, and to who watches. */
import type { Rejection } from "../core/workflow/command.ts";
import type { WorkflowEvent } from "../core/workflow/event.ts";
import type { WorkflowState } from "../core/workflow/state.ts";

/** The journal's head after the command, or why it was refused. */
export type SubmitResult =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly rejection: Rejection };

/** Sent to subscribers after every durable append. */
export interface EngineUpdate {
  readonly workflow: string;
  readonly seq: number;
  readonly events: readonly WorkflowEvent[];
  readonly state: WorkflowState;
}
