import { SignalboxError } from "../core/errors.ts";

/** The refusal of a second workflow under one id: who asked for it would follow one that does something else. */
export function existsAlready(workflow: string): SignalboxError {
  return new SignalboxError("user", "already-exists", `The workflow ${workflow} exists already`, [
    `To see it, run: signalbox status ${workflow}`,
    "To start another one, run: signalbox run <definition> --id <id>",
  ]);
}
