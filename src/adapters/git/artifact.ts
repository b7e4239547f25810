/** Looks at an artifact where a session left it. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Size in bytes of a regular file inside a worktree, by a repository-relative path. Null when it is missing, is no regular
 * file, or is reached through a symlink: git would commit the link, not the content, and the link may lead anywhere.
 */
export async function artifactBytes(worktree: string, path: string): Promise<number | null> {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return null;
  let place = worktree;
  for (const [index, part] of parts.entries()) {
    place = join(place, part);
    const stats = await lstat(place).catch(() => null);
    if (stats === null) return null;
    const last = index === parts.length - 1;
    if (last) return stats.isFile() ? stats.size : null;
    if (!stats.isDirectory()) return null;
  }
  return null;
}
