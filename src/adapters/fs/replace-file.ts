/** The only writer that replaces files: readers see the old or the new content, never a part, also after a power cut. */
import { link, mkdir, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface FileOptions {
  /** Permission bits of the new file; default 0o644 as limited by the umask. */
  readonly mode?: number;
}

/** Writes `content` to `path` by temporary file, fsync, rename and fsync of the folder. Makes missing folders. */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: FileOptions = {},
): Promise<void> {
  await withTemporary(path, content, options, (temporary) => rename(temporary, path));
}

/**
 * Creates `path` with its whole content in one step. Resolves false, and changes nothing, when it exists already: of two
 * callers exactly one gets true.
 */
export async function createFileOnce(
  path: string,
  content: string | Uint8Array,
  options: FileOptions = {},
): Promise<boolean> {
  let created = true;
  await withTemporary(path, content, options, async (temporary) => {
    created = await linked(temporary, path);
    await unlink(temporary);
  });
  return created;
}

/** Makes the names in a folder durable. Systems that cannot sync a folder are left to their own order. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch {
    // EINVAL on file systems without folder sync.
  } finally {
    await handle.close();
  }
}

async function withTemporary(
  path: string,
  content: string | Uint8Array,
  options: FileOptions,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  // The pid says whether the writer still lives: see `removeAbandoned`.
  const name = `.${basename(path).slice(0, 100)}.${process.pid}.${crypto.randomUUID()}.tmp`;
  const temporary = join(folder, name);
  try {
    await writeSynced(temporary, content, options.mode ?? 0o644);
    await publish(temporary);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

async function writeSynced(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
