/** Finds in documents what hand-made ones got wrong. For tests, and for looking at documents from elsewhere. */
import type { Defect, Rule } from "./defect.ts";
import { type MarkdownFile, readMarkdown } from "./model.ts";
import {
  anchors,
  generatedMark,
  navigation,
  pathSpellings,
  raggedBoxes,
  raggedTables,
} from "./rules-form.ts";
import {
  bareDates,
  checkpointTriggers,
  countedAgents,
  emptyQuality,
  endTime,
  logOrder,
  metricArithmetic,
  nextCheckpointReached,
} from "./rules-record.ts";
import {
  checkpointStatuses,
  doneActions,
  headingStatus,
  missingScore,
  notStarted,
  passedGateOpen,
  untickedArtifacts,
} from "./rules-status.ts";

const RULES: readonly Rule[] = [
  headingStatus,
  untickedArtifacts,
  missingScore,
  doneActions,
  passedGateOpen,
  checkpointStatuses,
  notStarted,
  nextCheckpointReached,
  checkpointTriggers,
  bareDates,
  logOrder,
  metricArithmetic,
  emptyQuality,
  countedAgents,
  endTime,
  raggedBoxes,
  raggedTables,
  anchors,
  navigation,
  pathSpellings,
  generatedMark,
];

/** Defects of all Markdown files, in the order of files and rules; empty where nothing is wrong. Other files are left out. */
export function lintDocuments(
  files: readonly { readonly path: string; readonly content: string }[],
): readonly Defect[] {
  const read = files
    .filter(({ path }) => path.endsWith(".md"))
    .map(({ path, content }) => readMarkdown(path, content));
  return [...read.flatMap((file) => RULES.flatMap((rule) => rule(file))), ...disagreements(read)];
}

/** A slot with another status in one document than in another: somebody forgot to render one of them. */
function disagreements(files: readonly MarkdownFile[]): readonly Defect[] {
  const first = new Map<string, string>();
  return files.flatMap((file) =>
    statuses(file).flatMap(({ agent, status, line }) => {
      const before = first.get(agent);
      if (before === undefined) first.set(agent, status);
      if (before === undefined || before === status) return [];
      return [
        {
          rule: "disagreement",
          file: file.path,
          line,
          message: `${agent} is ${before} elsewhere and ${status} here`,
        },
      ];
    }),
  );
}

function statuses(
  file: MarkdownFile,
): readonly { readonly agent: string; readonly status: string; readonly line: number }[] {
  const tables = file.tables.filter((table) => table.columns.includes("Status"));
  return tables.flatMap((table) =>
    table.rows.flatMap((row) => {
      const cell = row.byColumn["Agent ID"] ?? row.byColumn.Agent ?? "";
      const agent = /^(?:agent-[a-z0-9]+-\d+|task-\d+)/i.exec(cell)?.[0]?.toLowerCase();
      return agent === undefined ? [] : [{ agent, status: row.byColumn.Status ?? "", line: row.line }];
    }),
  );
}

export type { Defect };
