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
import type { CliIo } from "../io.ts";
import { EXIT } from "../output/exit-code.ts";
import { type Project, runningCoordinator } from "../project.ts";
import { followWorkflow } from "./follow-workflow.ts";

/** How often to look again whether an idle coordinator has left, every 100 ms. */
const GIVE_WAY_TRIES = 100;

/** What came from outside to end the command. */
interface Ending {
  interrupts: number;
  terminated: boolean;
}

/**
 * First Ctrl+C pauses: agents end their turn, nothing new starts, then the command ends. Second Ctrl+C ends at once, and so does
 * SIGTERM after pausing, because whoever sends it soon sends worse. Either way the lease is given back, sessions end their turn
 * in their host, and `signalbox resume` goes on.
 */
export async function runInForeground(
  context: Context,
  project: Project,
  plan: Plan,
  options: { readonly yes: boolean; readonly wait: boolean },
): Promise<number> {
  const ending: Ending = { interrupts: 0, terminated: false };
  const endable = { ...context, io: endingOnSignals(context.io, ending) };
  const coordinator = await becomeOnly(endable, project);
  const client = await requireClient(coordinator);
  try {
    const { id } = await client.create(plan, context.io.user);
    const code = await followWorkflow(endable, project, id, {
      client,
      yes: options.yes,
      wait: options.wait,
      foreground: true,
      interrupt: (current, tell) => onSignal(current, id, ending, context.io.user, tell),
    });
    client.close();
    if (!isHurried(ending)) await idleOrHurried(coordinator, endable.io, ending);
    if (ending.terminated) return EXIT.terminated;
    return ending.interrupts > 0 ? EXIT.interrupted : code;
  } finally {
    client.close();
    await coordinator.stop();
  }
}

/** Listeners for Ctrl+C hear SIGTERM too; `ending` knows which it was. */
function endingOnSignals(io: CliIo, ending: Ending): CliIo {
  return {
    ...io,
    onInterrupt: (listener) => {
      const releases = [
        io.onInterrupt(() => {
          ending.interrupts += 1;
          listener();
        }),
        io.onTerminate?.(() => {
          ending.terminated = true;
          listener();
        }),
      ];
      return () => {
        for (const release of releases) release?.();
      };
    },
  };
}

/** True when nothing is waited for any more. */
function isHurried({ interrupts, terminated }: Ending): boolean {
  return terminated || interrupts > 1;
}

async function onSignal(
  client: CoordinatorClient,
  workflow: string,
  ending: Ending,
  user: string,
  tell: (waitsFor: string, keys: string) => void,
): Promise<"leave" | "drain"> {
  if (ending.interrupts > 1) return "leave";
  if (!ending.terminated)
    tell("pausing: agents end their turn", "Ctrl+C again ends at once; all work is kept");
  const reason = ending.terminated ? "ended by SIGTERM" : "interrupted";
  await client.submit(workflow, { type: "pause", by: user, reason });
  return ending.terminated ? "leave" : "drain";
}

/** What is in flight is waited for, such as a check, but not after another signal. */
async function idleOrHurried(
  coordinator: { idle(): Promise<void> },
  io: CliIo,
  ending: Ending,
): Promise<void> {
  const waiting = new Promise<() => void>((resolve) => {
    const release = io.onInterrupt(() => {
      if (isHurried(ending)) resolve(release);
    });
    void coordinator.idle().then(() => resolve(release));
  });
  (await waiting)();
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
