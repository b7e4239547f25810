/** What preparing a worktree printed, kept beside the sessions of its workflow. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { Redact } from "../../core/redaction.ts";

/** `<common dir>/signalbox/<workflow>/provision/<name of the worktree's folder>.log` */
export function provisionLogPath(commonDir: string, workflow: string, worktree: string): string {
  return join(commonDir, "signalbox", workflow, "provision", `${basename(worktree)}.log`);
}

export interface ProvisionLog {
  readonly path: string;
  /** The path as it may stand in a record: relative to the checkout, which is elsewhere on another machine. */
  readonly shown: string;
  /** Adds text after taking out the values of copied secret files; never rejects. */
  add(text: string): Promise<void>;
}

/** The log of one worktree; only the user can read it. What is added first gets a line with the time and `heading` above it. */
export function openProvisionLog(
  path: string,
  root: string,
  heading: string,
  redact: () => Promise<Redact>,
): ProvisionLog {
  let title = `[${new Date().toISOString()}] ${heading}\n`;
  return {
    path,
    shown: relative(root, path),
    add: async (text) => {
      try {
        await mkdir(dirname(path), { recursive: true });
        const entry = `${title}${(await redact())(text).trimEnd()}\n`;
        title = "";
        await writeFile(path, entry, { flag: "a", mode: 0o600 });
        await chmod(path, 0o600);
      } catch {
        // A log that cannot be written must not keep anybody from working.
      }
    },
  };
}
