/** P6, P7: what our git runs and obeys, discarding, and what a session did elsewhere. */
import { guardsOf } from "../guard.ts";

const GIT = "src/adapters/git";
const TRUST = `${GIT}/config-trust.test.ts`;
const DISCARD = `${GIT}/discard.test.ts`;
const LOOKS = `${GIT}/surroundings.test.ts`;
const TRESPASS = "src/core/trespass";

export const PROGRAM_GUARDS = [
  ...guardsOf(`${GIT}/git.ts`, `${GIT}/worktree.test.ts`, {
    "hooks of the repository run on what we do": ['"core.hooksPath=/dev/null",', "", "runs no hook"],
  }),
  ...guardsOf(`${GIT}/git.ts`, `${GIT}/discover.test.ts`, {
    "the caller's GIT_DIR points our git at another repository": [
      '(name.startsWith("GIT_") && !KEPT.has(name))',
      "false",
      "GIT_DIR",
    ],
  }),
  ...guardsOf(`${GIT}/git.ts`, TRUST, {
    "a replacement is taken for the object that it replaces": [
      'GIT_NO_REPLACE_OBJECTS: "1",',
      "",
      "replacement",
    ],
  }),
  ...guardsOf(`${GIT}/config-trust.ts`, TRUST, {
    "our git runs a filter that a session has set (T1)": [
      "return replacing(deviations(stored.programs, await cache.programs(gitDir)));",
      "return {};",
      "is not run when its work is committed",
    ],
    "what a session has set is the user's from the next session on (T2)": [
      "const distrusted = stored.distrusted.filter(({ key, value }) => now[key] === value);",
      "const distrusted: readonly Distrusted[] = [];",
      "stays unobeyed",
    ],
    "what appears beside a session that runs is the user's": [
      "if (stored.open.length > 0) return { ...stored, open };",
      "",
      "only while no other session",
    ],
  }),
  ...guardsOf(`${GIT}/nested.ts`, `${GIT}/nested.test.ts`, {
    "programs run that the settings of a submodule name": [
      "const inner = await withoutPrograms(git.within(folder, OWN_FOLDER));\n  const status",
      "const inner = git.within(folder, OWN_FOLDER);\n  const status",
      "runs no program",
    ],
  }),
  ...guardsOf(`${GIT}/conflicts/quarantine.ts`, `${GIT}/conflicts/conflicts.test.ts`, {
    "predicted merges stay in the repository": [
      "GIT_OBJECT_DIRECTORY: objects,",
      "",
      "keeps anything of that",
    ],
  }),
  ...guardsOf(`${GIT}/discard.ts`, DISCARD, {
    "work is discarded with a token of older content": [
      "if ((await discardToken(context, workflow, place)) !== token)",
      'if (token === "")',
    ],
    "a token holds whatever is in the worktree": ['tip ?? "", ...content];', 'tip ?? ""];'],
    "a token holds wherever the branch has moved": [
      'branch ?? "", tip ?? "",',
      'branch ?? "",',
      "the branch moves alone",
    ],
    "a token holds whatever happened in a repository inside": [
      "...inner.map((name) => join(real, name)),",
      "",
      "a repository inside gets a commit",
    ],
    "a branch is discarded while somebody else has it checked out": [
      "if (elsewhere !== null && elsewhere !== path)",
      'if (elsewhere === "")',
      "leaves a branch that somebody else",
    ],
  }),
  ...guardsOf(`${GIT}/photograph.ts`, LOOKS, {
    "a changed file of the checkout is not seen": [
      "    ...checkout,\n",
      "    ...checkout,\n    files: {},\n",
    ],
    "a changed branch or stash is not seen": [
      'return ref === "" || ours ? [] : [[ref, id] as const];',
      "return [];",
    ],
    "a changed setting is not seen": ["settings: joined(settings),", "settings: {},"],
    "a changed hook is not seen": ["    gitFiles,\n  };", "    gitFiles: {},\n  };"],
  }),
  ...guardsOf(`${GIT}/surroundings.ts`, LOOKS, {
    "a setting is put back that somebody has changed since": ["if (current !== now) return null;", ""],
    "a hook is moved away that somebody has changed since": [
      "if (current !== now && !(current === null && movedAside)) return null;",
      "",
      "changed since the session ended",
    ],
    "a second beginning forgets how it looked before": [
      "if ((await before(workflow, session)) !== null) return;",
      "",
    ],
  }),
  ...guardsOf(`${TRESPASS}/trespasses.ts`, `${TRESPASS}/trespasses.test.ts`, {
    "the user's own change is held against a session": [
      ".filter((path) => namesPath(deeds, `${after.root}/${path}`))",
      "",
      'none of "npm test"',
    ],
    "git that a session ran in the checkout is no finding": [
      "...checkoutTrespass(before, after, deeds),",
      "",
    ],
    "a branch that a session moved is no finding": ["...refTrespasses(before, after, deeds),", ""],
  }),
  ...guardsOf(`${TRESPASS}/settings.ts`, `${TRESPASS}/trespasses.test.ts`, {
    "a setting that starts a program is told only where a session names it": [
      "if (!named && !runsPrograms(key)) return [];",
      "if (!named) return [];",
    ],
    "the value of a setting that may be a password is told": [
      'return runsPrograms(key) && !key.startsWith("credential.");',
      "return true;",
    ],
  }),
];
