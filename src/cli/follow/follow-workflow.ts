/** Connects, follows and tells the end: what `run`, `watch` and `resume` have in common. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import { endLines } from "../board/end-lines.ts";
import { waitingLines } from "../board/waiting-lines.ts";
import type { Context } from "../context.ts";
import { commandSuffix, type Project, runningCoordinator, startedCoordinator } from "../project.ts";
import { readActivities } from "./activity.ts";
import { exitCodeOfFollowed, type Followed, type FollowOptions, follow } from "./follow.ts";

export interface FollowWorkflowOptions {
  readonly yes: boolean;
  readonly wait: boolean;
  readonly interrupt?: FollowOptions["interrupt"];
  /** Already connected; otherwise one is started. */
  readonly client?: CoordinatorClient;
  /** True where the work stops with this command. */
  readonly foreground?: boolean;
}

/** Resolves with the exit code. */
export async function followWorkflow(
  context: Context,
  project: Project,
  workflow: string,
  options: FollowWorkflowOptions,
): Promise<number> {
  const client = options.client ?? (await startedCoordinator(project, context.io));
  const suffix = await commandSuffix(project, workflow);
  const { interrupt } = options;
  try {
    const followed = await follow(context, {
      client,
      workflow,
      yes: options.yes,
      wait: options.wait,
      suffix,
      footer:
        options.foreground === true
          ? "Ctrl+C pauses and ends; all work is kept"
          : "Ctrl+C stops looking; the work goes on",
      readActivities: (state) => readActivities(project.repository.commonDir, state),
      reconnect: () => takenOver(project, context),
      ...(interrupt === undefined ? {} : { interrupt }),
    });
    if (followed.why === "left") tellLeft(context, workflow, options.foreground === true);
    else tellEnd(context, followed, suffix);
    return exitCodeOfFollowed(followed);
  } finally {
    client.close();
  }
}

/** Another viewer may have started the next coordinator already. */
async function takenOver(project: Project, { io }: Context): Promise<CoordinatorClient | null> {
  for (let tries = 0; tries < 10; tries += 1) {
    const client = await runningCoordinator(project, io).catch(() => null);
    if (client !== null) return client;
    await sleep(100);
  }
  return null;
}

function tellLeft({ output }: Context, workflow: string, foreground: boolean): void {
  if (foreground) {
    output.success(`${workflow} stops here; all work is kept`);
    output.hint(`Go on: signalbox resume ${workflow}`);
    return;
  }
  output.success(`${workflow} goes on in the background`);
  output.hint(`Look again: signalbox watch ${workflow}`);
  output.hint(`Stop it: signalbox pause ${workflow}, or signalbox cancel ${workflow}`);
}

function tellEnd({ output, io, json }: Context, { state, why }: Followed, suffix: string): void {
  if (json) return;
  const ends = endLines(state, output.style);
  if (ends.length > 0) output.answer(`\n${ends.join("\n")}`);
  if (why === "stands" && !io.stdout.isTTY) {
    const lines = waitingLines(state, { style: output.narration, now: io.now(), width: 100, suffix });
    output.warn(`${state.id} waits for a person; nothing more happens until then`);
    for (const line of lines) output.say(line);
    if (state.status === "PAUSED")
      output.hint(`Paused: ${state.pausedReason ?? "no reason given"}. Go on: signalbox resume ${state.id}`);
  }
}
