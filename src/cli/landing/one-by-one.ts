/** Landing of slots, each by itself. */
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import type { Landing } from "../../core/workflow/deliverable.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Landed, LandingDependencies } from "../../engine/landing-place.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { reportError } from "../output/report-error.ts";
import { type Project, startedCoordinator } from "../project.ts";
import { acceptFirst } from "./accept.ts";
import { recordLanding } from "./record.ts";

export interface SlotsOrder {
  readonly slots: readonly string[];
  readonly target: string;
  readonly way: Landing["way"];
  readonly check: boolean;
  /** False = refuse where another landing is under way. */
  readonly wait: boolean;
  /** What was typed beside slots and way, such as ` --to release`. */
  readonly flags: string;
}

interface Done {
  readonly slot: string;
  readonly landed: Landed | null;
  readonly error: string | null;
}

/** What one landing needs of the command around it. */
interface Setting {
  readonly context: Context;
  readonly client: CoordinatorClient;
  readonly workflow: string;
  readonly deps: LandingDependencies;
}

/**
 * Accepts what has to be accepted, then lands all in one turn, in the order that was typed: nobody waits for a person's answer to
 * somebody else. One that does not land keeps none of the others from it. Throws `landing-under-way`, `no-remote`.
 */
export async function landAll(
  context: Context,
  project: Project,
  { id: workflow }: WorkflowState,
  deps: LandingDependencies,
  order: SlotsOrder,
): Promise<number> {
  const client = await startedCoordinator(project, context.io);
  const setting = { context, client, workflow, deps };
  try {
    const refusals = await acceptAll(setting, order.slots);
    const { inTurn } = await import("../../engine/landing-turn.ts");
    const { slots, target, way, wait, flags } = order;
    const command = `land ${slots.join(" ")}${flags}`;
    const since = new Date(context.io.now()).toISOString();
    const done = await inTurn(deps, { workflow, slots, way, target, command, since, wait }, () =>
      landEach(setting, order, refusals),
    );
    return tell(context, workflow, order, done);
  } finally {
    client.close();
  }
}

/** What keeps a slot from being accepted, told later in its place. */
async function acceptAll(
  { context, client, workflow }: Setting,
  slots: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const refusals = new Map<string, unknown>();
  for (const slot of slots) {
    try {
      await acceptFirst(context, client, await client.open(workflow), slot);
    } catch (error) {
      refusals.set(slot, error);
    }
  }
  return refusals;
}

async function landEach(
  setting: Setting,
  order: SlotsOrder,
  refusals: ReadonlyMap<string, unknown>,
): Promise<readonly (Done & { readonly code: number })[]> {
  const done: (Done & { readonly code: number })[] = [];
  for (const slot of order.slots) {
    try {
      if (refusals.has(slot)) throw refusals.get(slot);
      done.push({ slot, landed: await landOne(setting, order, slot), error: null, code: EXIT.done });
    } catch (error) {
      const code = tellFailure(setting.context, error, order.slots.length === 1);
      done.push({ slot, landed: null, error: error instanceof Error ? error.message : String(error), code });
    }
  }
  return done;
}

/** The state is read when its turn has come. Record after deed: what is on the target is found there again if the record gets lost. */
async function landOne(
  { context, client, workflow, deps }: Setting,
  { target, way, check, flags }: SlotsOrder,
  slot: string,
): Promise<Landed> {
  const { landSlot } = await import("../../engine/landing.ts");
  const request = { subject: slot, command: `land ${slot}${flags}`, way, target, check };
  const landed = await landSlot(deps, await client.open(workflow), request);
  await recordLanding(context, client, workflow, request, landed);
  return landed;
}

/** The exit code; with several slots it says only that not all have landed. */
function tellFailure(context: Context, error: unknown, alone: boolean): number {
  if (context.json) return EXIT.failed;
  const code = reportError(error, context.output, false);
  return alone ? code : EXIT.failed;
}

function tell(
  { json, output }: Context,
  workflow: string,
  { target, way }: SlotsOrder,
  done: readonly (Done & { readonly code: number })[],
): number {
  const slots = done.map(({ slot, landed, error }) => ({ slot, landed, error }));
  if (json) output.json({ workflow, target, way, slots });
  return Math.max(EXIT.done, ...done.map(({ code }) => code));
}
