/** Lines that joined work lacks: who must see them, and who may leave them out. Source: domain §20 no. 5. */
import type { Protection } from "../quality/protection.ts";
import type { CommitId } from "../vocabulary.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import type { CommitReport } from "./outcome.ts";
import { currentRounds, requireDeliverable } from "./queries.ts";
import { isProposal } from "./rejoin.ts";
import type { WorkflowState } from "./state.ts";

const MOST_NAMED = 5;

/** Which lines of both sides become one is a person's to say; marks that are left are an oversight. */
export function ofPerson({ joined, ...report }: CommitReport): CommitReport {
  return joined === undefined ? report : { ...report, joined: { marks: joined.marks, dropped: [] } };
}

/** What a person must see of a join whatever the score: every file that an agent joined, and every line that it left out. */
export function proposed(
  state: WorkflowState,
  subject: string,
  { joined }: CommitReport,
): readonly Protection[] {
  const deliverable = requireDeliverable(state, subject);
  if (joined === undefined || deliverable.manual) return [];
  const files = isProposal(deliverable) ? (deliverable.rejoin?.files ?? []) : [];
  return [
    ...files.map((path) => ({ path, reason: `was joined by its agent: ${path}` })),
    ...joined.dropped.map(({ path, line, text }) => ({
      path,
      reason: `leaves out a line of ${path}:${line}: ${text.trim()}`,
    })),
  ];
}

/**
 * What a person says is done without having seen what it lacks: a conflict resolved in a worktree that holds something else than what was
 * approved, where no mark shows it; or what the agent made of it, handed in as it was.
 */
export function isUnseen(deliverable: DeliverableState, { commit }: CommitReport): boolean {
  const { manual, rejoin } = deliverable;
  if (!manual || rejoin === undefined) return false;
  return rejoin.joined === undefined || commit === currentRounds(deliverable).at(-2)?.commit;
}

/** Nothing is wrong but lines that are gone. */
export function onlyLeavesOut({ joined }: CommitReport, findings: number): boolean {
  if (joined === undefined || joined.marks.length > 0) return false;
  return findings === joined.dropped.length + ((joined.more ?? 0) > 0 ? 1 : 0);
}

/** They may leave lines out, but not without seeing which. */
export function askAboutLeftOut(draft: Draft, subject: string, report: CommitReport, commit: CommitId): null {
  draft.move(subject, "waiting");
  const options = ["done", "approve", "skip", "cancel"] as const;
  draft.ask("user-artifact", subject, leftOutText(report) ?? "", options, { commit });
  return null;
}

/** Lines of both sides that a join lacks; null where it has all. */
export function leftOutText({ joined }: CommitReport): string | null {
  const dropped = joined?.dropped ?? [];
  if (dropped.length === 0) return null;
  const named = dropped.slice(0, MOST_NAMED).map(({ path, text }) => `${path}: ${text.trim()}`);
  const more = dropped.length + (joined?.more ?? 0) - named.length;
  return `It leaves out ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
