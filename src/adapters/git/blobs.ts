/** Reads many blobs with one git process. */
import type { Git } from "./git.ts";

/** Content by object id; what is missing or no blob is left out. */
export async function readBlobs(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const unique = [...new Set(ids)];
  const found = new Map<string, Buffer>();
  if (unique.length === 0) return found;
  const { stdout } = await git.run(["cat-file", "--batch"], { input: `${unique.join("\n")}\n` });
  for (let at = 0; at < stdout.length; ) {
    const lineEnd = stdout.indexOf(0x0a, at);
    const [id = "", type, size] = stdout.subarray(at, lineEnd).toString("latin1").split(" ");
    at = lineEnd + 1;
    if (size === undefined) continue; // `<id> missing` has no content behind it
    const length = Number(size);
    if (type === "blob") found.set(id, stdout.subarray(at, at + length));
    at += length + 1;
  }
  return found;
}
