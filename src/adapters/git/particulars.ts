/**
 * What is particular about a repository and makes worktrees of it differ from the checkout: told, or refused, before anything starts.
 * Reads the base commit, settings and the folder of hooks, and changes nothing.
 */
import { access, constants, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { discover, type OpenOptions } from "./discover.ts";
import type { Git } from "./git.ts";
import { submodulesOf } from "./nested.ts";
import { splitPaths } from "./snapshot.ts";

/** `refuse`: work would be damaged or cannot begin. `warn`: agents see something else than you. `note`: good to know. */
export interface Particular {
  readonly kind: "submodules" | "sparse" | "hooks" | "lfs" | "names";
  readonly level: "refuse" | "warn" | "note";
  readonly text: string;
  /** Sentence with a command, or what to do. */
  readonly hint: string;
}

/** Of the repository around `cwd`, for work that starts from `base`. */
export async function particularsOf(
  cwd: string,
  options: OpenOptions,
  base: CommitId,
): Promise<readonly Particular[]> {
  const { git, root, commonDir } = await discover(cwd, options);
  const inRoot = git.within(root);
  const found = await Promise.all([
    namesOf(inRoot, base),
    submodulesIn(inRoot, base),
    lfsOf(inRoot, base),
    sparseOf(inRoot),
    hooksOf(inRoot, root, commonDir),
  ]);
  return found.filter((one) => one !== null);
}

/** On a file system that takes `A` and `a` for one name, a checkout would hold one of two files, and a commit would delete the other. */
async function namesOf(git: Git, base: CommitId): Promise<Particular | null> {
  if ((await setting(git, "core.ignorecase")) !== "true") return null;
  const { stdout } = await git.run(["ls-tree", "-r", "-t", "-z", "--name-only", "--full-tree", base]);
  const seen = new Map<string, string>();
  for (const path of stdout.toString("utf8").split("\0")) {
    const key = path.normalize("NFC").toLowerCase();
    const other = seen.get(key);
    if (path !== "" && other !== undefined)
      return {
        kind: "names",
        level: "refuse",
        text: `${other} and ${path} are one name on this file system, so a worktree cannot hold both`,
        hint: `Give one another name: git mv ${path} ${path}-2; or work where names differ by case`,
      };
    seen.set(key, path);
  }
  return null;
}

async function submodulesIn(git: Git, base: CommitId): Promise<Particular | null> {
  const paths = await submodulesOf(git, base);
  if (paths.length === 0) return null;
  return {
    kind: "submodules",
    level: "warn",
    text: `submodules are empty in worktrees: ${listed(paths)}`,
    hint: "To have them filled, in signalbox.yaml: provision: { run: ['git submodule update --init'] }",
  };
}

/** Pointers without git-lfs are text that agents would take for the content; with a required filter that is missing no checkout succeeds. */
async function lfsOf(git: Git, base: CommitId): Promise<Particular | null> {
  const args = ["grep", "-l", "-z", "-E", "filter=lfs( |$)", base, "--", ":(glob)**/.gitattributes"];
  const found = await git.run(args, { accept: [1], env: { GIT_LITERAL_PATHSPECS: "0" } });
  if (splitPaths(found.stdout).length === 0) return null;
  const [smudge, process, required, version] = await Promise.all([
    setting(git, "filter.lfs.smudge"),
    setting(git, "filter.lfs.process"),
    setting(git, "filter.lfs.required"),
    git.run(["lfs", "version"], { accept: [1, 128] }),
  ]);
  const isSetUp = smudge !== null || process !== null;
  if (isSetUp && version.code === 0) return null;
  if (isSetUp && required === "true")
    return {
      kind: "lfs",
      level: "refuse",
      text: "files of the base are kept with git-lfs, which is set up as required and cannot be started",
      hint: "Install git-lfs; or work on its pointers: git lfs uninstall, or git config --unset filter.lfs.required",
    };
  return {
    kind: "lfs",
    level: "warn",
    text: "files of the base are kept with git-lfs, which is not set up here: worktrees hold its pointers instead of the files",
    hint: "Set it up: git lfs install && git lfs pull",
  };
}

/** Git gives a new worktree the list of the checkout it is made from; commits keep what is left out. */
async function sparseOf(git: Git): Promise<Particular | null> {
  if ((await setting(git, "core.sparseCheckout")) !== "true") return null;
  return {
    kind: "sparse",
    level: "note",
    text: "the checkout is sparse: agents and checks see the same part of the repository, and commits keep the rest",
    hint: "To give them everything: git sparse-checkout disable",
  };
}

/** Hooks that git would run for what Signalbox does. */
const OURS_WOULD_RUN =
  /^(pre-commit|prepare-commit-msg|commit-msg|post-commit|pre-merge-commit|post-merge|post-checkout|reference-transaction|pre-push)$/;

async function hooksOf(git: Git, root: string, commonDir: string): Promise<Particular | null> {
  // The hooks of the user's choice, not ours: git is told to have none.
  const result = await git.run(["config", "--type=path", "--get-all", "core.hooksPath"], { accept: [1] });
  const [path] = result.stdout.toString("utf8").split("\n");
  const folder =
    path === undefined || path === "" || path === "/dev/null"
      ? join(commonDir, "hooks")
      : resolve(root, path);
  const names = (await readdir(folder).catch(() => [])).filter((name) => OURS_WOULD_RUN.test(name));
  const active: string[] = [];
  for (const name of names) if (await isExecutable(join(folder, name))) active.push(name);
  if (active.length === 0) return null;
  return {
    kind: "hooks",
    level: "note",
    text: `hooks do not run on what signalbox commits and merges: ${listed(active)}`,
    hint: "What they check belongs into checks: --check 'COMMAND'",
  };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function setting(git: Git, key: string): Promise<string | null> {
  const result = await git.run(["config", "--get", key], { accept: [1] });
  return result.code === 0 ? result.stdout.toString("utf8").trim() : null;
}

const SHOWN = 3;

function listed(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${names.slice(0, SHOWN).join(", ")}${more}`;
}
