/** One change of the integration branch as an effect: what is committed, with which words. */
import type { Check } from "../definition.ts";
import { checksOf } from "./decide-checks.ts";
import type { IntegrateEffect } from "./effect.ts";
import { effectId } from "./effect-id.ts";
import type { Integration } from "./integration.ts";
import { requireDeliverable, requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

export function integrateEffect(state: WorkflowState, integration: Integration): IntegrateEffect {
  const { message, trailers } = textOf(state, integration);
  return {
    kind: "integrate",
    id: effectId(state, integration.id, 0, integration.type),
    integration,
    expectedHead: state.head,
    checks: checksFor(state, integration),
    message,
    trailers: { "Signalbox-Workflow": state.id, ...trailers },
  };
}

/** New commits of the target must pass what all work must pass. */
function checksFor(state: WorkflowState, integration: Integration): IntegrateEffect["checks"] {
  if (integration.type === "merge") return checksOfBatch(state, integration);
  return integration.type === "sync" && integration.unchecked !== true ? checksOf(state.plan) : [];
}

/** Each once: they run on what the last merge of the batch leads to. */
function checksOfBatch(
  state: WorkflowState,
  { subject, together = [] }: Extract<Integration, { type: "merge" }>,
): readonly Check[] {
  const all = [subject, ...together.map((one) => one.subject)].flatMap(
    (id) => requirePlanned(state, id).gate.checks,
  );
  return all.filter(({ name }, index) => all.findIndex((one) => one.name === name) === index);
}

interface CommitWords {
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
}

function textOf(state: WorkflowState, integration: Integration): CommitWords {
  switch (integration.type) {
    case "create":
      return { message: `${state.id}: plan and state`, trailers: {} };
    case "merge":
      return mergeText(state, integration.subject);
    case "checkpoint": {
      const entry = state.checkpoints.findLast((c) => c.id === integration.checkpoint);
      return {
        message: `${state.id}: checkpoint ${integration.checkpoint} (${entry?.trigger ?? "MANUAL"})`,
        trailers: { "Signalbox-Checkpoint": integration.checkpoint },
      };
    }
    case "sync":
      return {
        message: `${state.id}: bring in ${integration.from} at ${integration.commit.slice(0, 12)}`,
        trailers: { "Signalbox-Sync": integration.commit },
      };
    case "record":
      return { message: `${state.id}: ${integration.reason}`, trailers: {} };
    case "restore":
      return {
        message: `${state.id}: ${integration.reason}`,
        trailers: { "Signalbox-Epoch": String(state.epoch) },
      };
    case "finish":
      return { message: `${state.id}: complete`, trailers: {} };
    default:
      return integration satisfies never;
  }
}

/** Words of the merge of one slot. */
export function mergeText(state: WorkflowState, subject: string): CommitWords {
  const planned = requirePlanned(state, subject);
  const { approval } = requireDeliverable(state, subject);
  const verdict =
    approval === undefined
      ? ""
      : approval.score === null
        ? ` (${approval.kind})`
        : ` (${approval.kind} ${approval.score.toFixed(3)})`;
  return {
    message: `${subject}: ${planned.title}${verdict}`,
    trailers: {
      "Signalbox-Slot": subject,
      "Signalbox-Role": planned.role,
      "Signalbox-Round": String(approval?.round ?? 0),
    },
  };
}
