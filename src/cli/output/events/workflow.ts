/** Words for what happens to a workflow as a whole. */
import { lineLabel } from "../../../core/conflicts/lines.ts";
import { conflictText } from "../../../core/conflicts/words.ts";
import { holdWords } from "../../../core/workflow/service.ts";
import { clockText, countText, moneyText } from "../units.ts";
import { landedText } from "./deliverable.ts";
import {
  ask,
  bad,
  type EventOf,
  type EventText,
  type EventType,
  good,
  plain,
  resolvedWords,
  silent,
  type WordsFor,
  withDetail,
  work,
} from "./words.ts";

type WorkflowType =
  | Extract<
      EventType,
      | `workflow.${string}`
      | `sync.${string}`
      | `integration.${string}`
      | `conflict.${string}`
      | `merges.${string}`
      | `batch.${string}`
    >
  | "service.held"
  | "plan.approved"
  | "finish.approved"
  | "base.checked"
  | "limit.raised";

export const WORKFLOW: WordsFor<WorkflowType> = {
  "workflow.created": ({ plan, by }) => work(plan.workflow.id, `created by ${by}`),
  "workflow.started": silent,
  "conflict.predicted": ({ conflict }) => ask(pairText(conflict), conflictText(conflict)),
  "conflict.cleared": (event) => good(pairText(event), "would not conflict any more"),
  "workflow.restored": ({ state, head }) =>
    work(state.id, `taken up from the state file at ${head.slice(0, 8)}`),
  "workflow.paused": ({ by, reason }) =>
    ask("workflow", by === "signalbox" ? "paused" : `paused by ${by}`, reason),
  "workflow.resumed": ({ by }) => work("workflow", `resumed by ${by}`),
  "workflow.winding-down": ({ by }) => work("workflow", `no agent starts any more, said ${by}`),
  "workflow.completed": () => good("workflow", "complete"),
  "workflow.landed": ({ landing }) => good("workflow", landedText(landing)),
  "workflow.failed": ({ reason }) => bad("workflow", `failed: ${reason}`),
  "workflow.cancelled": ({ by, reason }) => bad("workflow", withDetail(`cancelled by ${by}`, reason)),
  "workflow.rewound": ({ checkpoint, stage, reason }) =>
    work("workflow", `back to ${checkpoint ?? `stage ${stage + 1}`}: ${reason}`),
  "service.held": holdText,
  "plan.approved": ({ by }) => good("plan", `approved by ${by}`),
  "finish.approved": ({ by }) => good("finish", `approved by ${by}`),
  "base.checked": baseText,
  "limit.raised": (event) => work(event.subject ?? "workflow", limitText(event)),
  "integration.queued": silent,
  "integration.done": silent,
  "integration.dropped": ({ integration, reason }) =>
    // What follows from these is told by itself: a question, or work that goes back.
    ["conflict", "checks", "raised", "not-approved"].includes(reason)
      ? null
      : bad("integration", `${integration} dropped: ${reason}`),
  "merges.ordered": ({ order: { candidates } }) =>
    plain("merges", `in this order: ${candidates.map(({ subject }) => subject).join(", ")}`),
  "batch.suspected": ({ subjects }) =>
    subjects.length === 0
      ? null
      : plain("merges", `the checks fail with one of ${subjects.join(", ")}; half of them is tried`),
  "sync.asked": ({ sync: { from, commit, by, failed } }) =>
    // A sync that failed is told by its question.
    failed === undefined ? plain("sync", `${from} at ${commit.slice(0, 8)} comes in next, said ${by}`) : null,
  "sync.settled": ({ done, commit }) =>
    done === null
      ? plain("sync", "is left out")
      : good("sync", `${done.from} at ${commit.slice(0, 8)} is in${resolvedWords(done.resolved)}`),
};

function holdText({ hold }: EventOf<"service.held">): EventText {
  if (hold === null) return good("workflow", "the model service serves all agents again");
  if (hold.until === undefined) return work("workflow", `${countText(hold.places, "agent")} at a time`);
  return work("workflow", `waiting: ${holdWords(hold.reason)} ${clockText(hold.until)}`, hold.message);
}

function baseText({ results }: EventOf<"base.checked">): EventText | null {
  const red = results.filter((result) => !result.passed).map((result) => result.name);
  return red.length === 0 ? null : bad("base", `red before any change: ${red.join(", ")}`);
}

function limitText({ usd, sessions }: EventOf<"limit.raised">): string {
  if (usd === null) return "has no money limit any more";
  const money = usd === undefined ? "" : ` to ${moneyText(usd)}`;
  return `limit changed${money}${typeof sessions === "number" ? ` to ${sessions} sessions` : ""}`;
}

function pairText({ first, second }: { readonly first: string; readonly second: string }): string {
  return `${lineLabel(first)} and ${lineLabel(second)}`;
}
