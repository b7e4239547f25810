/** Files that were to live for moments and were left behind by a process that was killed. */
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Names that our own writers give; nobody else writes into the folders that are looked at. */
const OURS = [/^\..+\.[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/, /^signalbox-index-[0-9a-f-]{36}$/, /\.json\.new$/];

/** Older than this no write is under way. */
const OLD_MS = 3_600_000;

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
