/** Finds the repository around a folder and refuses the kinds that cannot carry a workflow. */
import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import { createConfigTrust } from "./config-trust.ts";
import type { RepositoryContext } from "./context.ts";
import { createGit, type Environment, type Git, gitEnvironment } from "./git.ts";
import { listWorktrees } from "./worktree-list.ts";

export interface OpenOptions {
  /** Environment to start from; default that of this process. `GIT_*` is dropped except the choice of configuration files. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder for worktrees, relative to the main worktree; `{repo}` is its name, `~/` the home. Default `../{repo}-wt`. */
  readonly worktrees?: string;
  /** First part of our branch names, or a template such as `signalbox/{id}` whose folder before `{id}` counts; default `signalbox`. */
  readonly branchPrefix?: string;
}

const OLDEST_GIT = [2, 38] as const;

/**
 * Resolves the repository of `cwd`, a folder anywhere inside a checkout. Throws `SignalboxError`: `no-such-folder`,
 * `git-missing`, `git-too-old`, `not-a-repository`, `unsafe-repository`, `bare-repository`, `inside-submodule`,
 * `unborn-branch`, `branch-name-blocked`, `worktrees-inside-repository`.
 */
export async function discover(cwd: string, options: OpenOptions = {}): Promise<RepositoryContext> {
  const env = gitEnvironment(options.env ?? process.env);
  const git = createGit(await existingFolder(cwd), env);
  const prefix = prefixOf(options.branchPrefix ?? "signalbox");
  const { place, blocking } = await askGit(git, prefix);
  const root = await mainWorktree(git, place);
  if (blocking !== null) throw blockedNameError(blocking);
  const worktreesFolder = await worktreesFolderOf(root, options.worktrees ?? "../{repo}-wt", env);
  const { commonDir, checkout } = place;
  const trust = createConfigTrust(commonDir, env);
  return {
    root,
    commonDir,
    name: basename(root),
    checkout,
    prefix,
    worktreesFolder,
    trust,
    git: createGit(commonDir, env, (gitDir) => trust.environment(gitDir ?? commonDir)),
  };
}

/** True when a branch with exactly the name of the prefix (or of one of its parents) makes all branches below it impossible. */
export async function blockingBranch(git: Git, prefix: string): Promise<string | null> {
  const parts = prefix.split("/");
  for (const [index] of parts.entries()) {
    const name = parts.slice(0, index + 1).join("/");
    if (await git.test(["show-ref", "--verify", "--quiet", `refs/heads/${name}`])) return name;
  }
  return null;
}

/** The error for a branch that stands where a folder of branches is needed. */
export function blockedNameError(branch: string): SignalboxError {
  return new SignalboxError(
    "user",
    "branch-name-blocked",
    `The branch ${branch} makes every branch below ${branch}/ impossible`,
    [`To free the name, run: git branch -m ${branch} ${branch}-old`],
  );
}

function prefixOf(template: string): string {
  const [before = "", after] = template.split("{id}");
  return after === undefined ? template : before.split("/").slice(0, -1).join("/") || "signalbox";
}

async function existingFolder(cwd: string): Promise<string> {
  const found = await stat(cwd).catch(() => null);
  if (found?.isDirectory()) return resolve(cwd);
  throw new SignalboxError("user", "no-such-folder", `${cwd} is not a folder`);
}

async function requireVersion(git: Git): Promise<void> {
  const words = await git.text(["version"]);
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(words)?.slice(1) ?? []).map(Number);
  if (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1])) return;
  throw new SignalboxError(
    "environment",
    "git-too-old",
    `${words} is too old, git ${OLDEST_GIT.join(".")} or later is needed`,
    ["To see which git is found first, run: command -v git"],
  );
}

/** Every command pays for these questions, so they are asked side by side; the answer that explains most is heard first. */
async function askGit(
  git: Git,
  prefix: string,
): Promise<{ readonly place: Place; readonly blocking: string | null }> {
  const version = requireVersion(git);
  const located = locate(git);
  const blocked = blockingBranch(git, prefix);
  await Promise.allSettled([version, located, blocked]);
  await version;
  return { place: await located, blocking: await blocked };
}

interface Place {
  /** Git folder of the checkout; that of the repository itself in the main worktree. */
  readonly gitDir: string;
  readonly commonDir: string;
  readonly checkout: string;
}

