/** Reads many blobs with few git processes. */
import type { Git } from "./git.ts";

/** Larger blobs are not text that somebody reviews. */
const LARGEST = 1024 * 1024;
/** Stays below the limit of the runner's output, beyond which its beginning would be cut. */
const BATCH = 32 * 1024 * 1024;

/** Content by object id. What is missing, no blob, or larger than 1 MiB is left out. */
export async function readBlobs(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const batch of inBatches(await blobSizes(git, [...new Set(ids)]))) {
    const { stdout } = await git.run(["cat-file", "--batch"], { input: `${batch.join("\n")}\n` });
    for (const [id, content] of parseBatch(stdout)) found.set(id, content);
  }
  return found;
}

/** Content of one blob, up to 64 MiB. */
export async function readBlob(git: Git, id: string): Promise<Buffer> {
  return (await git.run(["cat-file", "blob", id])).stdout;
}

async function blobSizes(git: Git, ids: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  if (ids.length === 0) return [];
  const lines = (await git.text(["cat-file", "--batch-check"], { input: `${ids.join("\n")}\n` })).split("\n");
  return lines.flatMap((line) => {
    const [id = "", type, size] = line.split(" ");
    return type === "blob" && Number(size) <= LARGEST ? [[id, Number(size)] as const] : [];
  });
}

function inBatches(sizes: readonly (readonly [string, number])[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let room = 0;
  for (const [id, size] of sizes) {
    if (batches.length === 0 || size > room) {
      batches.push([]);
      room = BATCH;
    }
    batches.at(-1)?.push(id);
    room -= size + 100;
  }
  return batches;
}

/** `<id> blob <size>`, line end, content, line end; and so on. */
function parseBatch(output: Buffer): readonly (readonly [string, Buffer])[] {
  const blobs: (readonly [string, Buffer])[] = [];
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf(0x0a, at);
    const [id = "", , size = "0"] = output.subarray(at, lineEnd).toString("latin1").split(" ");
    const start = lineEnd + 1;
    blobs.push([id, output.subarray(start, start + Number(size))]);
    at = start + Number(size) + 1;
  }
  return blobs;
}
