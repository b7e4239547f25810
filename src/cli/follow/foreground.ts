/** The coordinator inside this very command, for CI and containers: it ends when the work does. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CoordinatorClient, dialCoordinator } from "../../adapters/coordinator/client.ts";
import { coordinatorLog } from "../../adapters/coordinator/connect.ts";
import { heldBy, type RunningCoordinator } from "../../adapters/coordinator/run.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Context } from "../context.ts";
import { becomeCoordinator } from "../coordinate.ts";
import { EXIT } from "../output/exit-code.ts";
import { type Project, runningCoordinator } from "../project.ts";
import { followWorkflow } from "./follow-workflow.ts";

/** How often to look again whether an idle coordinator has left, every 100 ms. */
const GIVE_WAY_TRIES = 100;

/**
 * First Ctrl+C pauses: agents end their turn, nothing new starts, then the command ends. Second Ctrl+C ends at once. Either way
 * the work is kept and `signalbox resume` goes on.
 */
export async function runInForeground(
  context: Context,
  project: Project,
  plan: Plan,
  options: { readonly yes: boolean; readonly wait: boolean },
): Promise<number> {
  const coordinator = await becomeOnly(context, project);
  const client = await requireClient(coordinator);
  const interrupts = { count: 0 };
  try {
    const { id } = await client.create(plan, context.io.user);
    const code = await followWorkflow(context, project, id, {
      client,
      yes: options.yes,
      wait: options.wait,
      foreground: true,
      interrupt: (current) => onInterrupt(context, current, id, interrupts),
    });
    client.close();
    if (interrupts.count < 2) await coordinator.idle();
    return interrupts.count > 0 ? EXIT.interrupted : code;
  } finally {
    client.close();
    await coordinator.stop();
  }
}

async function onInterrupt(
  { output, io }: Context,
  client: CoordinatorClient,
  workflow: string,
  interrupts: { count: number },
): Promise<"leave" | "drain"> {
  interrupts.count += 1;
  if (interrupts.count > 1) return "leave";
  output.warn("pausing: agents end their turn; Ctrl+C again ends at once, the work is kept either way");
  await client.submit(workflow, { type: "pause", by: io.user, reason: "interrupted" });
  return "drain";
}

/** An idle coordinator of an earlier command gives way; a busy one keeps the repository. */
async function becomeOnly(
  context: Context,
  project: Project,
): Promise<RunningCoordinator & { idle(): Promise<void> }> {
  for (let tries = 0; ; tries += 1) {
    const result = await becomeCoordinator(context, project, {
      lingerMs: 2_147_483_647,
      log: logTo(coordinatorLog(project.repository.commonDir)),
    });
    if (result.ok) return result.coordinator;
    if (tries >= GIVE_WAY_TRIES || !(await givesWay(context, project))) throw heldBy(result.holder);
    await sleep(100);
  }
}

/** True when the one that runs is leaving, or has left. */
async function givesWay(context: Context, project: Project): Promise<boolean> {
  const other = await runningCoordinator(project, context.io);
  if (other === null) return true;
  const leaving = await other.stop({ onlyIdle: true });
  if (!leaving) other.close();
  await other.closed;
  return leaving;
}

/** The same file as that of a background coordinator: the terminal belongs to the viewer. */
function logTo(path: string): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true });
  return (line) => appendFileSync(path, `${line}\n`);
}

async function requireClient({ socket }: RunningCoordinator): Promise<CoordinatorClient> {
  const client = await dialCoordinator(socket);
  if (client === null)
    throw new SignalboxError(
      "internal",
      "no-own-socket",
      `The coordinator of this command does not answer on ${socket}`,
    );
  return client;
}
