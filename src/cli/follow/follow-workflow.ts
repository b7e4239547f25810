/** Connects, follows and tells the end: what `run`, `watch` and `resume` have in common. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import { runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { endLines } from "../board/end-lines.ts";
import { footLines } from "../board/foot.ts";
import type { Context } from "../context.ts";
import { countText } from "../output/units.ts";
import {
  commandSuffix,
  loadState,
  type Project,
  runningCoordinator,
  startedCoordinator,
} from "../project.ts";
import { readActivities } from "./activity.ts";
import { bellFor } from "./bell.ts";
import { exitCodeOfFollowed, type Followed, type FollowOptions, follow } from "./follow.ts";
import { isLive } from "./presenter.ts";

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
  const onQuestion = await bellOf(context, project, workflow);
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
      ...(onQuestion === null ? {} : { onQuestion }),
    });
    if (followed.why === "left") tellLeft(context, followed.state, options.foreground === true);
    else tellEnd(context, followed, suffix);
    return exitCodeOfFollowed(followed);
  } finally {
    client.close();
  }
}

/** As the base of the workflow and the user's own file want it; a configuration that cannot be read rings nothing. */
async function bellOf(
  { io }: Context,
  project: Project,
  workflow: string,
): Promise<NonNullable<FollowOptions["onQuestion"]> | null> {
  if (!io.stderr.isTTY) return null;
  try {
    const state = await loadState(project, workflow);
    if (state === null) return null;
    const { settingsAt } = await import("../planning/settings.ts");
    const { settings } = await settingsAt(project.repository, state.plan.base.commit, io, {});
    return bellFor(io, settings.notify);
  } catch {
    return null;
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

function tellLeft(context: Context, state: WorkflowState, foreground: boolean): void {
  const { output } = context;
  const { id } = state;
  if (isLive(context)) output.say("");
  if (foreground) {
    const running = runningSessions(state).length;
    output.success(`${id} stops here; all work is kept`);
    if (running > 0)
      output.hint(`${countText(running, "agent")} may still end ${running === 1 ? "its" : "their"} turn`);
    output.hint(`Go on: signalbox resume ${id}`);
    return;
  }
  output.success(`${id} goes on in the background`);
  output.hint(`Look again: signalbox watch ${id}`);
  output.hint(`Stop it: signalbox pause ${id}, or signalbox cancel ${id}`);
}

/** What a board does not show, or what a pipe was not told yet. */
function tellEnd(context: Context, { state, why }: Followed, suffix: string): void {
  const { output, io, json } = context;
  if (json) return;
  const ends = endLines(state, output.style);
  if (ends.length > 0) output.answer(`\n${ends.join("\n")}`);
  if (why === "stands" && !isLive(context)) {
    output.warn(`${state.id} waits for a person; nothing more happens until then`);
    const view = { style: output.narration, now: io.now(), width: 100, suffix };
    for (const line of footLines(state, view)) output.say(line);
  }
}
