/** What processes and files show of slots at this moment, for `status` and `show`. */
import { conversationHolder } from "../adapters/host/conversation-lock.ts";
import type { LiveFact } from "../core/view/why.ts";
import { openQuestion, runningSessions } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { readSessions } from "./follow/activity.ts";
import type { Journals } from "./project.ts";

/** By subject; what nothing is to be seen of is left out. Never rejects. */
export async function readLiveFacts(
  { commonDir }: Pick<Journals, "commonDir">,
  state: WorkflowState,
): Promise<ReadonlyMap<string, LiveFact>> {
  const facts = new Map<string, LiveFact>();
  if (runningSessions(state).length > 0)
    for (const [subject, { doing }] of await readSessions(commonDir, state)) facts.set(subject, { doing });
  for (const { id, attached, conversation, branch } of Object.values(state.deliverables)) {
    if (attached === undefined || openQuestion(state, id)?.kind !== "attached") continue;
    const key = { commonDir, workflow: state.id, key: conversation ?? branch ?? id };
    const holder = await conversationHolder(key).catch(() => null);
    facts.set(id, { terminal: holder !== null });
  }
  return facts;
}
