/** Takes dependencies out of a worktree in which nobody works any more: they are most of its size and most of what removing it takes. */
import { join } from "node:path";
import { findAdmin } from "../git/admin.ts";
import { refuseLinkedParents } from "./bring.ts";
import { readMarker, stampFile, writeMarker } from "./marker.ts";
import { ProvisionRefusal } from "./match.ts";
import { openTreePool, type TreePool } from "./tree-pool.ts";

/** Where trees are that worktrees have given back. */
export function treesFolder(commonDir: string): string {
  return join(commonDir, "signalbox", ".trees");
}

/** Only what provisioning put there. A worktree that git does not know, or that was never prepared, stays as it is. */
export async function releaseDependencies(commonDir: string, worktree: string): Promise<void> {
  const admin = await findAdmin(commonDir, worktree);
  const marker = admin === null ? null : await readMarker(admin);
  const trees = marker?.trees ?? [];
  if (admin === null || marker === null || trees.length === 0 || marker.released === true) return;
  await writeMarker(admin, { ...marker, released: true });
  const pool = openTreePool(treesFolder(commonDir));
  for (const [index, { folder, homes, name }] of trees.entries()) {
    const stamp = marker.done && name !== null ? stampFile(admin, index) : null;
    await giveBack(pool, worktree, folder, homes, stamp);
  }
}

async function giveBack(
  pool: TreePool,
  worktree: string,
  folder: string,
  homes: readonly string[],
  stamp: string | null,
): Promise<void> {
  try {
    for (const home of homes) await refuseLinkedParents({ root: worktree, worktree }, join(folder, home));
  } catch (error) {
    if (error instanceof ProvisionRefusal) return; // somebody put a link in the way, and what is behind it is not ours
    throw error;
  }
  await pool.put(join(worktree, folder), homes, stamp);
}

/** Ends what an earlier process had not time for. Never rejects. */
export function sweep(commonDir: string): Promise<void> {
  return openTreePool(treesFolder(commonDir)).sweep();
}