const FOLDERS = ["--path-format=absolute", "--git-common-dir", "--git-dir", "--is-inside-work-tree"] as const;
const CHECKOUT = ["--show-toplevel", "--show-superproject-working-tree"] as const;

/** All in one question; where git cannot answer it as a whole, `explain` finds out why. */
async function locate(git: Git): Promise<Place> {
  const args = ["rev-parse", ...FOLDERS, "HEAD^{commit}", ...CHECKOUT];
  const result = await git.run(args, { accept: [128] });
  if (result.code !== 0) throw await explain(git);
  const [commonDir = "", gitDir = "", , , checkout = "", outer = ""] = result.stdout
    .toString("utf8")
    .split("\n");
  if (outer !== "") throw insideSubmodule(git.cwd, outer);
  return {
    gitDir: await realpath(gitDir),
    commonDir: await realpath(commonDir),
    checkout: await realpath(checkout),
  };
}

/** Why there is nothing to work with: no repository, a bare one, or one without a commit. */
async function explain(git: Git): Promise<SignalboxError> {
  const result = await git.run(["rev-parse", ...FOLDERS], { accept: [128] });
  if (result.code !== 0) return notReadable(git.cwd, result.stderr);
  const [, , inside] = result.stdout.toString("utf8").split("\n");
  if (inside !== "true")
    return new SignalboxError(
      "user",
      "bare-repository",
      `${git.cwd} has no working tree (a bare repository or its .git folder)`,
      ["Workflows need a checkout. To make one, run: git clone URL FOLDER"],
    );
  const [, outer = ""] = (await git.text(["rev-parse", ...CHECKOUT])).split("\n");
  if (outer !== "") return insideSubmodule(git.cwd, outer);
  return new SignalboxError(
    "user",
    "unborn-branch",
    `${git.cwd} has no commit yet, so there is nothing to start from`,
    ["To make the first one, run: git commit --allow-empty -m 'First commit'"],
  );
}

function notReadable(folder: string, words: string): SignalboxError {
  if (words.includes("dubious ownership"))
    return new SignalboxError(
      "environment",
      "unsafe-repository",
      `git does not trust ${folder}: it belongs to another user`,
      [`To trust it, run: git config --global --add safe.directory ${folder}`],
    );
  if (!words.includes("not a git repository"))
    return new SignalboxError("environment", "git-failed", `git cannot read ${folder}: ${words.trim()}`);
  return new SignalboxError("user", "not-a-repository", `${folder} is not inside a git repository`, [
    "To make one, run: git init && git add -A && git commit --allow-empty -m 'First commit'",
  ]);
}

function insideSubmodule(folder: string, outer: string): SignalboxError {
  return new SignalboxError("user", "inside-submodule", `${folder} is in a submodule of ${outer}`, [
    `To run on the outer repository, run: cd ${outer}`,
    "To run on the submodule itself, clone it on its own: git clone URL FOLDER",
  ]);
}

async function mainWorktree(git: Git, place: Place): Promise<string> {
  if (place.gitDir === place.commonDir) return place.checkout;
  const [main] = await listWorktrees({ git });
  if (main === undefined || main.bare)
    throw new SignalboxError(
      "user",
      "bare-repository",
      `${place.checkout} is a worktree of the bare repository ${place.commonDir}`,
      ["Workflows need a main worktree. To make one, run: git clone URL FOLDER"],
    );
  return realpath(main.path);
}

/** A folder inside the checkout would show up there as untracked files (P6). */
async function worktreesFolderOf(root: string, template: string, env: Environment): Promise<string> {
  const filled = template.replaceAll("{repo}", basename(root)).replace(/^~(?=\/)/, env.HOME ?? homedir());
  const folder = resolve(root, filled);
  const inside = relative(root, folder);
  if (inside.startsWith("..") || isAbsolute(inside)) return realFolder(folder);
  throw new SignalboxError(
    "config",
    "worktrees-inside-repository",
    `The worktrees folder ${folder} is inside the repository`,
    ["It must be outside, such as: layout: { worktrees: ../{repo}-wt }"],
  );
}

/** Resolves symlinks in the part of the path that exists already: git reports worktrees by their real path. */
async function realFolder(path: string): Promise<string> {
  const parent = join(path, "..");
  if (parent === path) return path;
  return realpath(path).catch(async () => join(await realFolder(parent), basename(path)));
}
