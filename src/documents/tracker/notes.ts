/** Session log, lessons and notes. Source: documents A2 §7. */
import type { SectionSpec, Source } from "../section.ts";
import { blocks, cell, table } from "../text/markdown.ts";

export const NOTES: SectionSpec = {
  title: "Execution Notes",
  purpose: "What happened when, and what was learned",
  body: (source, sub) =>
    blocks(
      [sub("Session Log")],
      log(source),
      [sub("Lessons Learned")],
      lessons(source),
      ...(source.state.notes.length === 0 ? [] : [[sub("Notes")], notes(source)]),
    ),
};

function log({ state, missing }: Source): readonly string[] {
  const rows = state.log.map((entry) => [entry.at, cell(entry.event), cell(entry.details || missing)]);
  const none = [[missing, missing, "Nothing has happened yet"]];
  return table(["Timestamp", "Event", "Details"], rows.length === 0 ? none : rows);
}

function lessons({ state, missing }: Source): readonly string[] {
  const rows = state.lessons.map((one) => [one.id, cell(one.lesson), cell(one.application || missing)]);
  const none = [[missing, "No lessons captured yet", missing]];
  return table(["ID", "Lesson", "Application"], rows.length === 0 ? none : rows);
}

function notes({ state }: Source): readonly string[] {
  return table(
    ["At", "By", "Subject", "Note"],
    state.notes.map((one) => [one.at, cell(one.by), cell(one.subject), cell(one.text)]),
  );
}
