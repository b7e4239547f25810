/** One run with one fault in it. */
import { setTimeout as pause } from "node:timers/promises";
import type { Product } from "../support/e2e-build.ts";
import { eventually } from "../support/eventually.ts";
import { createWorld, type World } from "../support/user-world.ts";
import type { Fault } from "./faults.ts";
import { journalLength, victims } from "./processes.ts";
import { type Random, seeded } from "./random.ts";
import { driveToEnd, ID, isOver, SCENARIO, startStory } from "./story.ts";
import { judge, type Left, type Verdict, whatIsLeft } from "./verdict.ts";

/** When the fault strikes: as soon as the journal has so many entries. */
export interface Moment {
  readonly entries: number;
  /** Decides what else is left to chance. */
  readonly seed: number;
}

export interface Disturbed {
  readonly fault: string;
  readonly moment: Moment;
  /** False where the run was over before its moment came. */
  readonly struck: boolean;
  readonly verdict: Verdict;
  /** What a person was asked beside the checkpoint. */
  readonly asked: readonly string[];
  /** Why it did not come to its end; null where it did. */
  readonly failure: string | null;
}

/** A run that nobody disturbs, and the length of its journal. */
export async function undisturbed(
  product: Product,
): Promise<{ readonly left: Left; readonly entries: number }> {
  const { world, close } = await createWorld(product, { scenario: SCENARIO });
  try {
    await startStory(world);
    await driveToEnd(world);
    const left = await whatIsLeft(world);
    return { left, entries: journalLength(world, ID) };
  } finally {
    await close();
  }
}

export async function disturb(
  product: Product,
  fault: Fault,
  moment: Moment,
  reference: Left,
): Promise<Disturbed> {
  const { world, close } = await createWorld(product, { scenario: SCENARIO });
  const random = seeded(moment.seed);
  try {
    await startStory(world);
    const person = approveMeanwhile(world);
    const struck = await comesTo(world, fault, moment, random);
    if (struck) await fault.strike(world, random);
    await person.stop();
    const asked = await driveToEnd(world);
    const verdict = judge(reference, await whatIsLeft(world));
    return { fault: fault.name, moment, struck, verdict, asked, failure: null };
  } catch (error) {
    const verdict = { survived: false, lost: [], duplicated: [], leftOver: [] };
    const failure = error instanceof Error ? error.message : String(error);
    return { fault: fault.name, moment, struck: true, verdict, asked: [], failure };
  } finally {
    await close();
  }
}

/** Without an approval the run would stand at its checkpoint and no later moment would come. */
function approveMeanwhile(world: World): { stop(): Promise<void> } {
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const state = await world.state(ID).catch(() => null);
      const asks = state?.questions.some(({ kind }) => kind === "checkpoint") === true;
      if (asks && (await world.coordinator()) !== null) await world.run("approve", "-w", ID);
      await pause(50);
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return done;
    },
  };
}

/** False when the run is over before its moment. */
async function comesTo(world: World, fault: Fault, moment: Moment, random: Random): Promise<boolean> {
  let struck = false;
  await eventually(
    `the journal has ${moment.entries} entries`,
    async () => {
      if (journalLength(world, ID) >= moment.entries) {
        const { needs } = fault;
        struck = needs === undefined || (await victims(world, needs)).length > 0;
        if (struck) return true;
      }
      const state = await world.state(ID).catch(() => null);
      return state !== null && isOver(state);
    },
    120_000,
  );
  // At a boundary of the journal, or somewhere in the step behind it.
  if (struck && random() < 0.5) await pause(random() * 120);
  return struck;
}
