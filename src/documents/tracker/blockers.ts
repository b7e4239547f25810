/** Blockers, resolved issues and decisions of persons. Source: documents A2 §4. */
import type { SectionSpec, Source } from "../section.ts";
import { blocks, cell, table } from "../text/markdown.ts";

export const BLOCKERS: SectionSpec = {
  title: "Blockers and Issues",
  purpose: "What is in the way, what was resolved, what persons decided",
  body: (source, sub) =>
    blocks(
      [sub("Active Blockers")],
      active(source),
      [sub("Resolved Issues")],
      resolved(source),
      ...(source.state.decisions.length === 0 ? [] : [[sub("Decisions")], decisions(source)]),
    ),
};

/** The same section where a flavour prints it only when there is something to say. */
export const BLOCKERS_IF_ANY: SectionSpec = {
  ...BLOCKERS,
  applies: ({ state }) => state.blockers.length + state.issues.length + state.decisions.length > 0,
};

function active({ state, missing }: Source): readonly string[] {
  const rows = state.blockers.map((one) => [
    one.id,
    cell(one.description),
    cell(one.blocking.join(", ") || missing),
    one.severity,
    cell(one.owner ?? missing),
    one.question === undefined ? "open" : `answer ${one.question}`,
  ]);
  const none = [[missing, "No active blockers", missing, missing, missing, missing]];
  return table(
    ["ID", "Description", "Blocking", "Severity", "Owner", "Resolution"],
    rows.length === 0 ? none : rows,
  );
}

function resolved({ state, missing }: Source): readonly string[] {
  const rows = state.issues.map((one) => [
    one.id,
    cell(one.description),
    cell(one.resolution),
    one.resolvedAt,
  ]);
  const none = [[missing, "No resolved issues", missing, missing]];
  return table(["ID", "Description", "Resolution", "Resolved"], rows.length === 0 ? none : rows);
}

function decisions({ state, missing }: Source): readonly string[] {
  const rows = state.decisions.map((one) => [
    one.id,
    cell(one.subject),
    one.word,
    cell(one.text || missing),
    cell(one.by),
    one.at,
  ]);
  return table(["ID", "Subject", "Decision", "Reason", "By", "At"], rows);
}
