/**
 * The prompts of all sessions, as functions of state alone: the same state gives the same text, byte for byte (P8).
 * The kind of the deliverable decides over the name of the request: a handoff is always asked as a handoff.
 */
import type { Plan, PlannedDeliverable } from "../plan/plan.ts";
import type { CritiqueContext } from "../quality/lenses.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { contextOf, type PromptContext, planContext } from "./context.ts";
import { creatorPrompt, type Turn } from "./creator.ts";
import { handoffPrompt } from "./handoff.ts";
import type { PromptRequest } from "./request.ts";
import { critiquePrompt, judgePrompt } from "./reviewer.ts";

export type { PromptRequest };

/** The first turn of a new conversation, in any round. */
export function creatorRequest(state: WorkflowState, planned: PlannedDeliverable): PromptRequest {
  return makerRequest(contextOf(state, planned), "first");
}

/** A later round in the same conversation: the findings to answer, with the whole contract again. */
export function revisionRequest(state: WorkflowState, planned: PlannedDeliverable): PromptRequest {
  return makerRequest(contextOf(state, planned), "revision");
}

/** The same round again after a crash or a limit: go on with what is there. */
export function continueRequest(state: WorkflowState, planned: PlannedDeliverable): PromptRequest {
  return makerRequest(contextOf(state, planned), "continued");
}

export function handoffRequest(state: WorkflowState, planned: PlannedDeliverable): PromptRequest {
  return handoffPrompt(contextOf(state, planned), false);
}

export function synthesisRequest(state: WorkflowState, planned: PlannedDeliverable): PromptRequest {
  return makerRequest(contextOf(state, planned), "first");
}

/** One critic session of the current round; `session` says which, where there are several. */
export function critiqueRequest(
  state: WorkflowState,
  planned: PlannedDeliverable,
  session: CritiqueContext = {},
): PromptRequest {
  return critiquePrompt(contextOf(state, planned), session);
}

/** The same text for every sample of a reviewer. */
export function judgeRequest(
  state: WorkflowState,
  planned: PlannedDeliverable,
  reviewer: string,
): PromptRequest {
  return judgePrompt(contextOf(state, planned), reviewer);
}

/** First prompts of everything that an agent makes, from the plan alone, in plan order (`plan --prompts`). */
export function previewRequests(
  plan: Plan,
): readonly { readonly deliverable: string; readonly request: PromptRequest }[] {
  return plan.deliverables
    .filter((planned) => !planned.byPerson)
    .map((planned) => ({
      deliverable: planned.id,
      request: makerRequest(planContext(plan, planned), "first"),
    }));
}

function makerRequest(context: PromptContext, turn: Turn): PromptRequest {
  if (context.planned.kind === "handoff") return handoffPrompt(context, turn === "continued");
  return creatorPrompt(context, turn);
}
