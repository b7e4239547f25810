import { fstatSync, writeSync } from "node:fs";
import type { Context } from "../context.ts";
import { becomeCoordinator } from "../coordinate.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject, type Project, runningCoordinator } from "../project.ts";
import { parseCount, type VerbInput } from "../verb.ts";

/** `signalbox coordinator`: the background process itself, started by others; `--stop` ends the running one. */
export async function coordinator(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  if (input.flag("stop")) return stop(context, project);
  const lingerMs = parseCount(input.text("linger"), "--linger");
  const became = await becomeCoordinator(context, project, {
    log: logLine(context),
    ...(lingerMs === undefined ? {} : { lingerMs }),
  });
  if (!became.ok) return EXIT.done; // another viewer's coordinator was faster, which is what this one was wanted for
  const release = onSignals(() => void became.coordinator.stop());
  await became.coordinator.ended;
  release();
  return EXIT.done;
}

/**
 * Into the file that its starter gave it as stderr, in one step that fails where the disk is full: a stream would keep the
 * line and every one after it to itself.
 */
function logLine({ output }: Context): (line: string) => void {
  const isFile = fstatSync(process.stderr.fd).isFile();
  return isFile ? (line) => writeSync(process.stderr.fd, `${line}\n`) : output.say;
}

async function stop({ io, output }: Context, project: Project): Promise<number> {
  const client = await runningCoordinator(project, io);
  if (client === null) {
    output.success("no coordinator runs");
    return EXIT.done;
  }
  await client.stop({ onlyIdle: false });
  await client.closed;
  output.success(`coordinator (pid ${client.info.pid}) stopped; running agents go on`);
  output.hint("Go on with the workflows: signalbox resume");
  return EXIT.done;
}

/** SIGHUP comes when the terminal that started it closes; the work is not that terminal's. */
function onSignals(end: () => void): () => void {
  const ignore = (): void => {};
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("SIGHUP", ignore);
  return () => {
    process.off("SIGTERM", end);
    process.off("SIGINT", end);
    process.off("SIGHUP", ignore);
  };
}
