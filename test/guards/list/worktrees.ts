/** P1, P6: worktrees, branches and what they hold. */
import { guardsOf } from "../guard.ts";

const GIT = "src/adapters/git";
const WORKTREES = `${GIT}/worktree.test.ts`;
const COMMITS = `${GIT}/build-commit.test.ts`;

export const WORKTREE_GUARDS = [
  ...guardsOf(`${GIT}/remove-worktree.ts`, WORKTREES, {
    "a worktree goes with what is not committed in it": [
      "if (tree === held) break;",
      "break;",
      "commits uncommitted and untracked content",
    ],
    "commits that only the HEAD of a worktree has go with it": [
      "if (ref !== null) return ref;\n  if (head === null || ",
      'if (ref !== null) return ref;\n  if (head !== "" || ',
      "only a detached HEAD reaches",
    ],
    "commits of a worktree whose folder is gone go with it": [
      "await keepContent(context, subject) : await keepHead(context, subject)",
      "await keepContent(context, subject) : null",
      "whose folder is gone",
    ],
    "ignored work in the workflow's own folder goes with the worktree": [
      "return unchanged && artifacts.length === 0 && reachable;",
      "return unchanged && reachable;",
      "workflow's own folder",
    ],
    "a repository inside a worktree goes with it": [
      "await refuseNested(context, subject, snapshot);",
      "",
      "refuses while a repository of its own is inside",
    ],
    "a folder that git does not know is removed": [
      "if (!there) return { preserved: null };",
      "await rm(path, { recursive: true, force: true });\n    return { preserved: null };",
      "removes nothing outside",
    ],
  }),
  ...guardsOf(`${GIT}/worktree-places.ts`, WORKTREES, {
    "worktrees outside our folder are removed": [
      'if (inside !== "" && !inside.startsWith("..") && !isAbsolute(inside)) return real;',
      "return real;",
      "removes nothing outside",
    ],
  }),
  ...guardsOf(`${GIT}/refs.ts`, WORKTREES, {
    "a preserve ref is not read back": [
      "if ((await readBack(git, ref)) === commit) return ref;",
      "return ref;",
      "when it is read back",
    ],
  }),
  ...guardsOf(`${GIT}/refs.ts`, WORKTREES, {
    "a stash counts as a place that holds for good": [
      'const HOLDING = ["refs/heads", "refs/tags", "refs/remotes", "refs/signalbox"];',
      "const HOLDING: readonly string[] = [];",
      "otherwise only the stash",
    ],
  }),
  ...guardsOf(`${GIT}/refs.ts`, COMMITS, {
    "a branch moves from wherever it stands": ["ref, commit, expected ?? zero];", "ref, commit];"],
    "a branch moves under the feet of who has it checked out": [
      "if ((await checkoutOf(context, branch)) !== null) throw checkedOut(branch);",
      "",
    ],
    "a branch goes with commits that nothing else reaches": [
      "await isReachable(context.git, found, ref))",
      "await isReachable(context.git, found))",
    ],
    "a branch of the user's is deleted": [
      "if (branch.startsWith(`${prefix}/`)) return prefix;",
      "return prefix;",
    ],
  }),
  ...guardsOf(`${GIT}/build-commit.ts`, COMMITS, {
    "a file is committed to a path outside the tree or into .git": [
      "for (const file of files) requireInnerPath(file.path);",
      "",
    ],
  }),
  ...guardsOf(`${GIT}/preserved.ts`, `${GIT}/preserved.test.ts`, {
    "what is restored moves a branch that is there": ['[...args, "0".repeat(commit.length)]', "args"],
  }),
  ...guardsOf(`${GIT}/add-worktree.ts`, WORKTREES, {
    "a branch that stands elsewhere is taken for ours (A3)": [
      "if (!result.ok) throw branchExists(branch, result.found, base);",
      "",
      "addWorktree",
    ],
    "a folder in the way is found only after the branch was made (A3)": [
      "await requireFreePath(path);\n      await createBranch",
      "await createBranch",
      "addWorktree",
    ],
    "each who wants a worktree checks it out once more": [
      "if (record === null || record.ready) return;",
      "if (record === null) return;",
      "checked out once for all",
    ],
  }),
  ...guardsOf(`${GIT}/detached-worktrees.ts`, WORKTREES, {
    "what a person left in the integration worktree is overwritten": [
      "if (head !== record.tip || dirty.some((file) => !isRendered(file)))",
      "if (head !== record.tip)",
      "shows each commit in the integration worktree",
    ],
    "what was committed in a review worktree is forgotten": [
      "if (head !== record.tip || dirty",
      "if (dirty",
      "brings a review worktree back",
    ],
  }),
  ...guardsOf(`${GIT}/commit-worktree.ts`, WORKTREES, {
    "commits that an agent rewrote are lost (C2)": [
      "await keepLeftBehind(worktree, heads, tip, choice.parent);",
      "",
      "keeps what an agent rewrote",
    ],
    "the same commit is made once more after a kill (C3)": [
      "if (earlier !== null) {",
      "if (earlier === undefined) {",
      "same effect",
    ],
  }),
  ...guardsOf(`${GIT}/snapshot.ts`, WORKTREES, {
    "files that provisioning brought are committed": [
      "const wanted = new Set([...untracked, ...staged].filter((path) => !isBelow(path, brought)));",
      "const wanted = new Set([...untracked, ...staged]);",
      "provisioning brought in",
    ],
  }),
  ...guardsOf(`${GIT}/stale-lock.ts`, `${GIT}/stale-lock.test.ts`, {
    "the lock of a git that lives is removed": [
      "if (waitedMs >= PATIENCE_MS && !isOpen(await realpath(path).catch(() => path))) {",
      "if (waitedMs >= PATIENCE_MS) {",
    ],
  }),
  ...guardsOf(`${GIT}/lock.ts`, `${GIT}/concurrency.test.ts`, {
    "a lock is broken while its owner lives": [
      "return holder.host === hostname() && !isAlive(holder);",
      "return holder.host === hostname();",
      "the repository lock",
    ],
    "a lock of another machine is broken": [
      "return holder.host === hostname() && !isAlive(holder);",
      "return !isAlive(holder);",
      "the repository lock",
    ],
  }),
];
