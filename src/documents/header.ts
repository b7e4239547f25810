/** The quoted lines at the top of both documents. Source: documents, general rule 7. */
import type { Source } from "./section.ts";
import { code, inline } from "./text/markdown.ts";

/** Version of the documents' layout, as the source documents count it. */
export const DOCUMENT_VERSION = "2.0";

/** Label and value of the header lines; `extra` stands before the times. */
export function documentHeader(
  { state, version, hash }: Source,
  id: string,
  extra: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const { workflow } = state.plan;
  return [
    ["Document ID", id],
    ["Project", inline(workflow.project)],
    ["Workflow ID", code(state.id)],
    ["Workflow Name", inline(workflow.name)],
    ["Status", state.status],
    ["Version", DOCUMENT_VERSION],
    ...extra,
    ["Created", state.createdAt],
    ...(state.startedAt === undefined ? [] : [["Started", state.startedAt] as const]),
    ...(state.completedAt === undefined ? [] : [["Ended", state.completedAt] as const]),
    ["Last Updated", state.updatedAt],
    ["Generator", `signalbox ${version}, state revision ${state.seq}, hash ${code(hash.slice(0, 16))}`],
  ];
}

/** Header of a record (escalation, review): nothing in it changes while the record does not, so that commits stay small. */
export function recordHeader({ state, version }: Source, id: string): readonly (readonly [string, string])[] {
  return [
    ["Document ID", id],
    ["Workflow ID", code(state.id)],
    ["Workflow Name", inline(state.plan.workflow.name)],
    ["Generator", `signalbox ${version}`],
  ];
}
