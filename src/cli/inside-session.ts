/** Whether a command was typed by an agent: nothing of its may answer for a person (design §11 no. 14). */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sessionMarker } from "../adapters/host/paths.ts";
import { inheritedValues } from "../adapters/process/ancestry.ts";
import { SignalboxError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import type { Project } from "./project.ts";

/** Variable that the session host puts into the environment of everything that an agent starts. */
const SESSION_MARK = "SIGNALBOX_SESSION";

/**
 * Throws `user` error `inside-a-session` below a session of any repository, and, where the mark was taken out of the
 * environment, below a session of this one.
 */
export function refuseInsideSession({ io }: Context, { repository }: Project): void {
  if (io.env[SESSION_MARK] === undefined && !isBelowSession(process.pid, repository.commonDir)) return;
  throw new SignalboxError(
    "user",
    "inside-a-session",
    "This command was typed inside an agent's session, which cannot decide for a person",
    ["Type it in a terminal of your own"],
  );
}

/** True when an ancestor of the process was started as part of a session of the repository. */
export function isBelowSession(pid: number, commonDir: string): boolean {
  const inherited = new Set(inheritedValues(pid, sessionMarker("").name));
  if (inherited.size === 0) return false;
  const root = join(commonDir, "signalbox");
  return namesIn(root).some((workflow) => {
    const sessions = join(root, workflow, "sessions");
    return namesIn(sessions).some((name) => inherited.has(sessionMarker(join(sessions, name)).value));
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
