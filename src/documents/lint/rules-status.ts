/** Statuses that contradict each other inside one file. Source: documents, defects of seeds 000, 001, 004. */
import { type Defect, isEnded, isMissing, type Rule, reporter } from "./defect.ts";
import { bareTitle, type Line, type MarkdownFile, type Section, sectionTitled } from "./model.ts";

const STAGE = /^(?:PHASE|BARRIER) \d+ - .* - ([A-Z_]+)$/;

/** Statuses of a reviewer in a gate that is closed. */
const ENDED_REVIEW = ["COMPLETE", "WAIVED", "SKIPPED"];

/** A heading that says less or more than the rows below it. */
export const headingStatus: Rule = (file) => {
  const report = reporter("heading-status", file);
  const stages = stageSections(file);
  return stages.flatMap(({ section, status, rows }, index) => {
    if (rows.length === 0) return [];
    const allEnded = rows.every(isEnded);
    const followed = stages
      .slice(index + 1)
      .some((later) => later.rows.some((row) => isEnded(row) || row === "IN_PROGRESS"));
    if (status === "COMPLETE" && !allEnded)
      return [report(section.line, `${section.title}, but its rows are ${rows.join(", ")}`)];
    const late = file.header.Status === "COMPLETE" || followed;
    return status !== "COMPLETE" && allEnded && late
      ? [report(section.line, `${section.title}, but all of its rows are complete`)]
      : [];
  });
};

/** Artifact boxes of what is complete without a tick. */
export const untickedArtifacts: Rule = (file) => {
  const report = reporter("unticked-artifact", file);
  return stageSections(file).flatMap(({ section, rows }) => {
    if (rows.length === 0 || !rows.every((row) => row === "COMPLETE")) return [];
    return artifactBoxes(section)
      .filter(({ text }) => text.startsWith("- [ ]"))
      .map(({ number, text }) => report(number, `${text.slice(6)} is complete and not ticked`));
  });
};

/** A complete unit without a score, in a row, in a stage's gate or on the dashboard. */
export const missingScore: Rule = (file) => {
  const report = reporter("missing-score", file);
  const inRows = file.tables
    .filter((table) => table.columns.includes("Score") && table.columns.includes("Status"))
    .flatMap((table) => table.rows)
    .filter((row) => row.byColumn.Status === "COMPLETE" && isMissing(row.byColumn.Score))
    .map((row) => report(row.line, `${row.cells[0]} is COMPLETE without a score`));
  const inStages = stageSections(file)
    .filter(({ status }) => status === "COMPLETE")
    .flatMap(({ section }) => section.lines)
    .filter(({ text }) => /^- (?:.*: )?[Ss]core:? -{1,2}(?![-\d])/.test(text))
    .map(({ number, text }) => report(number, `"${text}" below a COMPLETE heading`));
  return [...inRows, ...inStages, ...dashboardScores(file)];
};

/** Something finished in the list of immediate actions. */
export const doneActions: Rule = (file) => {
  const report = reporter("done-action", file);
  const section = sectionTitled(file, "Next Actions");
  return (section?.lines ?? [])
    .filter(({ text }) => /^\d+\. \[x\]/.test(text) || /^\d+\. .*\bCOMPLETE\b/.test(text))
    .map(({ number, text }) => report(number, `finished action listed as next: ${text}`));
};

/** A gate that passed although a reviewer has not ended. */
export const passedGateOpen: Rule = (file) => {
  const report = reporter("passed-gate-open", file);
  return file.sections
    .filter((section) => /^QG-\d+.* - PASS$/.test(bareTitle(section.title)))
    .flatMap((section) =>
      section.tables.filter((table) => table.columns.includes("Reviewer")).flatMap((table) => table.rows),
    )
    .filter(
      ({ byColumn: { Status: status, Score: score } }) =>
        !ENDED_REVIEW.includes(status ?? "") || (status === "COMPLETE" && isMissing(score)),
    )
    .map((row) => report(row.line, `${row.cells[0]} is ${row.byColumn.Status} in a gate that passed`));
};

/** One checkpoint with two statuses in one file. */
export const checkpointStatuses: Rule = (file) => {
  const report = reporter("checkpoint-status", file);
  const seen = new Map<string, string>();
  const found: Defect[] = [];
  const note = (id: string, status: string, line: number) => {
    const before = seen.get(id);
    if (before !== undefined && before !== status)
      found.push(report(line, `${id} is ${before} elsewhere and ${status} here`));
    seen.set(id, before ?? status);
  };
  for (const table of file.tables.filter((one) => one.columns.includes("Status"))) {
    for (const row of table.rows) {
      const id = /^CP-\d{3}/.exec(row.byColumn.Tasks ?? row.cells[0] ?? "")?.[0];
      if (id !== undefined) note(id, row.byColumn.Status ?? "", row.line);
    }
  }
  for (const line of file.fences.flatMap((fence) => fence.lines)) {
    const match = /\b(CP-\d{3}) \[ *([A-Z_]+) *\]/.exec(line.text);
    if (match?.[1] !== undefined) note(match[1], match[2] ?? "", line.number);
  }
  return found;
};

/** A file that says that nothing has begun although something is complete. */
export const notStarted: Rule = (file) => {
  const report = reporter("not-started", file);
  const begun = file.tables.some((table) => table.rows.some((row) => row.byColumn.Status === "COMPLETE"));
  return file.lines
    .filter(({ text }) => begun && /\bnot started\b/i.test(text) && text.includes("Current State"))
    .map(({ number }) => report(number, "says that the workflow has not started although rows are COMPLETE"));
};

interface StageSection {
  readonly section: Section;
  readonly status: string;
  /** Statuses of its rows. */
  readonly rows: readonly string[];
}

function stageSections(file: MarkdownFile): readonly StageSection[] {
  return file.sections.flatMap((section) => {
    const status = STAGE.exec(bareTitle(section.title))?.[1];
    if (status === undefined) return [];
    const rows = section.tables.flatMap((table) =>
      table.columns.includes("Status") ? table.rows.map((row) => row.byColumn.Status ?? "") : [],
    );
    return [{ section, status, rows }];
  });
}

function artifactBoxes(section: Section): readonly Line[] {
  let inArtifacts = false;
  return section.lines.filter(({ text }) => {
    if (text.startsWith("**")) inArtifacts = /Artifacts:\*\*$/.test(text.trim());
    return inArtifacts && text.startsWith("- [");
  });
}

function dashboardScores(file: MarkdownFile): readonly Defect[] {
  const report = reporter("missing-score", file);
  const lines = file.fences.flatMap((fence) => fence.lines);
  const complete = new Set(
    lines.flatMap(({ text }) =>
      [...text.matchAll(/\bBarrier (\d+): \S+ +COMPLETE/g)].map((match) => match[1]),
    ),
  );
  return lines.flatMap(({ number, text }) =>
    [...text.matchAll(/\bBarrier (\d+) score: --\//g)]
      .filter((match) => complete.has(match[1]))
      .map((match) => report(number, `Barrier ${match[1]} is COMPLETE without a score`)),
  );
}
