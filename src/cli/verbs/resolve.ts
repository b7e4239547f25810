import type { Join } from "../../adapters/git/join.ts";
import { SignalboxError } from "../../core/errors.ts";
import { type BothSides, bothSides, type Side } from "../../core/view/both-sides.ts";
import { openQuestion } from "../../core/workflow/queries.ts";
import { wordCommand } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { endJoin, isJoining, joinFor } from "../joining.ts";
import { slotNamed } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { plainLine } from "../output/plain.ts";
import { openProject } from "../project.ts";
import { slotPlace } from "../slot-place.ts";
import { submitOn } from "../submit.ts";
import { untilState } from "../until-state.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox resolve <slot> [--done]`: puts both sides of a conflict into the slot's worktree and tells who wanted what; with
 * `--done` commits what the person made of them and sends it through checks and gate.
 */
export async function resolve(context: Context, input: VerbInput): Promise<number> {
  const { io } = context;
  const project = await openProject(io);
  refuseInsideSession(context, project);
  const { state, slot } = await slotNamed(project, input);
  if (input.flag("done")) return finish(context, state, slot);
  if (!isJoining(state, slot)) {
    requireConflict(state, slot);
    await takeOver(context, state.id, slot);
  }
  const place = await slotPlace(context, project, slot, state.id);
  const join = await joinFor(context, place.state);
  const { head } = place.state;
  const files = head === null ? [] : await join.begin(place.path, head);
  return tell(context, place.path, await storyOf(join, place.state, slot, files), files);
}

function requireConflict(state: WorkflowState, slot: string): void {
  const question = openQuestion(state, slot);
  if (question?.kind === "conflict") return;
  const [first] = question?.options ?? [];
  throw new SignalboxError(
    "user",
    "no-conflict",
    `${slot} has no conflict to resolve${question === undefined ? "" : `; it waits for something else: ${question.reason}`}`,
    [
      first === undefined
        ? "To see what would conflict: signalbox conflicts"
        : `It waits for an answer: ${wordCommand(slot, first)}`,
    ],
  );
}

/** Resolves when the worktree is the person's. */
function takeOver(context: Context, workflow: string, slot: string): Promise<number> {
  const quiet = { ...context, json: false };
  return submitOn(quiet, { workflow, slots: [slot] }, () => ({
    command: { type: "decide", subject: slot, word: "resolve", text: "", by: context.io.user },
    said: `${slot} is yours to join`,
    hint: `When both sides are joined: signalbox resolve ${slot} --done`,
    follow: async (client) => {
      await untilState(client, workflow, (now) => isJoining(now, slot) || now.status !== "ACTIVE");
      return {};
    },
  }));
}

function finish(context: Context, state: WorkflowState, slot: string): Promise<number> {
  if (!isJoining(state, slot)) throw nothingToJoin(`${slot} is not being joined by a person`, slot);
  return submitOn(context, { workflow: state.id, slots: [slot] }, async (now) => {
    if (!(await endJoin(context, now, slot)))
      throw nothingToJoin(`Both sides were not put together in the worktree of ${slot}`, slot);
    return {
      command: { type: "decide", subject: slot, word: "done", text: "", by: context.io.user },
      said: `${slot}: both sides are joined and go through checks and gate`,
    };
  });
}

function nothingToJoin(message: string, slot: string): SignalboxError {
  return new SignalboxError("user", "nothing-to-join", message, [`To begin: signalbox resolve ${slot}`]);
}

async function storyOf(
  join: Join,
  state: WorkflowState,
  slot: string,
  files: readonly string[],
): Promise<BothSides> {
  const changed = new Map<string, readonly string[]>();
  for (const { id, base, commit, step } of Object.values(state.deliverables)) {
    if (step !== "merged" || base === undefined || commit === undefined) continue;
    changed.set(id, await join.changed(base, commit));
  }
  return bothSides(state, slot, files, changed);
}

/** The path alone on standard output, so that `cd "$(signalbox resolve login)"` works. */
function tell(
  { output, json }: Context,
  path: string,
  { mine, theirs }: BothSides,
  files: readonly string[],
): number {
  if (json) {
    output.json({ slot: mine.slot, path, files, mine, theirs });
    return EXIT.done;
  }
  output.answer(path);
  for (const file of files) output.say(`  ${file}`);
  for (const side of [mine, ...theirs]) for (const text of sideLines(side)) output.say(text);
  const nothing = "Nothing conflicts there any more";
  output.hint(
    `${files.length === 0 ? nothing : "Join the marked places"}, then: signalbox resolve ${mine.slot} --done`,
  );
  return EXIT.done;
}

function sideLines({ slot, title, said, files }: Side): readonly string[] {
  const head = `${slot}  ${plainLine(title)}${files.length > 0 ? `  (${files.join(", ")})` : ""}`;
  return said === "" ? [head] : [head, `    ${plainLine(said)}`];
}
