/** Everything that a person's review of one slot rests on, asked of git. Nothing is changed; merges are built as objects only. */
import { openLandingSite } from "../../adapters/git/landing.ts";
import { openReviewedWork, type ReviewedFile } from "../../adapters/git/reviewed-work.ts";
import { MERGED } from "../../core/conflicts/encounters.ts";
import { landingWords } from "../../core/landing/landing-text.ts";
import { type Meetings, meetings } from "../../core/review/merging.ts";
import { type RoundSpread, scoreSpreads } from "../../core/review/spread.ts";
import type { Unit } from "../../core/view/unit.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { awaitsLanding, currentRounds, requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { LandingSite } from "../../ports/landing.ts";
import { openMatrix } from "../conflicts/open-matrix.ts";
import type { CliIo } from "../io.ts";
import { type CommentView, commentViews } from "./comments.ts";

/** What landing it now would do. `others` = accepted slots that could not be landed any more without bringing both together. */
export type LandingOutlook =
  | {
      readonly kind: "clean";
      readonly target: string;
      readonly moved: boolean;
      readonly others: readonly { readonly slot: string; readonly files: readonly string[] }[];
    }
  | { readonly kind: "conflict"; readonly target: string; readonly files: readonly string[] }
  | { readonly kind: "landed"; readonly landing: NonNullable<Unit["state"]["landing"]> }
  /** It is part of a result that lands as a whole. */
  | { readonly kind: "whole"; readonly target: string | null }
  | { readonly kind: "no-target" }
  | { readonly kind: "nothing" };

export interface SlotFacts extends Meetings {
  readonly files: readonly ReviewedFile[];
  readonly comments: readonly CommentView[];
  readonly spreads: readonly RoundSpread[];
  readonly landing: LandingOutlook;
}

const NOTHING: Meetings = { encounters: [], compared: 0, merging: { kind: "nothing" } };

/** `target` = branch that it would land on; null where none is known. */
export async function slotFacts(
  io: CliIo,
  state: WorkflowState,
  { plan, state: standing }: Unit,
  target: string | null,
): Promise<SlotFacts> {
  const spreads = scoreSpreads(currentRounds(standing), plan.gate.rubric);
  const { base, commit } = standing;
  if (base === undefined || commit === undefined)
    return { ...NOTHING, files: [], comments: [], spreads, landing: { kind: "nothing" } };
  const [work, site] = await Promise.all([
    openReviewedWork(io.cwd, { env: io.env }),
    openLandingSite(io.cwd, { env: io.env }),
  ]);
  const [files, comments, landing, met] = await Promise.all([
    work.files(base, commit),
    commentViews(work, standing, commit),
    landingOf(site, state, plan.id, target, (slot) => pathsOf(work, state, slot)),
    meetingsOf(io, site, state, plan.id, commit),
  ]);
  return { ...met, files, comments, spreads, landing };
}

async function meetingsOf(
  io: CliIo,
  site: LandingSite,
  state: WorkflowState,
  slot: string,
  commit: CommitId,
): Promise<Meetings> {
  const { head } = state;
  const isMerged = requireDeliverable(state, slot).step === "merged";
  const joined =
    head === null || isMerged ? null : await site.join(head, commit, { subject: "review", trailers: {} });
  const lines = [
    { name: slot, revision: commit },
    ...(joined?.ok === true ? [{ name: MERGED, revision: joined.commit }] : []),
  ];
  return meetings(state, slot, await (await openMatrix(io, state)).compute(state, lines));
}

/** Builds the landing as objects only, so that what is told is what would happen. */
async function landingOf(
  site: LandingSite,
  state: WorkflowState,
  slot: string,
  target: string | null,
  paths: (slot: string) => Promise<ReadonlySet<string>>,
): Promise<LandingOutlook> {
  const { base, commit, landing } = requireDeliverable(state, slot);
  if (landing !== undefined) return { kind: "landed", landing };
  if (state.plan.finish.per === "workflow") return { kind: "whole", target };
  if (target === null) return { kind: "no-target" };
  if (base === undefined || commit === undefined) return { kind: "nothing" };
  const local = await site.local(target);
  if (local === null) return { kind: "no-target" };
  const built = await site.build(local.tip, { base, commit }, landingWords(state, slot));
  if (!built.ok) return { kind: "conflict", target, files: built.conflicts };
  const moved = local.tip !== state.plan.base.commit;
  const others = await blockedBy(site, state, slot, { before: local.tip, after: built.commit }, paths);
  return { kind: "clean", target, moved, others };
}

/** Accepted slots that go onto the target as it is, and not any more once this one is there. Only those with files in common are tried. */
async function blockedBy(
  site: LandingSite,
  state: WorkflowState,
  slot: string,
  tips: { readonly before: CommitId; readonly after: CommitId },
  paths: (slot: string) => Promise<ReadonlySet<string>>,
): Promise<readonly { readonly slot: string; readonly files: readonly string[] }[]> {
  const own = await paths(slot);
  const blocked: { slot: string; files: readonly string[] }[] = [];
  for (const one of Object.values(state.deliverables)) {
    const { id, base, commit } = one;
    if (id === slot || base === undefined || commit === undefined || !awaitsLanding(state, one)) continue;
    if ([...(await paths(id))].every((path) => !own.has(path))) continue;
    const words = landingWords(state, id);
    const then = await site.build(tips.after, { base, commit }, words);
    if (then.ok || !(await site.build(tips.before, { base, commit }, words)).ok) continue;
    blocked.push({ slot: id, files: then.conflicts });
  }
  return blocked;
}

async function pathsOf(
  work: { readonly files: (base: CommitId, commit: CommitId) => Promise<readonly ReviewedFile[]> },
  state: WorkflowState,
  slot: string,
): Promise<ReadonlySet<string>> {
  const { base, commit } = requireDeliverable(state, slot);
  if (base === undefined || commit === undefined) return new Set();
  const files = await work.files(base, commit);
  return new Set(files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
}
