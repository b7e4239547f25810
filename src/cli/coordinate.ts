/** Becoming the coordinator: the engine behind the socket, and taking up what an earlier one left. */

import type { ClaimRecord } from "../adapters/coordinator/claim.ts";
import { type RunningCoordinator, startCoordinator } from "../adapters/coordinator/run.ts";
import {
  giveUpReserve,
  layReserve,
  leaveStopNote,
  prepareStopNote,
} from "../adapters/coordinator/stop-note.ts";
import { isOver } from "../core/workflow/next-effects.ts";
import type { Engine } from "../engine/engine.ts";
import type { Context } from "./context.ts";
import { loadAll, type Project } from "./project.ts";
import { registerRepository } from "./registration.ts";

export interface CoordinateOptions {
  readonly lingerMs?: number;
  /** One line of the coordinator's log. */
  readonly log: (line: string) => void;
}

export type Became =
  | {
      readonly ok: true;
      readonly coordinator: RunningCoordinator & {
        /** Resolves when nothing runs any more. */ idle(): Promise<void>;
      };
    }
  | { readonly ok: false; readonly holder: ClaimRecord };

/** Claims the repository and serves it, or says who does. */
export async function becomeCoordinator(
  context: Context,
  project: Project,
  options: CoordinateOptions,
): Promise<Became> {
  const { io, version } = context;
  const log = logThatNeverFails(options.log, project.repository.commonDir, io);
  let engine: Engine | undefined;
  const result = await startCoordinator({
    commonDir: project.repository.commonDir,
    env: io.env,
    version,
    since: new Date(io.now()).toISOString(),
    ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
    compose: async () => {
      const [{ compose }, { settingsAt }] = await Promise.all([
        import("../compose.ts"),
        import("./planning/settings.ts"),
      ]);
      const { engine: composed } = await compose({
        cwd: project.repository.root,
        env: io.env,
        version,
        settingsAt: async (repository, commit) => (await settingsAt(repository, commit, io, {})).settings,
        narrate: log,
      });
      engine = composed;
      tellWhyStopped(composed, project.repository.commonDir, io, log);
      return { engine: composed, reopen: () => reopen(project, composed) };
    },
    log,
  });
  if (!result.ok) return result;
  await registerRepository(context, project, log);
  // After whoever asked for what failed has been answered.
  void engine?.failed.then(() => setImmediate(() => void result.coordinator.stop()));
  return { ok: true, coordinator: { ...result.coordinator, idle: async () => engine?.idle() } };
}

/** On a full disk the reserve makes room for the last lines; where even that does not help, work goes on without them. */
function logThatNeverFails(
  write: (line: string) => void,
  commonDir: string,
  io: Context["io"],
): (line: string) => void {
  return (line) => {
    const full = `${new Date(io.now()).toISOString()} ${line}`;
    try {
      write(full);
    } catch {
      giveUpReserve(commonDir);
      try {
        write(full);
      } catch {
        // There is nowhere left to say so.
      }
    }
  };
}

/** A later `status` cannot see why nobody acts any more, and after a full disk neither can the log. */
function tellWhyStopped(
  engine: Engine,
  commonDir: string,
  io: Context["io"],
  log: (line: string) => void,
): void {
  layReserve(commonDir);
  const goingOn = new Set<string>();
  engine.subscribe(({ workflow }) => {
    if (!goingOn.has(workflow)) prepareStopNote(commonDir, workflow);
    goingOn.add(workflow);
  });
  engine.onStopped((workflow, error) => {
    if (error.kind === "lease") return; // another coordinator acts for it
    const { reason } = leaveStopNote(commonDir, workflow, new Date(io.now()).toISOString(), error);
    log(
      `${workflow} stopped: ${reason}; agents that run go on. When that is mended, run: signalbox resume ${workflow}`,
    );
  });
}

/** Recovery is opening: replay, then whatever is outstanding is done, also the last commits of a workflow that has ended. */
async function reopen(
  project: Project,
  engine: Engine,
): Promise<readonly { readonly workflow: string; readonly reason: string }[]> {
  const { states, unreadable } = await loadAll(project);
  const failed = unreadable.map(({ workflow, error }) => ({ workflow, reason: error.message }));
  for (const { id } of states.filter((state) => !isOver(state))) {
    try {
      await engine.open(id);
    } catch (error) {
      failed.push({ workflow: id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return failed;
}
