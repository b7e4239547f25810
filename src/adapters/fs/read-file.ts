/** Reads that treat a missing file as an answer. */
import { readFile } from "node:fs/promises";

/** Content of a file; null when it does not exist. */
export async function readFileIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Parsed JSON of a file; null when it does not exist or is no JSON. The caller owns the file's shape. */
export async function readJsonIfThere<T>(path: string): Promise<T | null> {
  const content = await readFileIfThere(path);
  if (content === null) return null;
  try {
    return JSON.parse(content.toString("utf8")) as T; // only files that we write ourselves, atomically
  } catch {
    return null;
  }
}

/** Says whether an error means that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
