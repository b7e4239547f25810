/** Where a program is that is started by its name. */
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** Absolute path of the program of that name in a search path; null when there is none, and for what is no plain name. */
export function onPath(name: string, searchPath: string | undefined): string | null {
  if (name.includes("/")) return null;
  const folders = (searchPath ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

/** True for a file that may be started. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
