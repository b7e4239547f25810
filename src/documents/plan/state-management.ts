/** Files, paths, checkpoints, failure and recovery. Source: documents A1 §7, B1 §7. */
import { pipelineViews } from "../../core/view/pipelines.ts";
import { artifactPath } from "../../core/view/unit.ts";
import type { SectionSpec, Source } from "../section.ts";
import { blocks, code, codeCell, fence, inline, table } from "../text/markdown.ts";
import { pathTree } from "../text/tree.ts";
import { triggersInForce, triggerText } from "../words.ts";

export const STATE_MANAGEMENT: SectionSpec = {
  title: "State Management",
  purpose: "State files, artifact paths, checkpoints, recovery",
  body: (source, sub) =>
    blocks(
      [sub("State Files")],
      stateFiles(source),
      [sub("Artifact Path Structure")],
      tree(source),
      aliases(source),
      [sub("Checkpoint Strategy")],
      strategy(source),
      [sub("Failure and Recovery")],
      recovery(),
    ),
};

function stateFiles({ state }: Source): readonly string[] {
  const { stateFile, planFile, trackerFile } = state.plan.layout;
  return table(
    ["File", "Purpose"],
    [
      [codeCell(stateFile), "State of record, machine-readable; alone enough to continue elsewhere"],
      [codeCell(trackerFile), "Execution: what is done, running, blocked and next"],
      [codeCell(planFile), "This file: strategy and its present status"],
    ],
  );
}

function tree(source: Source): readonly string[] {
  const paths = planned(source);
  if (paths.length === 0) return ["No artifact files are planned: every slot makes a commit."];
  return fence(pathTree(paths, source.state.plan.layout.folder));
}

function planned({ state }: Source): readonly string[] {
  const { folder } = state.plan.layout;
  const all = state.plan.deliverables.flatMap((one) => artifactPath(one) ?? []);
  return all.filter((path) => path.startsWith(folder));
}

function aliases({ state }: Source): readonly string[] {
  const lines = pipelineViews(state).map(
    ({ plan }, index) =>
      `${index + 1}. ${code(plan.alias)}: pipeline ${code(plan.key)}${plan.skill === null ? "" : `, skill ${inline(plan.skill)}`}`,
  );
  return lines.length === 0 ? [] : ["**Pipeline Aliases:**", "", ...lines];
}

function strategy({ state }: Source): readonly string[] {
  const rows = triggersInForce(state.plan).map((trigger) => [trigger, ...triggerText(trigger)]);
  return table(["Trigger", "When", "Purpose"], rows);
}

function recovery(): readonly string[] {
  return table(
    ["Failure Scenario", "Recovery"],
    [
      [
        "A gate does not pass",
        "The creator revises from the findings; after the last round a person decides",
      ],
      [
        "A checkpoint is rejected",
        "Return to an earlier phase; the note becomes a constraint for every later session",
      ],
      ["A session is lost", "The same attempt goes on with its conversation in the same worktree"],
      [
        "A session fails beyond its retries",
        "A person chooses: retry, write the artifact, or skip with a reason",
      ],
      ["The coordinator dies", "`signalbox resume` replays the journal and goes on"],
      ["The machine is gone", "Clone the integration branch elsewhere and run `signalbox resume` there"],
    ],
  );
}
