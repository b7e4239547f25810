import type { Verb } from "../verb.ts";
import { JSON_OPTION, WORKFLOW_ARGUMENT, WORKFLOW_OPTION } from "./common.ts";

export const KEEP: readonly Verb[] = [
  {
    name: "docs",
    group: "keep",
    about: "Render the three documents, or check that they are current",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      { flags: "--check", about: "exit 1 when a file differs from its state" },
      { flags: "--out <folder>", about: "write them below this folder instead of printing" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/heavy.ts")).docs,
  },
  {
    name: "clean",
    group: "keep",
    about: "Remove worktrees that nobody needs; content is preserved first",
    arguments: [
      {
        spec: "[target]",
        about: "workflow or slot, also one whose time has not come (default: all that has ended)",
        completes: "workflow",
      },
    ],
    options: [
      WORKFLOW_OPTION,
      { flags: "--older-than <duration>", about: "only what ended longer ago, such as 3d (default: `keep`)" },
      { flags: "-n, --dry-run", about: "print the plan and remove nothing" },
      { flags: "--discard <token>", about: "throw away what this token of the plan names, keeping nothing" },
      { flags: "-y, --yes", about: "do not ask" },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox clean --dry-run", "what would go, why, its size, and the command that brings it back"],
      ["signalbox clean login", "the worktrees of one slot, now"],
    ],
    load: async () => (await import("../verbs/heavy.ts")).clean,
  },
  {
    name: "restore",
    group: "keep",
    about: "List what was preserved, or bring one of it back as a branch",
    arguments: [
      {
        spec: "[name]",
        about: "workflow/slot or name as listed; left out, everything is listed",
        completes: "preserved",
      },
    ],
    options: [
      {
        flags: "--as <branch>",
        about: "name of the branch (default restored/<name>); never an existing one",
      },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox restore login", "what was kept of the slot login, as the branch restored/login.1.1"],
    ],
    load: async () => (await import("../verbs/heavy.ts")).restore,
  },
  {
    name: "doctor",
    group: "keep",
    about: "Check git, node, agents, leases and leftovers, with a fix per finding",
    options: [
      {
        flags: "--fix",
        about: "carry out what is safe: leftovers that records of ours name, after preserving",
      },
      { flags: "-y, --yes", about: "do not ask before each kind" },
      JSON_OPTION,
    ],
    examples: [["signalbox doctor --fix", "asks before each kind of leftover"]],
    load: async () => (await import("../verbs/heavy.ts")).doctor,
  },
];

export const SET_UP: readonly Verb[] = [
  {
    name: "init",
    group: "set up",
    about: "Scaffold signalbox.yaml and a first definition",
    options: [
      { flags: "--template <name>", about: "tasks (default), cross-pollinated, sequential-checkpoints" },
      { flags: "--name <name>", about: "name of the workflow (default First)" },
      JSON_OPTION,
    ],
    examples: [
      [
        "signalbox init --name 'Version bump' --template sequential-checkpoints",
        "research, design, build, validate, with approvals",
      ],
    ],
    load: async () => (await import("../verbs/heavy.ts")).init,
  },
  {
    name: "config",
    group: "set up",
    about: "Print the settings in force",
    options: [{ flags: "--show-origin", about: "say where each value comes from" }, JSON_OPTION],
    load: async () => (await import("../verbs/heavy.ts")).config,
  },
  {
    name: "schema",
    group: "set up",
    about: "Print a JSON Schema (draft-07) for editors",
    arguments: [{ spec: "[which]", about: "definition (default) or config" }],
    load: async () => (await import("../verbs/heavy.ts")).schema,
  },
  {
    name: "completion",
    group: "set up",
    about: "Print shell completion code",
    arguments: [{ spec: "<shell>", about: "bash" }],
    examples: [["source <(signalbox completion bash)", "complete in this shell"]],
    load: async () => (await import("../verbs/light.ts")).completion,
  },
  {
    name: "complete",
    group: "set up",
    about: "Candidates for completion, one a line",
    arguments: [{ spec: "[words...]", about: "the words before the cursor" }],
    hidden: true,
    load: async () => (await import("../verbs/light.ts")).complete,
  },
  {
    name: "coordinator",
    group: "set up",
    about: "The background process of this repository; started when needed",
    options: [
      { flags: "--stop", about: "ask the running one to end; running agents go on" },
      { flags: "--linger <ms>", about: "how long to stay with nothing to do", hidden: true },
    ],
    hidden: true,
    load: async () => (await import("../verbs/heavy.ts")).coordinator,
  },
];
