/** What the landing of a whole result says of itself. Pure functions of state. */
import { line } from "../prompts/layout.ts";
import type { WorkflowState } from "../workflow/state.ts";
import type { LandingWords } from "./landing-text.ts";

/** Id of landing this result, written as the trailer `Signalbox-Effect`, so that a landing whose record was lost is found by it. */
export function resultLandingId(state: WorkflowState): string {
  return `${state.id}/${state.epoch}/workflow/0/land.${(state.head ?? "").slice(0, 12)}`;
}

/** Text of the commit that lands the result: a merge, or the whole as one commit. */
export function resultWords(state: WorkflowState): LandingWords {
  return {
    subject: line(state.plan.workflow.name),
    body: merged(state)
      .map((text) => `- ${text}`)
      .join("\n"),
    trailers: { "Signalbox-Workflow": state.id, "Signalbox-Effect": resultLandingId(state) },
  };
}

/** Body of its pull request in Markdown. */
export function resultPullRequestBody(state: WorkflowState): string {
  const rows = merged(state).map((text) => `- ${text}`);
  return [
    rows.length === 0 ? "" : `## Merged\n\n${rows.join("\n")}`,
    `Made by Signalbox: workflow \`${state.id}\`. State and documents: \`${state.plan.layout.folder}\`.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** `login: Fix the login (PASS 0.950)`, in plan order. */
function merged(state: WorkflowState): readonly string[] {
  return state.plan.deliverables.flatMap(({ id, title }) => {
    const { step, approval } = state.deliverables[id] ?? {};
    if (step !== "merged" || approval === undefined) return [];
    const score = approval.score === null ? "" : ` ${approval.score.toFixed(3)}`;
    return [`${line(id)}: ${line(title)} (${approval.kind}${score})`];
  });
}
