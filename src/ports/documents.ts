import type { WorkflowState } from "../core/workflow/state.ts";
import type { FileContent } from "./repository.ts";

/** Pure: the three documents and the escalation files of a state, byte for byte. */
export interface DocumentRenderer {
  render(state: WorkflowState): readonly FileContent[];
  /** Handoff file from its content. */
  renderHandoff(state: WorkflowState, deliverable: string): string;
}
