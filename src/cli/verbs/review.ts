import { landingWords } from "../../core/landing/landing-text.ts";
import { unit } from "../../core/view/unit.ts";
import { requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { MergeResult } from "../../ports/repository.ts";
import type { Context } from "../context.ts";
import { screenWidth } from "../io.ts";
import { type LandingOutlook, reviewDocument, reviewLines } from "../landing/review-lines.ts";
import { slotNamed } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { page } from "../output/page.ts";
import { openProject } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox review <slot>`: what a person needs to land it, send it back or drop it, on one page. */
export async function review(context: Context, input: VerbInput): Promise<number> {
  const { io, output } = context;
  const project = await openProject(io);
  const { state, slot } = await slotNamed(project, input);
  const found = unit(state, slot);
  if (found === undefined) return EXIT.usage;
  const target = input.text("to") ?? state.plan.base.target;
  const [stat, outlook] = await Promise.all([
    statOf(context, state, slot),
    outlookOf(context, state, slot, target),
  ]);
  if (context.json) {
    output.json(reviewDocument(state, found, outlook));
    return EXIT.done;
  }
  const options = { style: output.style, now: io.now(), width: screenWidth(io) };
  await page(context, `${reviewLines(state, found, stat, outlook, options).join("\n")}\n`);
  return EXIT.done;
}

async function statOf({ io, output }: Context, state: WorkflowState, slot: string): Promise<string> {
  const { base, commit } = requireDeliverable(state, slot);
  if (base === undefined || commit === undefined) return "";
  const { openWorkDiffs } = await import("../../adapters/git/work-diff.ts");
  const diffs = await openWorkDiffs(io.cwd, { env: io.env });
  const width = Math.min(screenWidth(io), 100) - 4;
  return diffs.text({ from: base, to: commit, stat: true, colour: output.style.colour, width });
}

/** Builds the landing as objects only, so that what is told is what would happen. */
async function outlookOf(
  { io }: Context,
  state: WorkflowState,
  slot: string,
  target: string | null,
): Promise<LandingOutlook> {
  const { base, commit, landing } = requireDeliverable(state, slot);
  if (landing !== undefined) return { kind: "landed", landing };
  if (target === null) return { kind: "no-target" };
  if (base === undefined || commit === undefined) return { kind: "nothing" };
  const { openLandingSite } = await import("../../adapters/git/landing.ts");
  const site = await openLandingSite(io.cwd, { env: io.env });
  const local = await site.local(target);
  if (local === null) return { kind: "no-target" };
  const built: MergeResult = await site.build(local.tip, { base, commit }, landingWords(state, slot));
  const moved = local.tip !== state.plan.base.commit;
  return built.ok ? { kind: "clean", target, moved } : { kind: "conflict", target, files: built.conflicts };
}
