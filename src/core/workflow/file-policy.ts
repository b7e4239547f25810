/** The rules for files in conflict that hold for one merge into the integration branch. */
import type { FilePolicy } from "../conflicts/file-rules.ts";
import { requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

/** For looking ahead: work of any slot. */
export function foreseenPolicy(state: WorkflowState): FilePolicy {
  return { ...filePolicyFor(state, null), brings: "work" };
}

/** `subject`: the work that is merged; null = commits of the target. */
export function filePolicyFor(state: WorkflowState, subject: string | null): FilePolicy {
  const { plan } = state;
  const { stateFile, planFile, trackerFile } = plan.layout;
  const settings = subject === null ? plan.settings : requirePlanned(state, subject).settings;
  return {
    rules: plan.merge?.files ?? [],
    documents: [stateFile, planFile, trackerFile],
    // What agents are told and judged by is no text to be joined.
    protect: [...settings.protect, ...settings.constitution],
    brings: subject === null ? "target" : "work",
  };
}
