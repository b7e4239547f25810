/**
 * Decides whether a file tool may write a path. Owns the promise that a session stays inside (design P7) for file tools;
 * shell commands are not confined by it.
 */
import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import picomatch from "picomatch";

export interface WriteBoundary {
  /** Absolute folder that may be written; null = nothing may be. */
  readonly boundary: string | null;
  /** Globs relative to the boundary; `**` = all, none = nothing. */
  readonly writes: readonly string[];
}

/** Tools that write files, and the input field that names the file. */
export const WRITE_TOOLS = ["Write", "Edit", "MultiEdit", "NotebookEdit"] as const;

/** File that a write tool is about to change; null when the input names none. */
export function writeTarget(input: unknown): string | null {
  if (typeof input !== "object" || input === null) return null;
  const fields = input as { readonly file_path?: unknown; readonly notebook_path?: unknown };
  const target = fields.file_path ?? fields.notebook_path;
  return typeof target === "string" && target !== "" ? target : null;
}

/**
 * Why writing `target` (relative paths count from `cwd`) is refused; null when it is allowed. Symbolic links are followed
 * before the comparison, through the nearest parent that exists. Whatever cannot be resolved is refused, and so is what an agent
 * may read in another way than the system does: a home in short, an address, spaces around a path.
 */
export function refuseWrite(rule: WriteBoundary, cwd: string, target: string | null): string | null {
  if (rule.boundary === null) return "this session is read-only";
  if (target === null) return "the call names no file";
  if (/^\s|\s$|^~|^file:|\0/.test(target)) return `${JSON.stringify(target)} is no plain path`;
  const root = resolveReal(rule.boundary);
  const real = resolveReal(path.resolve(cwd, target));
  if (root === null) return `the worktree ${rule.boundary} does not exist`;
  if (real === null) return `${target} leads through a broken symbolic link`;
  const inside = path.relative(root, real);
  if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside))
    return `${target} is outside the worktree ${root}`;
  const parts = inside.split(path.sep);
  if (parts.some((part) => part.toLowerCase() === ".git")) return `${target} is git's own data`;
  if (!picomatch.isMatch(parts.join("/"), [...rule.writes], { dot: true })) {
    return `${parts.join("/")} is outside what this session may write: ${rule.writes.join(", ") || "nothing"}`;
  }
  if (isShared(real)) return `${parts.join("/")} is one file with another one elsewhere (a hard link)`;
  return null;
}

/** Writing to one name of such a file changes it under all its names. */
function isShared(file: string): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.nlink > 1;
}

/** Real path of a file that need not exist; null for broken links and unreadable folders. */
function resolveReal(target: string): string | null {
  const missing: string[] = [];
  let at = target;
  while (!exists(at)) {
    const parent = path.dirname(at);
    if (parent === at) return null;
    missing.unshift(path.basename(at));
    at = parent;
  }
  try {
    return path.join(realpathSync(at), ...missing);
  } catch {
    return null;
  }
}

/** True also for a symbolic link that points nowhere: such a link must not pass as a missing file. */
function exists(target: string): boolean {
  try {
    lstatSync(target);
    return true;
  } catch (error) {
    return !(
      error instanceof Error &&
      "code" in error &&
      (error.code === "ENOENT" || error.code === "ENOTDIR")
    );
  }
}
