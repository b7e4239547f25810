/** Files inside our worktrees: written atomically, never through a path or a link that leaves the root. */
import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { ArtifactStandIn } from "../../core/workflow/outcome.ts";
import type { WorktreeFiles } from "../../ports/worktree-files.ts";
import { removeAbandoned } from "./left-files.ts";
import { replaceFile } from "./replace-file.ts";

/** `folder` gives the machine-local folder of a workflow. */
export function createWorktreeFiles(folder: (workflow: string) => string): WorktreeFiles {
  return {
    write: async (root, files) => {
      const real = await realpath(root);
      for (const file of files) await writeInside(real, file.path, file.content);
    },
    size: async (root, path) => {
      try {
        return await sizeInside(await realpath(root), path);
      } catch {
        return null; // a missing file, folder or root has no size
      }
    },
    standIn: async (root, path) => {
      try {
        return await standInInside(await realpath(root), path);
      } catch {
        return null;
      }
    },
    emptyFolder: async (workflow, session) => {
      const path = join(folder(workflow), "empty", session.replaceAll(/[^\w.-]/g, "_"));
      await mkdir(path, { recursive: true });
      return path;
    },
  };
}

async function writeInside(root: string, path: string, content: string): Promise<void> {
  const target = resolve(root, path);
  if (!isInside(root, target)) throw leaves(root, path);
  // Looked at before any folder is made: mkdir would follow a link to the outside.
  if (!isInside(root, await realpath(await nearestExisting(dirname(target))))) throw leaves(root, path);
  await mkdir(dirname(target), { recursive: true });
  // What a coordinator left that was killed while it wrote here would get into the commit.
  await removeAbandoned(dirname(target), "here");
  await replaceFile(target, content);
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await lstat(folder);
    return folder;
  } catch {
    return nearestExisting(dirname(folder));
  }
}

/** Null behind any link as well: git commits the link, not what it points to. */
async function sizeInside(root: string, path: string): Promise<number | null> {
  const target = resolve(root, path);
  const stat = await lstat(target);
  return stat.isFile() && (await realpath(target)) === target && isInside(root, target) ? stat.size : null;
}

async function standInInside(root: string, path: string): Promise<ArtifactStandIn | null> {
  const target = resolve(root, path);
  const stat = await lstat(target);
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isDirectory()) return "folder";
  if (!stat.isFile()) return "special";
  return (await realpath(target)) === target ? null : "behind-symlink";
}

function isInside(root: string, target: string): boolean {
  return target === root || target.startsWith(root + sep);
}

function leaves(root: string, path: string): SignalboxError {
  return new SignalboxError("user", "path-escape", `${path} leaves the worktree ${root}`);
}
