/** P2, P6: what lands, where, and what a person has to see first. */
import { guardsOf } from "../guard.ts";

const ENGINE = "test/engine/landing.test.ts";
const WHOLE = "test/engine/land-workflow.test.ts";
const SITE = "src/adapters/git/landing.test.ts";
const QUEUE = "src/adapters/git/landing-queue.test.ts";
const MOVES = "test/engine/landing-moves.test.ts";
const ASKED = "test/cli/landing.test.ts";
const PROTECTED = "src/adapters/git/protected-change.test.ts";
const INTEGRITY = "src/core/quality/integrity.test.ts";

export const LANDING_GUARDS = [
  ...guardsOf("src/engine/landing.ts", ENGINE, {
    "work lands on an approval of another commit (LD1)": [
      "approval?.commit !== commit",
      "approval === undefined",
      "gone on since",
    ],
    "work lands without an approval (LD1)": ["approval?.commit !== commit", "false", "without any approval"],
    "work lands that fails its checks on the target's tip": [
      "if (red.length > 0)",
      "if (red.length > 1_000)",
      "fails its checks",
    ],
  }),
  ...guardsOf("src/engine/landing-place.ts", ENGINE, {
    "work lands over uncommitted changes of the target's checkout": [
      "if (changed.length > 0) throw",
      "if (changed.length > 1_000) throw",
      "changes that are not committed",
    ],
    "work lands twice when the record was lost (LD2)": [
      "if (before !== null) return {",
      'if (before === "") return {',
    ],
  }),
  ...guardsOf("src/engine/landing-place.ts", ASKED, {
    "work lands on a branch of another history": [
      "mergeBase(onto, what.base)) === null)",
      'mergeBase(onto, what.base)) === "")',
      "another history",
    ],
    "files move in a worktree in which somebody else may work": [
      "if (!own) throw",
      "if (own === undefined) throw",
      "another history",
    ],
    "a branch moves on which a rebase is under way": [
      "if (operation !== null) throw",
      'if (operation === "") throw',
      "another history",
    ],
  }),
  ...guardsOf("src/engine/landing-place.ts", MOVES, {
    "a push that another one has overtaken is taken for one that is refused": [
      "return now === onto || now === null ? pushed",
      "return pushed.ok === false ? pushed",
      "whatever words",
    ],
  }),
  ...guardsOf("src/engine/landing.ts", ASKED, {
    "work lands without what was added to it after the approval": [
      "|| !(await repository.isAncestor(commit, tip))) return;",
      '|| tip !== "") return;',
      "gone on since",
    ],
  }),
  ...guardsOf("src/adapters/git/landing-queue.ts", QUEUE, {
    "two land on one target at the same time (LQ1)": [
      "if (living.length === 0) return",
      "if (living.length >= 0) return",
      "one turn at a time",
    ],
    "the place of a living process is given up for it (LQ2)": [
      "living: places.filter(({ content }) => !isDead(content)),",
      "living: [],",
      "nobody else to leave",
    ],
  }),
  ...guardsOf("src/engine/land-workflow.ts", WHOLE, {
    "documents land that were to stay behind": [
      "if (drops) throw refused.forwardKeeps(request);",
      "",
      "only move forward",
    ],
    "a workflow lands before it is complete (LW1)": ['state.status !== "COMPLETE" || ', ""],
    "a result lands that is not where the workflow left it (LW1)": [
      "if (tip !== state.head)",
      "if (tip === null)",
    ],
    "a target that has gone on is taken for one that refuses": [
      "if (await repository.isAncestor(onto, result)) return result;",
      "return result;",
    ],
  }),
  ...guardsOf("src/adapters/git/local-target.ts", SITE, {
    "an ignored file of the user is overwritten by what lands": [
      '"--no-overwrite-ignore", ',
      "",
      "ignored file",
    ],
    "a checkout stays half moved where git stops while it writes": [
      "place !== null && half",
      "place === undefined && half",
      "between the first of them and the branch",
    ],
    "a target that moved meanwhile is taken for one that refuses": [
      "if (target?.tip !== expected)",
      "if (target === null)",
    ],
  }),
  ...guardsOf("src/adapters/git/remote.ts", SITE, {
    "a push overwrites what others have pushed": [
      "`${commit}:refs/heads/${branch}`]",
      "`+${commit}:refs/heads/${branch}`]",
    ],
    "a fetch moves the user's remote-tracking branch": ['"--refmap=", remote]', "remote]", "own idea of it"],
  }),
  ...guardsOf("src/adapters/git/protected-change.ts", PROTECTED, {
    "a deleted test needs nobody": [
      "goneTest(change) ?? skippedTest(change) ?? fewerTests(change) ??",
      "skippedTest(change) ??",
      "deleted",
    ],
    "a skipped test needs nobody": ["goneTest(change) ?? skippedTest(change) ??", "goneTest(change) ??"],
    "a changed script of package.json needs nobody": ["?? changedManifest(change);", "?? null;"],
  }),
  ...guardsOf("src/core/quality/protection.ts", INTEGRITY, {
    "a changed file that the settings protect needs nobody": [
      "if (glob === undefined) return null;",
      "if (glob !== null) return null;",
    ],
    "a changed submodule needs nobody": ['if (file.change === "submodule") return', 'if (at === "") return'],
  }),
  ...guardsOf("src/core/quality/integrity.ts", INTEGRITY, {
    "a session may commit the workflow's state": [
      "if (isDocumentOfOurs(plan, path)) {",
      'if (path === "") {',
      "any file of the repository",
    ],
    "a session that takes what is another slot's is not told whose it is": [
      "if (owner !== undefined) return",
      'if (owner === "") return',
    ],
    "a session may commit outside its write boundary": [
      "if (matchAnyGlob(writesOf(deliverable), path)) return [];",
      "return [];",
    ],
  }),
];
