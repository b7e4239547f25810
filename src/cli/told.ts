/** Waits until a message has reached its session, so that what is said about it is true. */
import type { CoordinatorClient } from "../adapters/coordinator/client.ts";

/** How long to wait before saying that it is on its way: a session that is only starting hears it later. */
const PATIENCE_MS = 5_000;
const ON_ITS_WAY = "it is on its way and arrives when the session listens";

/**
 * Watches a workflow before a message is sent. The function that it gives resolves with what became of the message, as half a sentence;
 * null when it is in the session.
 */
export async function watchMessage(
  client: CoordinatorClient,
  workflow: string,
): Promise<() => Promise<string | null>> {
  const queued = new Set<string>();
  let settled = (_: string | null): void => {};
  const outcome = new Promise<string | null>((resolve) => {
    settled = resolve;
  });
  await client.subscribe(workflow, ({ events }) => {
    for (const event of events) {
      if (event.type === "message.queued") queued.add(event.message.id);
      if (event.type === "message.settled" && queued.has(event.message)) settled(event.problem);
    }
  });
  return async () => {
    const timer = setTimeout(() => settled(ON_ITS_WAY), PATIENCE_MS);
    const problem = await outcome;
    clearTimeout(timer);
    return problem;
  };
}
