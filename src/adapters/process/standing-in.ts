/** Which processes stand in a folder: a shell that a person opened there, or a program that outlived its session. */
import { readdirSync, readlinkSync } from "node:fs";

/**
 * Pids of processes whose working folder is `folder` (its real path) or inside it; null where the system does not tell (all but
 * Linux). Processes of other users cannot be read and are never named.
 */
export function standingIn(folder: string): readonly number[] | null {
  if (process.platform !== "linux") return null;
  return readdirSync("/proc").flatMap((name) => {
    const place = /^\d+$/.test(name) ? workingFolder(name) : null;
    return place !== null && `${place}/`.startsWith(`${folder}/`) ? [Number(name)] : [];
  });
}

function workingFolder(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}
