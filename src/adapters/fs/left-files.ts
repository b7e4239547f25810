/** Files that were to live for moments and were left behind by a process that was killed. */
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { processIdentity } from "../process/identity.ts";

/** Names that our own writers give; nobody else writes into the folders that are looked at. */
const OURS = [/^\..+\.[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/, /^signalbox-index-[0-9a-f-]{36}$/, /\.json\.new$/];

/** Older than this no write is under way. */
const OLD_MS = 3_600_000;

/** Temporary files of `replaceFile`, with the pid of their writer. */
const WRITTEN = /^\..+\.(\d+)\.[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/;

/**
 * Removes temporary files whose writer lives no more: in the folder, and in everything below it unless `where` is `here`. A file of a pid that was given
 * to somebody else stays: `leftFiles` finds it when it is old. Never rejects.
 */
export async function removeAbandoned(folder: string, where: "here" | "below" = "below"): Promise<void> {
  const recursive = where === "below";
  const entries = await readdir(folder, { withFileTypes: true, recursive }).catch(() => []);
  for (const entry of entries) {
    const pid = entry.isFile() ? WRITTEN.exec(entry.name)?.[1] : undefined;
    if (pid !== undefined && processIdentity(Number(pid)) === null)
      await rm(join(entry.parentPath, entry.name), { force: true }).catch(() => undefined);
  }
}

/** Such files directly in the folders, older than an hour at `now` (milliseconds since the epoch). */
export async function leftFiles(folders: readonly string[], now: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((it) => OURS.some((pattern) => pattern.test(it))))
      if (await isOld(join(folder, name), now)) found.push(join(folder, name));
  }
  return found;
}

/** Removes one that is still as old. */
export async function removeLeftFile(path: string, now: number): Promise<void> {
  if (await isOld(path, now)) await rm(path, { force: true });
}

async function isOld(path: string, now: number): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isFile() === true && now - stats.mtimeMs > OLD_MS;
}
