/** What processes and files show of slots at this moment, for `status` and `show`. */
import { conversationHolder } from "../adapters/host/conversation-lock.ts";
import { sessionFolder } from "../adapters/host/paths.ts";
import { loadHostRecord, loadResult } from "../adapters/host/session-files.ts";
import { isAlive, isFrozen } from "../adapters/process/identity.ts";
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
  const running = runningSessions(state);
  const seen = running.length === 0 ? new Map() : await readSessions(commonDir, state);
  for (const { id, subject } of running) {
    const folder = sessionFolder(commonDir, state.id, id);
    const doing = seen.get(subject)?.doing;
    const processes = await processFact(folder).catch(() => ({}));
    facts.set(subject, { ...(doing === undefined ? {} : { doing }), ...processes });
  }
  for (const { id, attached, conversation, branch } of Object.values(state.deliverables)) {
    if (attached === undefined || openQuestion(state, id)?.kind !== "attached") continue;
    const key = { commonDir, workflow: state.id, key: conversation ?? branch ?? id };
    const holder = await conversationHolder(key).catch(() => null);
    facts.set(id, { terminal: holder !== null });
  }
  return facts;
}

/** From the record of who runs the session: pid, start time and boot, so that an earlier boot or a re-used pid is nobody. */
async function processFact(folder: string): Promise<LiveFact> {
  const record = await loadHostRecord(folder);
  if (record === null || (await loadResult(folder)) !== null) return {};
  if (!isAlive(record.host)) return { orphaned: true };
  const frozen = [record.host, ...record.processes].find(isFrozen);
  return frozen === undefined ? {} : { frozen: frozen.pid };
}
