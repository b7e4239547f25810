import type { Verb } from "../verb.ts";
import { HIDDEN_WORKFLOW, JSON_OPTION, WORKFLOW_ARGUMENT, WORKFLOW_OPTION } from "./common.ts";
import { BUDGET } from "./money.ts";

export const LOOK: readonly Verb[] = [
  {
    name: "inbox",
    group: "look",
    about: "What waits for a person, over all workflows and repositories",
    options: [{ flags: "--here", about: "only in this repository" }, JSON_OPTION],
    load: async () => (await import("../verbs/light.ts")).inbox,
  },
  {
    name: "ps",
    group: "look",
    about: "List workflows, of this repository or of all",
    options: [
      { flags: "-a, --all", about: "also those that have ended" },
      { flags: "--all-repositories", about: "of every repository in which workflows were started" },
      { flags: "--no-size", about: "do not measure worktrees" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/light.ts")).ps,
  },
  {
    name: "status",
    group: "look",
    about: "Where a workflow stands, what it waits for, and the next command",
    arguments: [WORKFLOW_ARGUMENT],
    options: [HIDDEN_WORKFLOW, JSON_OPTION],
    load: async () => (await import("../verbs/light.ts")).status,
  },
  {
    name: "watch",
    group: "look",
    about: "Follow a workflow live; Ctrl+C leaves it running",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      HIDDEN_WORKFLOW,
      { flags: "--wait", about: "without a terminal: keep waiting when a person is needed" },
      { flags: "--json", about: "print one JSON line per event" },
    ],
    load: async () => (await import("../verbs/light.ts")).watch,
  },
  {
    name: "events",
    group: "look",
    about: "What happened, from the journal",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      HIDDEN_WORKFLOW,
      { flags: "-f, --follow", about: "keep printing what is added" },
      { flags: "--tail <n>", about: "only the last n" },
      { flags: "--json", about: "print one JSON line per event" },
    ],
    load: async () => (await import("../verbs/light.ts")).events,
  },
  {
    name: "logs",
    group: "look",
    about: "What an agent did: text, tools, denials",
    arguments: [{ spec: "<slot>", about: "slot id or a unique prefix", completes: "slot" }],
    options: [
      WORKFLOW_OPTION,
      { flags: "-f, --follow", about: "keep printing what is added" },
      { flags: "--tail <n>", about: "only the last n" },
      {
        flags: "--checks",
        about: "what its checks printed instead, the last run in full; base for those on the base",
      },
      { flags: "--provision", about: "what preparing its worktrees printed instead" },
      { flags: "--json", about: "print one JSON line per event" },
    ],
    load: async () => (await import("../verbs/light.ts")).logs,
  },
  {
    name: "show",
    group: "look",
    about: "A slot, checkpoint, gate or question in full",
    arguments: [{ spec: "<subject>", about: "id or a unique prefix", completes: "slot" }],
    options: [WORKFLOW_OPTION, JSON_OPTION],
    examples: [
      ["signalbox show login", "rounds, findings, scores and commits of a slot"],
      ["signalbox show CP-002", "what would be approved"],
    ],
    load: async () => (await import("../verbs/light.ts")).show,
  },
  BUDGET,
  {
    name: "open",
    group: "look",
    about: "The worktree of a slot in an editor or a shell",
    arguments: [{ spec: "<slot>", about: "slot id or a unique prefix", completes: "slot" }],
    options: [
      WORKFLOW_OPTION,
      {
        flags: "--editor <command>",
        about: "editor to open it with (default: $VISUAL, $EDITOR, code or cursor)",
      },
      { flags: "--shell", about: "a shell there; exit leaves it" },
      { flags: "--print", about: "only print the path" },
      { flags: "--json", about: "with --print: one JSON document" },
    ],
    examples: [["cd $(signalbox open login --print)", "go there in this shell"]],
    load: async () => (await import("../verbs/comparing.ts")).open,
  },
  {
    name: "exec",
    group: "look",
    about: "Run a command in the worktree of a slot, as its agent would",
    arguments: [
      { spec: "<slot>", about: "slot id or a unique prefix", completes: "slot" },
      { spec: "[command...]", about: "program and arguments, behind --" },
    ],
    options: [WORKFLOW_OPTION],
    examples: [["signalbox exec login -- npm test", "its tests, with its ports and variables"]],
    load: async () => (await import("../verbs/comparing.ts")).exec,
  },
  {
    name: "diff",
    group: "look",
    about: "What a slot changed, also while its agent still works; without a slot a summary of all",
    arguments: [{ spec: "[slot]", about: "slot id or a unique prefix", completes: "slot" }],
    options: [
      WORKFLOW_OPTION,
      { flags: "--stat", about: "files and sizes instead of lines" },
      { flags: "--round <n>", about: "as it was in that round (default: the latest)" },
    ],
    load: async () => (await import("../verbs/comparing.ts")).diff,
  },
  {
    name: "conflicts",
    group: "look",
    about: "Which open slots would conflict when merged, in which files and how; also while agents work",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      HIDDEN_WORKFLOW,
      { flags: "--watch", about: "show it again whenever something moved; Ctrl+C ends it" },
      { flags: "--json", about: "print one JSON document; with --watch one line per change" },
    ],
    examples: [["signalbox conflicts --watch", "see conflicts appear while agents work"]],
    load: async () => (await import("../verbs/comparing.ts")).conflicts,
  },
  {
    name: "merge",
    group: "look",
    about: "In which order open work would be merged, why, and what would conflict; it is merged by itself",
    arguments: [WORKFLOW_ARGUMENT],
    options: [
      HIDDEN_WORKFLOW,
      { flags: "--plan", about: "show the order (all that this verb does)" },
      JSON_OPTION,
    ],
    examples: [["signalbox merge --plan", "the queue as it would go from here"]],
    load: async () => (await import("../verbs/comparing.ts")).merge,
  },
  {
    name: "review",
    group: "look",
    about:
      "Everything for a decision on a slot, with comments on its lines; without a slot all that waits for a yes",
    arguments: [
      {
        spec: "[slot]",
        about: "slot id or a unique prefix; left out: all that waits, on one screen",
        completes: "slot",
      },
      { spec: "[text...]", about: "words of --comment and --resolve; more slots of --accept" },
    ],
    options: [
      WORKFLOW_OPTION,
      {
        flags: "--comment <place>",
        about: "remark on a line of the work, such as src/a.ts:12, or on a file",
      },
      { flags: "--resolve <comment>", about: "settle a comment, such as C-001" },
      { flags: "--comments", about: "only the comments, the resolved ones too" },
      { flags: "--accept", about: "accept the named slots, small ones only; slot@commit says what was seen" },
      { flags: "--to <branch>", about: "branch it would land on (default: the workflow's target)" },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox review login", "the task, the change, checks, scores, conflicts, what merging will do"],
      [
        'signalbox review login --comment src/login.ts:12 "trim the name first"',
        "kept with the line; goes to the agent when the work is sent back",
      ],
      ["signalbox review --accept login export", "two small approvals at once"],
    ],
    load: async () => (await import("../verbs/comparing.ts")).review,
  },
];
