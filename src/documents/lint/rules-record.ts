/** Checkpoints, metrics and times that cannot be right. Source: documents, defects of seeds 000 and 004. */
import { isMissing, type Rule, reporter } from "./defect.ts";
import { type MarkdownFile, sectionTitled, type Table } from "./model.ts";

/** The next checkpoint is one that the log has already. */
export const nextCheckpointReached: Rule = (file) => {
  const report = reporter("next-checkpoint", file);
  const reached = validLog(file).map((row) => row.id);
  return (sectionTitled(file, "Next Checkpoint Target")?.lines ?? []).flatMap(({ number, text }) => {
    const id = /^\*\*(CP-\d{3})/.exec(text)?.[1];
    return id !== undefined && reached.includes(id) ? [report(number, `${id} is in the log already`)] : [];
  });
};

/** A checkpoint logged with another trigger than planned. */
export const checkpointTriggers: Rule = (file) => {
  const report = reporter("checkpoint-trigger", file);
  const log = validLog(file);
  return expectedTables(file).flatMap((table) =>
    table.rows.flatMap((row) => {
      const logged = log.find((entry) => entry.id === row.byColumn.ID);
      const planned = row.byColumn.Trigger;
      return logged === undefined || logged.trigger === planned
        ? []
        : [report(row.line, `${logged.id} is expected as ${planned} and logged as ${logged.trigger}`)];
    }),
  );
};

const TIME_COLUMNS = [
  "Timestamp",
  "Started",
  "Completed",
  "At",
  "Approved At",
  "Resolved",
  "Created",
  "Updated",
];

/** A date without time and zone in a column of times. */
export const bareDates: Rule = (file) => {
  const report = reporter("bare-date", file);
  return file.tables.flatMap((table) =>
    table.rows
      .filter((row) => TIME_COLUMNS.some((column) => /^\d{4}-\d{2}-\d{2}$/.test(row.byColumn[column] ?? "")))
      .map((row) => report(row.line, "a date without time and zone")),
  );
};

/** Rows of the session log that go back in time. */
export const logOrder: Rule = (file) => {
  const report = reporter("log-order", file);
  return file.tables
    .filter((table) => table.columns[0] === "Timestamp")
    .flatMap((table) =>
      table.rows.flatMap((row, index) => {
        const before = table.rows[index - 1]?.cells[0] ?? "";
        return (row.cells[0] ?? "") < before ? [report(row.line, "older than the row before it")] : [];
      }),
    );
};

/** Counts and percentages that do not fit each other. */
export const metricArithmetic: Rule = (file) => {
  const report = reporter("metric-arithmetic", file);
  const rows = file.tables.filter((table) => table.columns.includes("Metric")).flatMap((table) => table.rows);
  const inTables = rows.flatMap((row) => {
    const count = /^(\d+)\/(\d+)$/.exec(row.byColumn.Value ?? "");
    if (count === null) return [];
    const wrong =
      !agrees(Number(count[1]), Number(count[2]), row.byColumn.Status ?? "") ||
      row.byColumn.Target !== count[2];
    return wrong ? [report(row.line, `${row.cells.join(", ")} do not agree`)] : [];
  });
  const inFences = file.fences
    .flatMap((fence) => fence.lines)
    .flatMap(({ number, text }) => {
      const match = /(\d+%|--?) \((\d+)\/(\d+) (?:complete|passed|approved)\)/.exec(text);
      if (match === null || agrees(Number(match[2]), Number(match[3]), match[1] ?? "")) return [];
      return [report(number, `${match[0]} do not agree`)];
    });
  return [...inTables, ...inFences];
};

/** Quality metrics without a value although agents have ended. */
export const emptyQuality: Rule = (file) => {
  const report = reporter("empty-quality", file);
  const rows = file.tables.filter((table) => table.columns.includes("Metric")).flatMap((table) => table.rows);
  const executed = rows.find((row) => row.cells[0] === "Agents Executed")?.byColumn.Value ?? "0/0";
  if (executed.startsWith("0/")) return [];
  return rows
    .filter((row) => row.cells[0] === "Agent Success Rate" && isMissing(row.byColumn.Value))
    .map((row) => report(row.line, `no success rate with ${executed} agents executed`));
};

/** The number of complete agents in the queue against the metrics. */
export const countedAgents: Rule = (file) => {
  const report = reporter("counted-agents", file);
  const queue = file.tables.find(
    (table) => table.columns.includes("Priority") && table.columns.includes("Agent"),
  );
  const metric = file.tables.flatMap((table) => table.rows).find((row) => row.cells[0] === "Agents Executed");
  if (queue === undefined || metric === undefined) return [];
  const slots = queue.rows.filter(
    (row) => !isMissing(row.byColumn.Agent) && row.byColumn.Phase !== "Synthesis",
  );
  const complete = slots.filter((row) => row.byColumn.Status === "COMPLETE").length;
  const value = `${complete}/${slots.length}`;
  return metric.byColumn.Value === value
    ? []
    : [report(metric.line, `${metric.byColumn.Value} agents, but the queue shows ${value}`)];
};

/** A workflow that has ended without saying when. */
export const endTime: Rule = (file) => {
  const report = reporter("end-time", file);
  const isState = file.header["Document ID"] !== undefined;
  return isState && file.header.Status === "COMPLETE" && file.header.Ended === undefined
    ? [report(1, "Status COMPLETE without a time of completion")]
    : [];
};

function agrees(part: number, total: number, shown: string): boolean {
  return total === 0 ? isMissing(shown) : shown === `${Math.floor((100 * part) / total)}%`;
}

function validLog(file: MarkdownFile): readonly { readonly id: string; readonly trigger: string }[] {
  const tables = file.tables.filter(
    (table) => table.columns.includes("Timestamp") && table.columns.includes("Trigger"),
  );
  return tables
    .flatMap((table) => table.rows)
    .filter((row) => row.byColumn.Valid !== "rolled back" && /^CP-/.test(row.byColumn.ID ?? ""))
    .map((row) => ({ id: row.byColumn.ID ?? "", trigger: row.byColumn.Trigger ?? "" }));
}

function expectedTables(file: MarkdownFile): readonly Table[] {
  return file.tables.filter(
    (table) => table.columns.includes("Trigger") && table.columns.includes("Expected State"),
  );
}
