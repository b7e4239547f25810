/** Programs that take over the terminal of a command until they end. */
import { constants } from "node:os";
import { spawnProcess } from "../adapters/process/spawn.ts";
import { SignalboxError } from "../core/errors.ts";
import type { CliIo } from "./io.ts";

export interface AttachedOptions {
  readonly cwd: string;
  /** Complete environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called when this process is told to end, as when its terminal goes away; a program may take that for a good end. */
  readonly onTold?: () => void;
}

/**
 * Runs a program with the streams of this process; its exit code, 128 and the signal's number where a signal ended it. Ctrl+C
 * is for the program alone. Throws `user` error `not-started` when it cannot be started.
 */
export async function runAttached(
  io: Pick<CliIo, "onInterrupt">,
  file: string,
  args: readonly string[],
  { cwd, env, onTold }: AttachedOptions,
): Promise<number> {
  const child = spawnProcess(file, args, { cwd, env: { ...env }, stdio: "inherit" });
  const release = io.onInterrupt(() => {}); // the terminal tells the program as well
  const end = (signal: NodeJS.Signals): void => {
    onTold?.();
    child.kill(signal);
  };
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", (error) => reject(notStarted(file, error)));
      child.on("close", (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    release();
    process.off("SIGTERM", end);
    process.off("SIGHUP", end);
  }
}

function notStarted(file: string, error: Error): SignalboxError {
  const why = "code" in error && error.code === "ENOENT" ? "is not on the PATH" : error.message;
  return new SignalboxError("user", "not-started", `${file} could not be started: ${why}`, [
    `To see where it is looked for: echo "$PATH"`,
  ]);
}
