/** What became of a message, from the files of its session: for one that does not run any more, or not yet. */
import type { SessionMessage } from "../../core/workflow/live.ts";
import type { Delivery } from "../../ports/session-host.ts";
import { type HostRecord, loadEvents, loadHostRecord, loadResult } from "./session-files.ts";

/** `delivered` when the events show that the agent heard it, although nobody recorded that it did. */
export async function deliveryOnRecord(
  folder: string,
  { id }: SessionMessage,
  isHosted: (record: HostRecord) => boolean,
): Promise<Delivery> {
  const heard = (await loadEvents(folder)).some(
    (event) => (event.type === "said" || event.type === "answered") && event.message === id,
  );
  if (heard) return "delivered";
  if ((await loadResult(folder)) !== null) return "ended";
  const record = await loadHostRecord(folder);
  return record !== null && !isHosted(record) ? "ended" : "not-started";
}
