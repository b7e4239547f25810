/** A private object folder: what a prediction makes is readable while it is computed, and nothing of it stays in the repository. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { temporaryPrefix } from "../../fs/temporary.ts";
import type { Git } from "../git.ts";

/** Lends a git that reads all objects of the repository and writes new ones into a folder that is removed afterwards. */
export async function inQuarantine<T>(
  git: Git,
  commonDir: string,
  use: (git: Git, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(temporaryPrefix("objects"));
  try {
    const objects = join(folder, "objects");
    // Git takes a folder for a repository only where its objects have one.
    await mkdir(objects);
    const env = {
      GIT_OBJECT_DIRECTORY: objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(commonDir, "objects")),
    };
    return await use(git.within(git.cwd, env), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The list is separated by colons; in quotes a path may have them. */
function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
