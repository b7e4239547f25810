import type { Verb } from "../verb.ts";
import { JSON_OPTION, WORKFLOW_ARGUMENT } from "./common.ts";

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
    load: async () => (await import("../verbs/docs.ts")).docs,
  },
  {
    name: "clean",
    group: "keep",
    about: "Remove worktrees and branches of ended workflows; content is preserved first",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      { flags: "-n, --dry-run", about: "only list what would go" },
      { flags: "-y, --yes", about: "do not ask" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/clean.ts")).clean,
  },
  {
    name: "doctor",
    group: "keep",
    about: "Check git, node, agents, leases and leftovers, with a fix per finding",
    options: [JSON_OPTION],
    load: async () => (await import("../verbs/doctor.ts")).doctor,
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
    load: async () => (await import("../verbs/init.ts")).init,
  },
  {
    name: "config",
    group: "set up",
    about: "Print the settings in force",
    options: [{ flags: "--show-origin", about: "say where each value comes from" }, JSON_OPTION],
    load: async () => (await import("../verbs/config.ts")).config,
  },
  {
    name: "schema",
    group: "set up",
    about: "Print a JSON Schema (draft-07) for editors",
    arguments: [{ spec: "[which]", about: "definition (default) or config" }],
    load: async () => (await import("../verbs/schema.ts")).schema,
  },
  {
    name: "completion",
    group: "set up",
    about: "Print shell completion code",
    arguments: [{ spec: "<shell>", about: "bash" }],
    examples: [["source <(signalbox completion bash)", "complete in this shell"]],
    load: async () => (await import("../verbs/completion.ts")).completion,
  },
  {
    name: "complete",
    group: "set up",
    about: "Candidates for completion, one a line",
    arguments: [{ spec: "[words...]", about: "the words before the cursor" }],
    hidden: true,
    load: async () => (await import("../verbs/complete.ts")).complete,
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
    load: async () => (await import("../verbs/coordinator.ts")).coordinator,
  },
];
