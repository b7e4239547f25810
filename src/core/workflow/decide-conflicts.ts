/** What follows when conflicts are seen coming: a record, and by policy a word to the sessions concerned (domain §20). */
import { INTEGRATION, TARGET, workflowLines } from "../conflicts/lines.ts";
import type { ConflictFile } from "../conflicts/matrix.ts";
import { newFiles, type PredictedConflict, sameConflict, samePair } from "../conflicts/predicted.ts";
import { kindText } from "../conflicts/words.ts";
import type { EngineCommand } from "./command.ts";
import { tellSession } from "./decide-live.ts";
import type { Draft } from "./draft.ts";
import { hasEnded, requirePlanned } from "./queries.ts";

/** The command brings all conflicts that there are now; only what is different from before is recorded. */
export function onConflictsPredicted(
  draft: Draft,
  { conflicts }: Extract<EngineCommand, { type: "conflicts-predicted" }>,
): null {
  if (hasEnded(draft.state)) return null;
  const open = new Set(workflowLines(draft.state).map(({ name }) => name));
  const now = conflicts.filter(({ first, second }) => open.has(first) && open.has(second));
  const before = draft.state.conflicts ?? [];
  for (const { first, second } of before.filter((one) => !now.some((other) => samePair(one, other))))
    draft.emit({ type: "conflict.cleared", first, second });
  for (const conflict of now)
    record(
      draft,
      conflict,
      before.find((one) => samePair(one, conflict)),
    );
  return null;
}

function record(draft: Draft, conflict: PredictedConflict, before: PredictedConflict | undefined): void {
  if (before !== undefined && sameConflict(conflict, before)) return;
  draft.emit({ type: "conflict.predicted", conflict });
  const files = newFiles(conflict, before);
  if (files.length === 0 || draft.state.plan.merge?.warn !== "sessions") return;
  tellSide(draft, conflict.first, conflict.second, files);
  tellSide(draft, conflict.second, conflict.first, files);
}

/** The target is joined at the end, by a person: no agent needs to mind it now. */
function tellSide(draft: Draft, slot: string, other: string, files: readonly ConflictFile[]): void {
  if (slot === INTEGRATION || slot === TARGET || other === TARGET) return;
  // Work that went back has what others merged in its worktree: what that conflicts with is not its own.
  if ([slot, other].some((name) => draft.state.deliverables[name]?.rejoin !== undefined)) return;
  tellSession(draft, slot, messageText(draft, other, files));
}

/** One paragraph: lists of events show it on one line. */
function messageText(draft: Draft, other: string, files: readonly ConflictFile[]): string {
  const named = files.map(({ path, kind }) => `${path} (${kindText(kind)})`).join("; ");
  const who =
    other === INTEGRATION
      ? "Work that was merged meanwhile changes files that you change too, and your change would conflict with it in"
      : `Another agent works on ${titled(draft, other)} at the same time, and merging its change and yours would conflict in`;
  return `${who}: ${named}. What it changed is not in your worktree. Where your task allows it, leave those lines alone; where it does not, go on and keep your change there small. A person joins what still conflicts.`;
}

function titled(draft: Draft, slot: string): string {
  return `"${requirePlanned(draft.state, slot).title}" (${slot})`;
}
