/** P1, P2: what is merged into the integration branch, in which order, and what an agent may make of a conflict. */
import { guardsOf } from "../guard.ts";

const RETURNING = "test/core/returning.test.ts";
const LANDING = "test/core/landing.test.ts";
const QUEUE = "test/core/merging.test.ts";
const CANDIDATE = "test/engine/candidate.test.ts";
const CONTRACT = "test/contracts/repository.test.ts";

export const MERGING_GUARDS = [
  ...guardsOf("src/core/workflow/rejoin.ts", RETURNING, {
    "an agent joins a conflict that is a person's by policy": [
      'if (returns === "none" || (failure.reason === "conflict" && returns !== "all")) return false;',
      'if (returns === "none") return false;',
    ],
    "an agent joins the workflow's own documents": [
      'if (failure.reason === "conflict" && failure.files.some((path) => isDocumentOfOurs(state.plan, path)))',
      'if (failure.reason === "conflict" && failure.files.length === 0)',
    ],
    "work goes back to its creator without end": [
      "return made && deliverable.rejoin === undefined && state.head !== null;",
      "return made && state.head !== null;",
    ],
    "what was approved before a join is accepted in its place": [
      "return rounds.slice(before + 1).filter(",
      "return rounds.filter(",
    ],
  }),
  ...guardsOf("src/core/workflow/decide-question.ts", RETURNING, {
    "what an agent makes of a join that a person began is merged without a person": [
      "if (from !== undefined && other.resolves === undefined)",
      "if (from === null)",
    ],
  }),
  ...guardsOf("src/core/workflow/evolve-deliverable.ts", RETURNING, {
    "what an agent makes of a conflict that a rule had resolved is merged without a person": [
      'const why = files.length > 0 ? "conflict" : rejoin.why;',
      "const { why } = rejoin;",
    ],
  }),
  ...guardsOf("src/core/workflow/decide-approval.ts", LANDING, {
    "what an agent makes passes because a person wrote what was there before": [
      "if (deliverable.manual && !planned.byPerson)",
      "if (deliverable.manual && planned.byPerson)",
    ],
  }),
  ...guardsOf("src/core/workflow/left-out.ts", RETURNING, {
    "what an agent made of a conflict is merged without a person": [
      "const files = isProposal(deliverable) ? (deliverable.rejoin?.files ?? []) : [];",
      "const files: readonly string[] = [];",
    ],
  }),
  ...guardsOf("src/core/workflow/left-out.ts", "test/engine/returning.test.ts", {
    "a person joins a conflict without seeing which approved lines the worktree lacks": [
      "return rejoin.joined === undefined || commit === currentRounds(deliverable).at(-2)?.commit;",
      "return commit === currentRounds(deliverable).at(-2)?.commit;",
    ],
  }),
  ...guardsOf("src/core/quality/joined.ts", RETURNING, {
    "a joined conflict lacks a line of the other side": ["...unexplained.map(droppedFinding),", ""],
    "a joined conflict still has its marks": ["...joined.marks.map(markFinding),", ""],
  }),
  ...guardsOf("src/core/workflow/effective-gate.ts", RETURNING, {
    "what both sides were for is not judged": [
      'if (rejoin?.why !== "conflict" || rejoin.joined === undefined) return [];',
      'if (id !== "" || rejoin === undefined) return [];',
    ],
  }),
  ...guardsOf("src/core/workflow/decide-integration.ts", QUEUE, {
    "the failure of a batch is put on its first": ["if (tried.length > 1) {", "if (tried.length > 1_000) {"],
  }),
  ...guardsOf("src/core/workflow/merge-queue.ts", QUEUE, {
    "work is merged before its order is known": [
      "choice: open ? free.filter(({ id }) => isNeeded(state, members, id)) : free",
      "choice: free",
    ],
  }),
  ...guardsOf("src/engine/build-merges.ts", CANDIDATE, {
    "something else than the approved commit is merged": [
      "if (approved !== commit) return notApproved(subject, commit, approved);",
      "if (approved === null) return notApproved(subject, commit, approved);",
    ],
    "a merge changes more than its gate was for": [
      'if (isBeyondGate(state(), subject, files)) return { failure: { reason: "raised", files } };',
      "",
    ],
    "a batch is merged whose checks fail": [
      "if (held.length === 0) return candidate;",
      "if (held.length < 1_000) return candidate;",
    ],
  }),
  ...guardsOf("src/adapters/git/join-worktree.ts", CONTRACT, {
    "a worktree with changes of its own takes in others (JW2)": [
      "if (earlier === undefined) await requireClean(worktree, path);",
      "",
      "changes of its own",
    ],
  }),
];
