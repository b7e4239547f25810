/** What the operating system refuses, in words for a person. */
import { SignalboxError } from "../../core/errors.ts";

const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: "Check the owner and the permissions of what is named",
  EPERM: "Check the owner and the permissions of what is named",
  EROFS: "The file system is mounted read-only",
  ENOSPC: "Make space; to see what is left, run: df -h",
  EDQUOT: "Make space: the quota of this user is used up",
  EMFILE: "Too many files are open; to see the limit, run: ulimit -n",
  ENFILE: "Too many files are open on this machine",
};

/** What the operating system refuses is no defect of the program. Null for everything else. */
export function refusalOfTheSystem(error: unknown): SignalboxError | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  const hint = REFUSALS[error.code];
  return hint === undefined
    ? null
    : new SignalboxError("environment", "system-refused", error.message, [hint], error);
}
