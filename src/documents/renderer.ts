/** All files of a state, byte for byte. Source: documents, general rule 1; promise P8. */
import { phases } from "../core/view/stages.ts";
import { units } from "../core/view/unit.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { escalationPath, reviewPath } from "./paths.ts";
import { renderPlan } from "./plan/plan.ts";
import { hasEscalated, renderEscalation } from "./records/escalation.ts";
import { renderHandoff } from "./records/handoff.ts";
import { renderReview } from "./records/review.ts";
import type { Source } from "./section.ts";
import { canonical, hashOfCanonical } from "./state/canonical.ts";
import { renderStateFile } from "./state/state-file.ts";
import { renderTracker } from "./tracker/tracker.ts";

/** A rendered file, repository-relative path. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
}

/** Implements `DocumentRenderer` of the ports; `version` is the generator's. */
export interface Renderer {
  /** State file, plan, tracker, then escalation and review records in plan order. */
  render(state: WorkflowState): readonly RenderedFile[];
  /** Text of a handoff file; throws `internal/no-handoff-content` when there is nothing to write. */
  renderHandoff(state: WorkflowState, deliverable: string): string;
}

/** A renderer without memory: the same state gives the same bytes. */
export function createRenderer(version: string): Renderer {
  return { render: (state) => renderAll(sourceOf(state, version)), renderHandoff };
}

/** Renders what a reader of the state file gets back, so that the order of keys in memory can never show. */
function sourceOf(given: WorkflowState, version: string): Source {
  const stored = canonical(given);
  const state = stored as unknown as WorkflowState;
  return {
    state,
    stored,
    version,
    hash: hashOfCanonical(stored),
    missing: state.plan.flavour === "A" ? "--" : "-",
  };
}

function renderAll(source: Source): readonly RenderedFile[] {
  const { stateFile, planFile, trackerFile } = source.state.plan.layout;
  return [
    { path: stateFile, content: renderStateFile(source) },
    { path: planFile, content: renderPlan(source) },
    { path: trackerFile, content: renderTracker(source) },
    ...escalations(source),
    ...reviews(source),
  ];
}

function escalations(source: Source): readonly RenderedFile[] {
  return units(source.state)
    .filter((one) => hasEscalated(source, one))
    .map((one) => ({ path: escalationPath(source.state, one.plan), content: renderEscalation(source, one) }));
}

/** Flavour B only: there the gates of phases have reviewers and records of their own. */
function reviews(source: Source): readonly RenderedFile[] {
  const { state } = source;
  if (state.plan.flavour === "A") return [];
  return phases(state).flatMap((phase) => {
    const members = units(state).filter(({ plan }) => plan.stage === phase.index);
    return members.flatMap((one) =>
      one.plan.gate.reviewers.flatMap((reviewer) => {
        const content = renderReview(source, phase, one, reviewer);
        return content === null ? [] : [{ path: reviewPath(state, phase, one.plan, reviewer), content }];
      }),
    );
  });
}
