import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** The program that shows notices here: absolute path of `notify-send`, or of `osascript` on macOS; null without one. */
export function desktopProgram(env: Environment): string | null {
  return onPath("notify-send", env) ?? (process.platform === "darwin" ? onPath("osascript", env) : null);
}

function onPath(name: string, { PATH = "" }: Environment): string | null {
  const folders = PATH.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find(canRun) ?? null;
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
