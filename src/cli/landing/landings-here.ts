/** Whether anybody lands beside a workflow: most often nobody, and then nothing more is loaded. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { QueuedLanding } from "../../ports/landing.ts";

/** Landings on the targets on which this workflow lands or waits, in the order of asking. */
export async function landingsHere(commonDir: string, workflow: string): Promise<readonly QueuedLanding[]> {
  const names = await readdir(join(commonDir, "signalbox", ".landing")).catch(() => []);
  if (!names.some((name) => name.endsWith(".json"))) return [];
  const { queuedLandings } = await import("../../adapters/git/landing-queue.ts");
  const queue = await queuedLandings(commonDir);
  const targets = new Set(queue.filter((one) => one.workflow === workflow).map(({ target }) => target));
  return queue.filter(({ target }) => targets.has(target));
}
