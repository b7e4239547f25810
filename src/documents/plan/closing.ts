/** Risks and how to take the work up again. Source: documents A1 §10, §11. */

import { expectedCheckpoints } from "../../core/view/checkpoints.ts";
import { nextActions } from "../../core/view/next-actions.ts";
import { pipelineViews } from "../../core/view/pipelines.ts";
import { barriers, barrierView } from "../../core/view/stages.ts";
import { pipelineName } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { padTo, widest } from "../text/frame.ts";
import { blocks, cell, code, fence, inline, oneLine, table } from "../text/markdown.ts";

export const RISKS: SectionSpec = {
  title: "Risk Mitigations",
  purpose: "Known risks and what is done about them",
  applies: ({ state }) => state.plan.risks.length > 0,
  body: ({ state }) => {
    const rows = state.plan.risks.map((one) => [
      cell(one.risk),
      one.likelihood,
      one.impact,
      cell(one.mitigation),
    ]);
    return table(["Risk", "Likelihood", "Impact", "Mitigation"], rows);
  },
};

export const PLAN_RESUMPTION: SectionSpec = {
  title: "Resumption Context",
  purpose: "Current state and next actions",
  body: (source, sub) =>
    blocks([sub("Current Execution State")], fence(standing(source)), [sub("Next Actions")], actions(source)),
};

function standing(source: Source): readonly string[] {
  const { state } = source;
  const title = `WORKFLOW STATUS AS OF ${state.updatedAt}`;
  const groups = [...pipelineGroups(source), barrierGroup(source), checkpointGroup(source)].filter(
    (group) => group.length > 1,
  );
  return [title, "=".repeat(title.length), ...groups.flatMap((group) => ["", ...group])];
}

function pipelineGroups({ state }: Source): readonly (readonly string[])[] {
  return pipelineViews(state)
    .filter((view) => view.phases.length > 0)
    .map((view) => {
      const names = view.phases.map((part) => `Phase ${part.phase.number} (${oneLine(part.phase.name)}):`);
      const width = widest(names);
      const lines = view.phases.map((part, index) => {
        const by = part.blockedBy === null ? "" : ` (by ${part.blockedBy})`;
        return `  ${padTo(names[index] ?? "", width)} ${part.shown}${by}`;
      });
      return [`${oneLine(pipelineName(view.plan))}:`, ...lines];
    });
}

function barrierGroup({ state }: Source): readonly string[] {
  return [
    "Barriers:",
    ...barriers(state).map((one) => `  Barrier ${one.number}: ${barrierView(state, one).shown}`),
  ];
}

function checkpointGroup({ state }: Source): readonly string[] {
  const asked = expectedCheckpoints(state).filter((one) => one.approval !== null);
  return ["User checkpoints:", ...asked.map((one) => `  ${one.plan.id}: ${one.approval}`)];
}

function actions({ state }: Source): readonly string[] {
  const { immediate, subsequent } = nextActions(state);
  const now = immediate.map((one) => [inline(one.action), ...one.commands.map(code)].join("; "));
  const later = subsequent.map((one) => `${inline(one.action)} (after: ${inline(one.dependsOn)})`);
  const all = [...now, ...later];
  return all.length === 0 ? ["Nothing is left to do."] : all.map((text, index) => `${index + 1}. ${text}`);
}
