/** Sizes of folders on disk. */
import { runProgram } from "../process/spawn.ts";

/** Bytes that a folder takes on disk; 0 when it is not there or cannot be measured. */
export async function folderBytes(folder: string): Promise<number> {
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" };
  const { stdout } = await runProgram("du", ["-sk", folder], { cwd: "/", env });
  return Number.parseInt(stdout.toString("utf8"), 10) * 1024 || 0;
}
