/** What `demo` can play: a definition of the examples, a repository for it, and what its agents do beside their best. */
import type { DeliverableScenario, Scenario } from "../../adapters/scenario/scenario.ts";

export interface Story {
  /** File in `examples`, which becomes the definition. */
  readonly example: string;
  /** Name of the scratch repository. */
  readonly repository: string;
  readonly files: Readonly<Record<string, string>>;
  /** Absent = agents do well after some rounds. */
  readonly scenario?: Scenario;
  /** Lines for the definition that the example leaves to its reader. */
  readonly more: string;
  /** What the person who watches it is for. */
  readonly yours: readonly string[];
}

/** Two pipelines with two barriers and a joining decision. The rise to C3 is agreed to beforehand, so that one approval is asked. */
const WORKFLOW: Story = {
  example: "multi-instance.yaml",
  repository: "switchyard",
  files: {
    "README.md": "# Switchyard\n\nA service that runs many coding sessions at once.\n",
    "PLAN.md":
      "# Plan\n\nDecide how the coordinator starts sessions: through an SDK, a command line, or both.\n",
    "SPIKE-001": "Compare the SDK with the command line: capabilities, limits, cost of a start.\n",
    "SPIKE-002": "Find how worktrees and sessions live and end together.\n",
    "src/index.ts": 'export const name = "switchyard";\n',
  },
  more: "escalate: auto\n",
  yours: [],
};

const APP = [
  'import { menu } from "./menu.mjs";',
  "",
  "export function start() {",
  "  return menu();",
  "}",
  "",
];
const MENU = ["export function menu() {", '  return ["open", "save"];', "}", ""];

/** Tries what it made again and again until it is told that somebody else changes the same lines. */
const UNTIL_TOLD = {
  calls: [
    {
      tool: "Bash",
      input: { command: "node check.mjs" },
      after: "work",
      until: "told",
      times: 120,
      round: 1,
    },
  ],
} satisfies DeliverableScenario;

/**
 * Two pairs of agents that change the same lines. The one of `export` first drops the other side's line, is refused, and then keeps
 * both; the one of `print` does so to the end, so that its work is a person's.
 */
const MERGING: Story = {
  example: "clashing-changes.yaml",
  repository: "shop",
  files: {
    "README.md": "# Shop\n",
    "check.mjs":
      'import { menu } from "./src/menu.mjs";\nawait import("./src/app.mjs");\nif (menu().length < 2) process.exit(1);\n',
    "src/app.mjs": APP.join("\n"),
    "src/menu.mjs": MENU.join("\n"),
  },
  scenario: {
    delayMs: 500,
    deliverables: {
      "*": { scores: [0.95], findings: 0 },
      login: {
        ...UNTIL_TOLD,
        edits: [
          { path: "src/app.mjs", line: 4, text: "  if (!process.env.USER) return [];\n  return menu();" },
        ],
      },
      export: {
        ...UNTIL_TOLD,
        edits: [{ path: "src/app.mjs", line: 4, text: '  console.log("exported");\n  return menu();' }],
        joins: [
          { round: 2, keep: "own" },
          {
            text: [
              ...APP.slice(0, 3),
              "  if (!process.env.USER) return [];",
              '  console.log("exported");',
              ...APP.slice(3),
            ].join("\n"),
          },
        ],
      },
      dates: { edits: [{ path: "src/dates.mjs", text: 'export const zone = "UTC";' }] },
      search: {
        ...UNTIL_TOLD,
        edits: [{ path: "src/menu.mjs", line: 2, text: '  return ["open", "search", "save"];' }],
      },
      print: {
        ...UNTIL_TOLD,
        edits: [{ path: "src/menu.mjs", line: 2, text: '  return ["open", "save", "print"];' }],
        joins: [{ keep: "own" }],
      },
    },
  },
  more: "",
  yours: [
    "signalbox review export      # both sides in one, after a proposal that dropped a line was refused",
    "signalbox approve export",
    "signalbox decide print write # its agent dropped the other side's line to the end; join both by hand",
    "signalbox decide print done",
  ],
};

export const STORIES = { workflow: WORKFLOW, merging: MERGING } as const;
