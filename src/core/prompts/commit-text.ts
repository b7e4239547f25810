/** The text of the commit that the coordinator makes of a session's work. Source: design §11 no. 2. */
import type { PlannedDeliverable } from "../plan/plan.ts";
import type { SessionRecord } from "../workflow/session-record.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { line } from "./layout.ts";
import { rolesOf } from "./tools.ts";

/** Longest subject line. */
const SUBJECT = 72;

export interface CommitWords {
  /** Subject, and a body where the creator said what it changed. */
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Message and trailers for round `round` (1-based) of a deliverable. */
export function commitText(state: WorkflowState, planned: PlannedDeliverable, round: number): CommitWords {
  const standing = state.deliverables[planned.id];
  const which = [
    ...(round > 1 ? [`round ${round}`] : []),
    ...(standing?.stopping === undefined ? [] : ["stopped, unfinished"]),
  ];
  const suffix = which.length === 0 ? "" : ` (${which.join(", ")})`;
  const subject = clip(`${planned.id}: ${line(planned.title)}`, SUBJECT - suffix.length) + suffix;
  const said = standing?.rounds.findLast(
    (r) => r.round === round && r.attempt === standing.attempt,
  )?.revision;
  const body = said === undefined ? "" : line(said);
  return {
    message: body === "" ? subject : `${subject}\n\n${body}`,
    trailers: {
      "Signalbox-Workflow": line(state.id),
      "Signalbox-Slot": line(planned.id),
      "Signalbox-Role": rolesOf(planned).map(line).join(", "),
      "Signalbox-Model": modelOf(state, planned),
      "Signalbox-Round": String(round),
      ...(standing?.stopping === undefined ? {} : { "Signalbox-Stopped-By": line(standing.stopping.by) }),
    },
  };
}

/** Model of the last session that worked on it; the adapter's name where it chose the model itself. */
function modelOf(state: WorkflowState, planned: PlannedDeliverable): string {
  const isMaker = ({ purpose }: SessionRecord): boolean => purpose !== "critique" && purpose !== "judge";
  const session = Object.values(state.sessions).findLast((s) => s.subject === planned.id && isMaker(s));
  return line(session?.model ?? planned.settings.model ?? session?.adapter ?? planned.settings.use);
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
