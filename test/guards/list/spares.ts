/** P1, P7: worktrees that are used again. */
import { guardsOf } from "../guard.ts";

const GIT = "src/adapters/git";
const SPARES = `${GIT}/spare-worktrees.test.ts`;

export const SPARE_GUARDS = [
  ...guardsOf(`${GIT}/spare-worktrees.ts`, SPARES, {
    "a worktree is used again with what only it had thrown away (U1)": [
      "if ((await keepContent(context, { workflow, ...place })) !== null) return false;",
      "",
      "with what it holds kept",
    ],
    "the next attempt finds what the one before had ignored (U1)": [
      'await git.run([...STRICT, "clean", "-ffdxq"]);',
      "",
      "finds exactly the files",
    ],
    "the next attempt finds pipes and files with two names (U1)": [
      "await removeOdd(place);",
      "",
      "finds exactly the files",
    ],
    "commits of the attempt before count as the next one's (U1)": [
      "await forgetEarlier(admin);",
      "",
      "an attempt before",
    ],
    "what somebody wrote into a spare worktree is taken over or lost (U2)": [
      "if (!(await isOrdinary(place)) || !(await isPristine(place))) return null;",
      "if (!(await isOrdinary(place))) return null;",
      "a spare worktree",
    ],
    "a worktree is used again that another .gitattributes would write differently (U1)": [
      "(await hasSameAttributes(place, head.commit, start)) ? head.commit : null",
      "head.commit",
      "other attributes",
    ],
  }),
  ...guardsOf(`${GIT}/spare-proof.ts`, SPARES, {
    "a worktree is used again that somebody locked, or in which something is under way": [
      "if (!names.every((name) => ORDINARY.test(name))) return false;",
      "",
      "is removed when",
    ],
    "a worktree is moved away from under who stands in it": [
      "if ((standingIn(path) ?? []).length > 0) return false;",
      "",
      "a process stands in it",
    ],
  }),
  ...guardsOf(`${GIT}/add-worktree.ts`, SPARES, {
    "a worktree that was moved half is made once more (V1)": [
      "await endMove(admin, path);",
      "",
      "made good when",
    ],
  }),
  ...guardsOf(`${GIT}/remove-worktree.ts`, SPARES, {
    "a worktree that was moved half stays for ever (V1)": [
      "if (admin !== null) await endMove(admin, real);",
      "",
      "a kill while",
    ],
  }),
];
