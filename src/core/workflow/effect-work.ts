/** What the worktree of an attempt needs in its present step: to be made, joined, committed or checked. */
import { commitText } from "../prompts/commit-text.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { CommitEffect, Effect, ProvisionEffect } from "./effect.ts";
import { deliverableEffectId } from "./effect-id.ts";
import { effectiveGate } from "./effective-gate.ts";
import { adoptionOf, lastRound, requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

export function workEffects(state: WorkflowState, deliverable: DeliverableState): readonly Effect[] {
  if (deliverable.notBefore !== undefined) return [];
  switch (deliverable.step) {
    case "provision":
      return preparation(state, deliverable);
    case "commit":
      return commitEffect(state, deliverable);
    case "checks":
      return checksEffect(state, deliverable);
    default:
      return [];
  }
}

/** A worktree that is there takes in what is merged; any other is made. */
function preparation(state: WorkflowState, deliverable: DeliverableState): readonly Effect[] {
  const { rejoin, branch } = deliverable;
  if (rejoin === undefined || rejoin.joined !== undefined || branch === undefined)
    return provisionEffect(state, deliverable);
  const { id } = deliverable;
  return [
    {
      kind: "join",
      id: deliverableEffectId(state, deliverable, `join.${rejoin.onto.slice(0, 12)}`),
      subject: id,
      branch,
      onto: rejoin.onto,
      message: `${id}: with what is merged by now${rejoin.why === "conflict" ? ", conflicts included" : ""}`,
      trailers: { "Signalbox-Workflow": state.id, "Signalbox-Slot": id },
    },
  ];
}

function provisionEffect(state: WorkflowState, deliverable: DeliverableState): readonly ProvisionEffect[] {
  const { branch, base, epoch, attempt } = deliverable;
  if (branch === undefined || base === undefined) return [];
  const { settings } = requirePlanned(state, deliverable.id);
  const adopted = adoptionOf(state, deliverable, attempt);
  return [
    {
      kind: "provision",
      id: deliverableEffectId(state, deliverable, "provision"),
      subject: deliverable.id,
      epoch,
      attempt,
      branch,
      base,
      ...(adopted === undefined ? {} : { start: adopted.commit }),
      settings,
    },
  ];
}

function commitEffect(state: WorkflowState, deliverable: DeliverableState): readonly CommitEffect[] {
  const { branch, base, epoch, attempt } = deliverable;
  const round = lastRound(deliverable);
  if (branch === undefined || base === undefined || round === undefined) return [];
  const planned = requirePlanned(state, deliverable.id);
  const text = commitText(state, planned, round.round);
  return [
    {
      kind: "commit",
      id: deliverableEffectId(
        state,
        deliverable,
        `commit.r${round.round}${manualSuffix(deliverable, round.creatorSession)}`,
      ),
      subject: deliverable.id,
      epoch,
      attempt,
      round: round.round,
      branch,
      base,
      message: text.message,
      trailers: text.trailers,
      ...(planned.makes.kind === "file" ? { artifact: planned.makes.path } : {}),
      files: [],
    },
  ];
}

/** A second commit of the same round (after a continued session or a person's work) is other work. */
function manualSuffix(deliverable: DeliverableState, session: string | undefined): string {
  if (deliverable.stopping !== undefined) return `.stopped.${deliverable.stopping.at}`;
  if (deliverable.attached !== undefined) return `.attached.${deliverable.attached.since}`;
  if (deliverable.manual) return `.manual${lastRound(deliverable)?.findings.length ?? 0}`;
  const attempt = session === undefined ? "" : session.slice(session.lastIndexOf(".t"));
  return attempt === ".t1" ? "" : attempt;
}

/** Agents need not wait for the checks of the base; what is checked does, because only then its failures can be told from those of the base. */
function checksEffect(state: WorkflowState, deliverable: DeliverableState): readonly Effect[] {
  const round = lastRound(deliverable);
  if (round?.commit === undefined || state.baseChecks === undefined) return [];
  const planned = requirePlanned(state, deliverable.id);
  const { checks } = effectiveGate(state, deliverable);
  const id = deliverableEffectId(state, deliverable, `checks.r${round.round}.${round.commit.slice(0, 12)}`);
  return [
    { kind: "checks", id, subject: deliverable.id, commit: round.commit, checks, settings: planned.settings },
  ];
}
