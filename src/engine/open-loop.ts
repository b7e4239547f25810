/** Opening a workflow: lease first, then its history, then its loop. */
import { SignalboxError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { replay } from "../core/workflow/replay.ts";
import type { Lease, LeaseHolder } from "../ports/journal.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { Loop, type WorkflowLoop } from "./loop.ts";
import type { LoopListener } from "./updates.ts";

/** Acquires the lease, replays (or creates, or restores from the pushed branch) and starts what is outstanding. */
export async function openLoop(
  dependencies: EngineDependencies,
  workflow: string,
  listener: LoopListener,
  creation?: { readonly plan: Plan; readonly by: string },
): Promise<WorkflowLoop> {
  const acquired = await dependencies.store.acquire(workflow);
  if (!acquired.ok) throw leaseHeld(workflow, acquired.holder);
  try {
    return await openUnderLease(dependencies, workflow, listener, acquired.lease, creation);
  } catch (error) {
    await acquired.lease.release();
    throw error;
  }
}

async function openUnderLease(
  dependencies: EngineDependencies,
  workflow: string,
  listener: LoopListener,
  lease: Lease,
  creation: { readonly plan: Plan; readonly by: string } | undefined,
): Promise<WorkflowLoop> {
  const journal = await dependencies.store.open(workflow, lease);
  try {
    const entries = await journal.read(0);
    const head = entries.at(-1)?.seq ?? 0;
    const loop = new Loop(dependencies, workflow, listener, lease, journal, replay(entries), head);
    if (creation !== undefined) await loop.create(creation.plan, creation.by);
    else if (entries.length === 0) await loop.restore();
    await loop.start();
    return loop;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function leaseHeld(workflow: string, holder: LeaseHolder): SignalboxError {
  return new SignalboxError(
    "lease",
    "lease-held",
    `workflow ${workflow} is held by process ${holder.pid} on ${holder.host}`,
    ["That coordinator answers commands already. To see it, run: signalbox ps"],
  );
}
