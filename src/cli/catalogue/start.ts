import type { Verb, VerbOption } from "../verb.ts";
import { HIDDEN_WORKFLOW, JSON_OPTION, WORKFLOW_ARGUMENT, WORKFLOW_OPTION } from "./common.ts";

/** What changes how a definition runs; the same for `run` and `plan`. */
export const RUNNING: readonly VerbOption[] = [
  {
    flags: "--use <adapter>",
    about: "agent adapter: claude, claude-cli, acp:<name>, command:<name>, simulated",
  },
  { flags: "--model <name>", about: "model of the agents" },
  { flags: "--effort <level>", about: "how hard the model thinks" },
  { flags: "--sandbox <kind>", about: "bubblewrap: the system keeps agents in their worktree; none" },
  { flags: "--set <name=value>", about: "input parameter of the definition", repeatable: true },
  { flags: "--judge", about: "critics and a judged score also at C1" },
  { flags: "--parallel <n>", about: "agent processes at one time" },
  { flags: "--usd <amount>", about: "money limit of the workflow" },
  { flags: "--sessions <n>", about: "most sessions that may be started" },
  { flags: "--timeout <duration>", about: "wall time of one session, such as 45m" },
  { flags: "--idle <duration>", about: "silence of one session" },
  { flags: "--turns <n>", about: "turns of one session" },
  { flags: "--retries <n>", about: "retries of a failed session" },
  { flags: "--judge-use <adapter>", about: "adapter of the judge" },
  { flags: "--judge-model <name>", about: "model of the judge" },
  { flags: "--judge-samples <n>", about: "samples of a judge's panel" },
  { flags: "--critic-use <adapter>", about: "adapter of the critics" },
  { flags: "--critic-model <name>", about: "model of the critics" },
  { flags: "--id <id>", about: "fix the workflow id" },
  { flags: "--base <revision>", about: "start from this commit or branch instead of HEAD" },
  { flags: "--target <branch>", about: "branch that the result goes to" },
  {
    flags: "--check <command>",
    about: "check that every result must pass, instead of those that are configured",
    repeatable: true,
  },
];

const INCLUDE_DIRTY: VerbOption = {
  flags: "--include-dirty",
  about: "start from a snapshot of uncommitted files too",
};

/** How `run` and `dispatch` start and follow. */
const FOLLOWING: readonly VerbOption[] = [
  { flags: "--fetch", about: "fetch what the base follows first, so that it is known how far behind it is" },
  {
    flags: "-y, --yes",
    about:
      "start at once; approve plan, user checkpoints and the finish in my name (never an escalation or a failure)",
  },
  { flags: "--wait", about: "without a terminal: keep waiting when a person is needed" },
  { flags: "-d, --detach", about: "start, print the id, and leave it running" },
  {
    flags: "--foreground",
    about: "no background process: the work stops with this command (CI, containers)",
  },
  { flags: "--json", about: "print one JSON line per event" },
];

const DEFINITION = { spec: "<definition>", about: "path of a definition file", completes: "file" } as const;

