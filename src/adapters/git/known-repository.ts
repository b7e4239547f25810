/**
 * Finds a repository without starting git, for commands that only read journals: git takes as long to start as the rest of such
 * a command. It answers only where the answer is certain; whoever gets none asks git, which also explains what is wrong.
 */
import { existsSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Common git dir around a folder, absolute and with symlinks resolved, of a repository that has journals of ours already. Null
 * for everything else: no repository, one without a workflow, a bare one, a submodule, one of another user or file system.
 */
export function knownCommonDir(cwd: string): string | null {
  try {
    const start = realpathSync(cwd);
    const { dev } = statSync(start);
    for (let folder = start; ; folder = dirname(folder)) {
      const found = statSync(join(folder, ".git"), { throwIfNoEntry: false });
      if (found !== undefined) return trusted(found, dev) ? commonDirOf(folder, found) : null;
      if (folder === dirname(folder) || looksBare(folder)) return null;
    }
  } catch {
    return null; // whatever it is, git says it better
  }
}

/** Git itself stops at the border of a file system, and refuses a repository of somebody else. */
function trusted(found: Stats, dev: number): boolean {
  return found.dev === dev && found.uid === process.getuid?.();
}

function commonDirOf(folder: string, found: Stats): string | null {
  const path = join(folder, ".git");
  const commonDir = found.isDirectory() ? path : linkedTo(folder, path);
  if (commonDir === null || !existsSync(join(commonDir, "signalbox")) || !looksBare(commonDir)) return null;
  return realpathSync(commonDir);
}

/** The `.git` file of a linked worktree names its folder of administration, which names the common one; a submodule's has none. */
function linkedTo(folder: string, path: string): string | null {
  const [, gitDir] = /^gitdir: (.+?)\r?\n?$/.exec(readFileSync(path, "utf8")) ?? [];
  if (gitDir === undefined) return null;
  const admin = resolve(folder, gitDir);
  const common = join(admin, "commondir");
  return existsSync(common) ? resolve(admin, readFileSync(common, "utf8").trimEnd()) : null;
}

/** What git takes for a git dir; met above the working folder, the caller stands inside of one. */
function looksBare(folder: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => existsSync(join(folder, name)));
}
