/** The turn of a landing: all that land on one target wait for each other, whichever process and workflow they are of. */
import { landingName, ownerName } from "../core/landing/queue-text.ts";
import type { Instant } from "../core/vocabulary.ts";
import type { Landing } from "../core/workflow/deliverable.ts";
import type { LandingDependencies } from "./landing-place.ts";
import { refused } from "./landing-refusals.ts";

export interface LandingTurn {
  readonly workflow: string;
  /** Slots in the order in which they land; empty for the workflow as a whole. */
  readonly slots: readonly string[];
  readonly way: Landing["way"];
  /** Local branch name. */
  readonly target: string;
  /** What is typed to land it. */
  readonly command: string;
  readonly since: Instant;
  /** False = refuse where others are before it. */
  readonly wait: boolean;
}

/**
 * Runs `work` when all who asked for the same target before have left. Whatever `work` needs to know of workflow and target it reads
 * then: both may have changed while it waited. Throws `no-remote`, `landing-under-way`.
 */
export async function inTurn<T>(
  deps: LandingDependencies,
  turn: LandingTurn,
  work: () => Promise<T>,
): Promise<T> {
  const { workflow, slots, way, target, since } = turn;
  if (way !== "here" && (await deps.site.remote(target)) === null) throw refused.noRemote(turn);
  return deps.queue.turn(
    { target, workflow, slots, way, since },
    (others) => {
      const [first] = others;
      if (first === undefined) return;
      if (!turn.wait) throw refused.underWay(turn, first);
      deps.narrate(
        `${target}: ${landingName(first)} lands first (${ownerName(first)})${more(others.length)}`,
      );
    },
    work,
  );
}

function more(count: number): string {
  return count === 1 ? "; waiting" : `, and ${count - 1} more before this one; waiting`;
}
