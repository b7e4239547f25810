/** Takes dependencies out of a worktree in which nobody works any more: they are most of its size and most of what removing it takes. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { findAdmin } from "../git/admin.ts";
import { refuseLinkedParents } from "./bring.ts";
import { readMarker, writeMarker } from "./marker.ts";
import { ProvisionRefusal } from "./match.ts";

/** Only what provisioning put there. A worktree that git does not know, or that was never prepared, stays as it is. */
export async function releaseDependencies(commonDir: string, worktree: string): Promise<void> {
  const admin = await findAdmin(commonDir, worktree);
  const marker = admin === null ? null : await readMarker(admin);
  if (admin === null || marker?.homes === undefined || marker.homes.length === 0 || marker.released === true)
    return;
  await writeMarker(admin, { ...marker, released: true });
  for (const home of marker.homes) await discard(commonDir, worktree, home);
}

/** Out of the way at once, gone from the disk when there is time. */
async function discard(commonDir: string, worktree: string, home: string): Promise<void> {
  try {
    await refuseLinkedParents({ root: worktree, worktree }, home);
  } catch (error) {
    if (error instanceof ProvisionRefusal) return; // somebody put a link in the way, and what is behind it is not ours
    throw error;
  }
  const trash = trashOf(commonDir);
  const doomed = join(trash, randomUUID());
  await mkdir(trash, { recursive: true });
  const moved = await rename(join(worktree, home), doomed).then(
    () => true,
    () => false,
  );
  const gone = rm(moved ? doomed : join(worktree, home), { recursive: true, force: true }).catch(() => {});
  // On another file system there is nothing to move; the folder must be out of the way before anybody else looks.
  if (!moved) await gone;
}

/** Ends what an earlier process had not time for. Never rejects. */
export async function sweep(commonDir: string): Promise<void> {
  const trash = trashOf(commonDir);
  for (const name of await readdir(trash).catch(() => []))
    await rm(join(trash, name), { recursive: true, force: true }).catch(() => {});
}

function trashOf(commonDir: string): string {
  return join(commonDir, "signalbox", ".trash");
}
