/** Who lands and who waits for it, as a person sees it. */
import { landingName, ownerName } from "../../core/landing/queue-text.ts";
import type { Instant } from "../../core/vocabulary.ts";
import type { QueuedLanding } from "../../ports/landing.ts";

/** One line each, in the order of asking; the first one of a target has its turn. `age` = how long ago, in words. */
export function queueLines(
  queue: readonly QueuedLanding[],
  age: (since: Instant) => string,
): readonly string[] {
  const begun = new Set<string>();
  return queue.map((one) => {
    const verb = begun.has(one.target) ? "waits  " : "landing";
    begun.add(one.target);
    return `  ${verb}   ${landingName(one)} on ${one.target}, asked ${age(one.since)} (${ownerName(one)})`;
  });
}
