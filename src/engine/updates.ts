/** What the engine tells: to who submitted a command, and to who watches. */
import type { SignalboxError } from "../core/errors.ts";
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

/** What a loop tells its engine. */
export interface LoopListener {
  readonly updated: (update: EngineUpdate) => void;
  /** The loop has stopped for good: its journal cannot be written, or somebody else writes it. Sessions go on. */
  readonly stopped: (error: SignalboxError) => void;
}