export const START: readonly Verb[] = [
  {
    name: "run",
    group: "start",
    about: "Start a workflow from a definition and watch it",
    arguments: [DEFINITION],
    options: [...RUNNING, INCLUDE_DIRTY, ...FOLLOWING],
    examples: [
      ["signalbox run workflows/fixes.yaml", "plan, confirm, start, watch"],
      ["signalbox run workflows/fixes.yaml --use simulated", "rehearse at no cost"],
      ["signalbox run workflows/fixes.yaml --yes --foreground", "in CI"],
    ],
    load: async () => (await import("../verbs/heavy.ts")).run,
  },
  {
    name: "dispatch",
    group: "start",
    about: "Start one agent per task, without a definition",
    arguments: [{ spec: "[tasks...]", about: "what each agent is told; without any, what is piped in" }],
    options: [
      {
        flags: "--file <path>",
        about: "one task per paragraph or list item of this file; - reads standard input",
      },
      { flags: "--issue <numbers...>", about: "issues of this repository as tasks, read with gh" },
      { flags: "--name <name>", about: "name of the workflow" },
      { flags: "--budget <usd>", about: "money limit of all agents together; the same as --usd" },
      { flags: "--many", about: "more than 50 tasks are meant" },
      ...RUNNING.filter((option) => !option.flags.startsWith("--set")).map((option) =>
        option.flags.startsWith("--usd") ? { ...option, hidden: true } : option,
      ),
      INCLUDE_DIRTY,
      ...FOLLOWING,
    ],
    examples: [
      [
        "signalbox dispatch 'Fix #41: empty password' 'Fix #57: CSV export' --check 'npm test'",
        "two agents, each on a branch of its own",
      ],
      ["signalbox dispatch --file tasks.md --budget 5", "one agent per paragraph or list item"],
      ["signalbox dispatch --issue 41 57", "what the issues say, as quoted data"],
    ],
    load: async () => (await import("../verbs/heavy.ts")).dispatch,
  },
  {
    name: "adopt",
    group: "start",
    about: "Take a worktree or branch of yours, with what is not committed, as the work of a slot",
    arguments: [
      { spec: "<work>", about: "folder of a worktree, or a branch; it is left alone" },
      { spec: "[task...]", about: "without --slot: the task that it does; becomes a dispatch of its own" },
    ],
    options: [
      { flags: "--slot <slot>", about: "slot whose next attempt it is" },
      WORKFLOW_OPTION,
      { flags: "--name <name>", about: "name of the workflow" },
      ...RUNNING.filter((option) => !option.flags.startsWith("--set")),
      ...FOLLOWING,
    ],
    examples: [
      ["signalbox adopt ../shop-login --slot login", "checks, gate and merge like an agent's work"],
      ["signalbox adopt my-branch 'Fix #41: empty password' --check 'npm test'", "a dispatch of it"],
    ],
    load: async () => (await import("../verbs/heavy.ts")).adopt,
  },
  {
    name: "plan",
    group: "start",
    about: "Show what a definition would do: stages, gates, paths, cost",
    arguments: [DEFINITION],
    options: [
      ...RUNNING,
      JSON_OPTION,
      { flags: "--mermaid", about: "print a Mermaid diagram" },
      { flags: "--prompts", about: "print the prompt of every agent" },
    ],
    examples: [["signalbox plan workflows/fixes.yaml --prompts", "read what the agents will be told"]],
    load: async () => (await import("../verbs/heavy.ts")).plan,
  },
  {
    name: "validate",
    group: "start",
    about: "Check a definition; every error with file, line and column",
    arguments: [DEFINITION],
    options: [
      { flags: "--set <name=value>", about: "input parameter of the definition", repeatable: true },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/heavy.ts")).validate,
  },
  {
    name: "demo",
    group: "start",
    about: "Run a whole workflow in a scratch repository, without a login",
    options: [
      {
        flags: "--use <adapter>",
        about: "claude (the real agent against a scripted model; default) or simulated",
        choices: ["claude", "simulated"],
      },
      {
        flags: "--story <name>",
        about: "workflow (pipelines and barriers; default) or merging (agents that change the same lines)",
        choices: ["workflow", "merging"],
      },
      { flags: "-y, --yes", about: "approve in my name instead of asking" },
      { flags: "--keep <folder>", about: "put the scratch repository there (it is always kept)" },
    ],
    load: async () => (await import("../verbs/heavy.ts")).demo,
  },
  {
    name: "resume",
    group: "start",
    about: "Go on after a pause, a crash or a reboot",
    arguments: [WORKFLOW_ARGUMENT],
    options: [HIDDEN_WORKFLOW, { flags: "-d, --detach", about: "do not watch" }, JSON_OPTION],
    load: async () => (await import("../verbs/heavy.ts")).resume,
  },
  {
    name: "pause",
    group: "start",
    about: "Start nothing new; running agents end their turn",
    arguments: [WORKFLOW_ARGUMENT],
    options: [HIDDEN_WORKFLOW, { flags: "-m, --note <text>", about: "reason for the record" }, JSON_OPTION],
    load: async () => (await import("../verbs/light.ts")).pause,
  },
  {
    name: "sync",
    group: "start",
    about: "Bring in new commits of the target, between two stages",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      HIDDEN_WORKFLOW,
      { flags: "--from <revision>", about: "what comes in instead of the target's tip, such as a branch" },
      { flags: "--fetch", about: "fetch what the target follows first, and take that where it is newer" },
      JSON_OPTION,
    ],
    examples: [["signalbox sync --fetch", "what is new on the remote comes in before the next phase"]],
    load: async () => (await import("../verbs/heavy.ts")).sync,
  },
  {
    name: "cancel",
    group: "start",
    about: "End a workflow and its agents; what was made is kept",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      HIDDEN_WORKFLOW,
      { flags: "-m, --note <text>", about: "reason for the record" },
      { flags: "-y, --yes", about: "do not ask" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/light.ts")).cancel,
  },
];
