/**
 * What each deliverable is given to read. Source: domain §14: own pipeline's previous artifacts plus the handoffs
 * addressed to it at the barrier just crossed; a slot whose pipeline has no earlier phase takes everything of the
 * previous phase and of the last barrier.
 */
import { artifactOf, type Draft } from "./draft.ts";
import type { PlannedPipeline } from "./plan.ts";

/** Paths of earlier artifacts and handoffs first, then the declared reads; none twice. */
export function inputsOf(draft: Draft, drafts: readonly Draft[]): readonly string[] {
  const derived = inputDrafts(draft, drafts).flatMap((input) => artifactOf(input) ?? []);
  return [...new Set([...derived, ...draft.reads])];
}

/** The deliverables that a draft reads from, in the order of its inputs. */
export function inputDrafts(draft: Draft, drafts: readonly Draft[]): readonly Draft[] {
  if (draft.kind === "synthesis") return drafts.filter((other) => other.kind !== "synthesis");
  if (draft.handoff !== undefined) return handoffSources(draft, drafts);
  const waited = drafts.filter((other) => draft.after.includes(other.id));
  return [
    ...(isFanIn(draft, drafts) ? everythingBefore(draft, drafts) : ownBefore(draft, drafts)),
    ...waited,
  ];
}

/** True where earlier phases exist but none of the slot's own pipeline. */
function isFanIn(draft: Draft, drafts: readonly Draft[]): boolean {
  const earlier = drafts.filter((other) => other.kind === "slot" && other.stage < draft.stage);
  return earlier.length > 0 && !earlier.some((other) => other.pipeline?.key === draft.pipeline?.key);
}

/**
 * Keys of the pipelines whose only job is to join others: they begin by reading from at least two pipelines, and take
 * part in no exchange themselves.
 */
export function convergentPipelines(
  pipelines: readonly PlannedPipeline[],
  drafts: readonly Draft[],
): readonly string[] {
  return pipelines.flatMap((pipeline) => {
    const slots = drafts.filter((draft) => draft.kind === "slot" && draft.pipeline?.key === pipeline.key);
    const first = slots[0];
    if (first === undefined || !isFanIn(first, drafts)) return [];
    const exchanges = drafts.some(
      ({ handoff }) => handoff?.from === pipeline.key || handoff?.to === pipeline.key,
    );
    const origins = everythingBefore(first, drafts).filter((draft) => draft.kind === "slot");
    return exchanges || new Set(origins.map((draft) => draft.pipeline?.key)).size < 2 ? [] : [pipeline.key];
  });
}

/** Previous artifacts of the own pipeline (past phases that made only commits: those are in the tree), then its handoffs. */
function ownBefore(draft: Draft, drafts: readonly Draft[]): readonly Draft[] {
  const own = drafts.filter(
    (other) =>
      other.kind === "slot" && other.stage < draft.stage && other.pipeline?.key === draft.pipeline?.key,
  );
  const stageOfFiles = newest(own.filter((other) => artifactOf(other) !== undefined));
  const crossed = newest(own);
  const handoffs = drafts.filter(
    (other) =>
      other.handoff?.to === draft.pipeline?.key && other.stage > crossed && other.stage < draft.stage,
  );
  return [...own.filter((other) => other.stage === stageOfFiles), ...handoffs];
}

function everythingBefore(draft: Draft, drafts: readonly Draft[]): readonly Draft[] {
  const slots = drafts.filter((other) => other.kind === "slot" && other.stage < draft.stage);
  const handoffs = drafts.filter((other) => other.kind === "handoff" && other.stage < draft.stage);
  return [
    ...slots.filter((other) => other.stage === newest(slots)),
    ...handoffs.filter((other) => other.stage === newest(handoffs)),
  ];
}

function handoffSources(draft: Draft, drafts: readonly Draft[]): readonly Draft[] {
  const sources = draft.handoff?.sources ?? [];
  return drafts.filter((other) => other.kind === "slot" && sources.includes(artifactOf(other) ?? ""));
}

function newest(drafts: readonly Draft[]): number {
  return Math.max(-1, ...drafts.map((draft) => draft.stage));
}
