/** Which files living processes have open. */
import { readdirSync, readlinkSync } from "node:fs";
import { processTable } from "./table.ts";

/** True when a process of this user has the file open. False as well where the system does not tell (only Linux does). */
export function isOpen(path: string): boolean {
  if (process.platform !== "linux") return false;
  return processTable().some((row) => !row.dead && opened(row.pid).includes(path));
}

function opened(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return names(folder).map((name) => target(`${folder}/${name}`));
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Gone, or of another user.
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ""; // Closed since it was listed.
  }
}
