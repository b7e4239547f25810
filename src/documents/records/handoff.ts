/** Handoff file from its structured content. Source: domain §4 (handoff contract), §7. */
import { SignalboxError } from "../../core/errors.ts";
import { unit } from "../../core/view/unit.ts";
import type { HandoffContent } from "../../core/workflow/deliverable.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { levelName, shortNumber } from "../text/format.ts";
import { blocks, bullets, code, inline } from "../text/markdown.ts";

/**
 * The file's text, a function of the content and the plan alone: the same content gives the same file in every round.
 * Throws `internal/no-handoff-content` when the deliverable has no content.
 */
export function renderHandoff(state: WorkflowState, id: string): string {
  const found = unit(state, id);
  const direction = found?.plan.handoff;
  const content = found?.state.handoff;
  if (direction === undefined || content === undefined)
    throw new SignalboxError(
      "internal",
      "no-handoff-content",
      `${id} of ${state.id} has no handoff content to write`,
    );
  const { fromAlias, toAlias, barrier } = direction;
  const parts = blocks(
    [`# Handoff: ${fromAlias} to ${toAlias}`],
    header(state, id, content, [`**From:** ${fromAlias}`, `**To:** ${toAlias}`, `**Barrier:** ${barrier}`]),
    section("Purpose", [inline(content.purpose)]),
    section("Task", [inline(content.task)]),
    section(
      `Key Findings for ${toAlias}`,
      content.keyFindings.map((text, index) => `${index + 1}. ${inline(text)}`),
    ),
    section(`What ${toAlias} Does With This`, bullets(content.forTarget.map(inline))),
    section("Success Criteria", bullets(content.successCriteria.map(inline))),
    section("Blockers", content.blockers.length === 0 ? ["None."] : bullets(content.blockers.map(inline))),
    section("Artifacts", bullets(content.artifacts.map(code))),
    ["---"],
    [`*Source: ${direction.sources.length === 0 ? fromAlias : direction.sources.map(code).join(", ")}*`],
  );
  return `${parts.join("\n")}\n`;
}

function header(
  state: WorkflowState,
  id: string,
  content: HandoffContent,
  names: readonly string[],
): readonly string[] {
  const lines = [
    `**Handoff ID:** ${code(id)}`,
    `**Workflow ID:** ${code(state.id)}`,
    ...names,
    `**Criticality:** ${levelName(content.criticality)}`,
    `**Confidence:** ${shortNumber(content.confidence)}`,
  ];
  return lines.map((line, index) => `> ${line}${index < lines.length - 1 ? "  " : ""}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [`## ${title}`, "", ...lines];
}
