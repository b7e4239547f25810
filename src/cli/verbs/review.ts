import { SignalboxError } from "../../core/errors.ts";
import { unit } from "../../core/view/unit.ts";
import { hasEnded, requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { screenWidth } from "../io.ts";
import { slotNamed, workflowOfSlots } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { page } from "../output/page.ts";
import { loadAll, openProject, type Project, pickWorkflow } from "../project.ts";
import { acceptSeveral, chooseSmall, namedEntries } from "../review/accept-several.ts";
import { type BatchScreen, batchOf, smallOnes } from "../review/batch.ts";
import { batchDocument, batchLines } from "../review/batch-lines.ts";
import { slotFacts } from "../review/facts.ts";
import { reviewDocument, reviewLines } from "../review/page-lines.ts";
import { addComment, listComments, resolveComment } from "../review/remark.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox review [slot]`: what a person needs to land it, send it back or drop it, on one page; without a slot everything that
 * waits for a yes on one screen. `--comment`, `--resolve`: remarks on lines. `--accept`: several small ones at once.
 */
export async function review(context: Context, input: VerbInput): Promise<number> {
  const reference = input.argument(0);
  const [comment, resolved] = [input.text("comment"), input.text("resolve")];
  refuseMixed(input);
  if (input.flag("accept")) return acceptNamed(context, input);
  if (reference === undefined) {
    if (comment !== undefined || resolved !== undefined || input.flag("comments"))
      throw badUse("No slot is named", "signalbox review login --comments");
    return showBatch(context, input);
  }
  if (comment !== undefined) return addComment(context, input, reference, comment);
  if (resolved !== undefined) return resolveComment(context, input, reference, resolved);
  if (input.words(1).length > 0)
    throw badUse(
      `What is ${JSON.stringify(input.words(1).join(" "))} about?`,
      `signalbox review ${reference} --comment src/login.ts:12 "trim the name first"`,
    );
  return showSlot(context, input);
}

const ACTIONS = ["comment", "resolve", "comments", "accept"] as const;

function refuseMixed(input: VerbInput): void {
  const given = ACTIONS.filter((name) => input.flag(name) || input.text(name) !== undefined);
  if (given.length > 1)
    throw badUse(`--${given.join(" and --")} exclude each other`, "signalbox review login --comments");
}

async function showSlot(context: Context, input: VerbInput): Promise<number> {
  const { io, output } = context;
  const project = await openProject(io);
  const { state, slot } = await slotNamed(project, input);
  if (input.flag("comments")) return listComments(context, state, slot);
  const found = unit(state, slot);
  if (found === undefined) return EXIT.usage;
  const target = input.text("to") ?? state.plan.base.target;
  const [stat, facts] = await Promise.all([
    context.json ? "" : statOf(context, state, slot),
    slotFacts(io, state, found, target),
  ]);
  if (context.json) {
    output.json(reviewDocument(state, found, facts));
    return EXIT.done;
  }
  const options = { style: output.style, now: io.now(), width: screenWidth(io) };
  await page(context, `${reviewLines(state, found, stat, facts, options).join("\n")}\n`);
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

/** Of every active workflow in which work waits, or of the one that is named. */
async function showBatch(context: Context, input: VerbInput): Promise<number> {
  const { io, output } = context;
  const project = await openProject(io);
  const named = input.text("workflow");
  const { screens, several } = await screensOf(context, project, named);
  if (context.json) {
    output.json(batchDocument(screens));
    return EXIT.done;
  }
  if (screens.length === 0) return tellNothing(context, named);
  const options = { style: output.style, width: screenWidth(io) };
  const blocks = screens.map((screen) =>
    batchLines(screen, { ...options, suffix: several ? ` -w ${screen.state.id}` : "" }).join("\n"),
  );
  await page(context, `${blocks.join("\n\n")}\n`);
  return askSmall(context, project, screens);
}

/** `several`: a command must say which workflow it means. */
async function screensOf(
  { io }: Context,
  project: Project,
  named: string | undefined,
): Promise<{ readonly screens: readonly BatchScreen[]; readonly several: boolean }> {
  const active = (await loadAll(project)).states.filter((state) => !hasEnded(state));
  const states =
    named === undefined && active.length > 0 ? active : [await pickWorkflow(project, named, "look")];
  const all = await Promise.all(states.map(async (state) => ({ state, entries: await batchOf(io, state) })));
  return { screens: all.filter(({ entries }) => entries.length > 0), several: active.length > 1 };
}

function tellNothing({ output }: Context, named: string | undefined): number {
  output.success(`no work waits for a yes${named === undefined ? "" : ` in ${named}`}`);
  output.hint("Everything that waits, everywhere: signalbox inbox");
  return EXIT.done;
}

/** On a terminal several can be accepted at once; elsewhere the command that does so was printed. */
async function askSmall(
  context: Context,
  project: Project,
  screens: readonly BatchScreen[],
): Promise<number> {
  if (!context.canAsk || screens.every(({ entries }) => smallOnes(entries).length === 0)) return EXIT.done;
  const chosen = await chooseSmall(screens);
  let code: number = EXIT.done;
  for (const { state, entries } of chosen)
    code = Math.max(code, await acceptSeveral(context, project, state, entries));
  return code;
}

async function acceptNamed(context: Context, input: VerbInput): Promise<number> {
  const [first, ...more] = [input.argument(0), ...input.words(1)];
  if (first === undefined)
    throw badUse("--accept needs the slots that are accepted", "signalbox review --accept login export");
  const names = [first, ...more].filter((name) => name !== undefined);
  const project = await openProject(context.io);
  const slots = names.map((name) => name.split("@")[0] ?? "");
  const state = await workflowOfSlots(project, input.text("workflow"), slots);
  const entries = namedEntries(state, await batchOf(context.io, state), names);
  return acceptSeveral(context, project, state, entries);
}

function badUse(message: string, example: string): SignalboxError {
  return new SignalboxError("user", "usage", message, [
    `For example: ${example}`,
    "How it is used: signalbox review --help",
  ]);
}
