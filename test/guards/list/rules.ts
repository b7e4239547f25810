/** P1, P2: what conflicts resolve themselves, and what of it nobody but a person may merge. */
import { guardsOf } from "../guard.ts";

const CONFLICTS = "src/core/conflicts";

export const RULE_GUARDS = [
  ...guardsOf(`${CONFLICTS}/file-rules.ts`, `${CONFLICTS}/file-rules.test.ts`, {
    "source, tests, configuration and instructions are joined by rule": [
      'if (kept !== null) return { by: "person", because: kept };',
      "",
    ],
    "a file that was renamed, deleted or is binary is joined by rule": [
      'if (kind !== "content" && kind !== "both-added")',
      'if (path === "")',
    ],
    "work that changed the documents of a workflow is merged": [
      'return brings === "target"',
      'return path !== ""',
    ],
  }),
  ...guardsOf(`${CONFLICTS}/resolve-conflicts.ts`, `${CONFLICTS}/resolve-conflicts.test.ts`, {
    "a result that lacks an added line is taken": [
      'return lost === null ? { path, by: "union", content } : { path, because: lost };',
      'return { path, by: "union", content };',
    ],
  }),
  ...guardsOf(`${CONFLICTS}/tracker/merge-rows.ts`, `${CONFLICTS}/tracker/merge-tracker.test.ts`, {
    "a row gives way to a time that says nothing about it": [
      "return moved(one) && moved(other) ? compareTimes(one, other) : 0;",
      "return compareTimes(one, other);",
    ],
    "a row that was changed goes because the other side took it away": [
      "if (ours === undefined || theirs === undefined) return null;",
      "if (ours === undefined || theirs === undefined) return { row: undefined };",
    ],
  }),
  ...guardsOf("src/engine/merge-by-rules.ts", "test/engine/file-rules.test.ts", {
    "a merge goes on with files that are a person's": [
      "if (unresolved.length > 0) return",
      "if (unresolved.length > 1_000) return",
      "one file of a person's",
    ],
  }),
  ...guardsOf("src/adapters/git/resolve-merge.ts", "src/adapters/git/resolve-merge.test.ts", {
    "a merge is built over a conflict that nobody resolved": [
      "if (open.length > 0)",
      "if (open.length > 1_000)",
      "builds none while",
    ],
  }),
];
