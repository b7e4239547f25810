/** Files that this process holds open: one left to the garbage collector is a defect of whoever opened it. */
import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Paths below `folder`; none where the system does not tell (no /proc). */
export function openFilesBelow(folder: string): readonly string[] {
  return entries("/proc/self/fd").flatMap((fd) => {
    const path = target(join("/proc/self/fd", fd));
    return path?.startsWith(`${folder}/`) === true ? [path] : [];
  });
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null for one that was closed meanwhile. */
function target(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}
