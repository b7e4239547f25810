/** P1, P2: what only a person may do, what people are told, and what is tidied away. */
import { guardsOf } from "../guard.ts";

const TYPING = "test/cli/agent-typing.test.ts";
const DOCTOR = "test/cli/doctor.test.ts";
const CLEAN = "test/cli/clean.test.ts";
const REVIEW = "test/cli/review.test.ts";
const NOTICES = "src/adapters/notify/notifier.test.ts";

export const PEOPLE_GUARDS = [
  ...guardsOf("src/cli/agent-typing.ts", TYPING, {
    "an agent that a person runs answers for the person": [
      "if (ANSWERS.has(command.type))",
      "if (command.by === null)",
    ],
    "an agent is unknown that hides its mark from the command": [
      "isSet(io.env[name]) || isSet(parentEnv(name))",
      "isSet(io.env[name])",
    ],
  }),
  ...guardsOf("src/cli/inside-session.ts", TYPING, {
    "a session answers for a person": [
      "if (io.env[SESSION_MARK] === undefined && !isBelowSession",
      "if (true || !isBelowSession",
    ],
  }),
  ...guardsOf("src/cli/inside-session.ts", "test/cli/inside-session.test.ts", {
    "a session is unknown that took its mark away": [
      "if (inherited.size === 0) return false;",
      "return false;",
    ],
  }),
  ...guardsOf("src/cli/review/accept-several.ts", REVIEW, {
    "several are accepted, and one of them needs a look of its own": [
      "if (entry.because !== null)",
      "if (entry === null)",
      "on one screen",
    ],
    "another commit is accepted than the one that was shown": [
      "if (shown !== undefined && (shown.length",
      "if (shown === null && (shown.length",
      "on one screen",
    ],
    "a session accepts several": [
      "  refuseInsideSession(context, project);\n",
      "",
      "from nobody but a person",
    ],
  }),
  ...guardsOf("src/cli/review/checked-comments.ts", REVIEW, {
    "a remark is recorded on a line that is not there": [
      "if (problem !== null)",
      "if (problem === undefined)",
      "no place of the work",
    ],
  }),
  ...guardsOf("src/adapters/notify/notifier.ts", NOTICES, {
    "the log tells the address of a webhook": [
      "tell(`webhook at ${safeName(address)}`",
      "tell(`webhook at ${address}`",
    ],
  }),
  ...guardsOf("src/adapters/notify/webhook.ts", NOTICES, {
    "a webhook is followed to another address": ['redirect: "manual",', 'redirect: "follow",'],
  }),
  ...guardsOf("src/cli/doctor/worktrees.ts", DOCTOR, {
    "doctor takes worktrees whose workflow is known": [
      "({ workflow }) => !known.has(workflow))",
      "() => true)",
    ],
  }),
  ...guardsOf("src/adapters/fs/left-files.ts", DOCTOR, {
    "doctor takes files that are not ours": [
      "names.filter((it) => OURS.some((pattern) => pattern.test(it)))",
      "names",
    ],
    "doctor takes files that are being written": [
      "stats?.isFile() === true && now - stats.mtimeMs > OLD_MS",
      "stats?.isFile() === true",
    ],
  }),
  ...guardsOf("src/adapters/fs/left-files.ts", "src/adapters/fs/left-files.test.ts", {
    "a half-written file goes while its writer lives": [
      "processIdentity(Number(pid)) === null",
      "pid !== null",
    ],
  }),
  ...guardsOf("src/adapters/fs/temporary.ts", "src/adapters/fs/temporary.test.ts", {
    "temporary files of another machine go": [
      "if (machine !== MACHINE || processIdentity",
      "if (processIdentity",
    ],
  }),
  ...guardsOf("src/cli/clean/carry-out.ts", CLEAN, {
    "clean takes what is needed again by then": [
      "await requireUnneeded(project, removal);",
      "",
      "looks again before each removal",
    ],
  }),
  ...guardsOf("src/cli/clean/need.ts", CLEAN, {
    "clean takes what the workflow goes on with": ["if (needed !== undefined)", "if (needed === null)"],
  }),
];
