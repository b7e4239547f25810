import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { createWorktreeFiles } from "../../adapters/fs/worktree-files.ts";
import { SignalboxError } from "../../core/errors.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import { openQuestion, requirePlanned } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { slotNamed } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject } from "../project.ts";
import { slotPlace } from "../slot-place.ts";
import { submitOn } from "../submit.ts";
import { untilState } from "../until-state.ts";
import type { VerbInput } from "../verb.ts";
import { requireSure, textOf } from "./direct.ts";

/** `signalbox write <slot> [--from file]`: a person makes the artifact in the slot's worktree, whose path is the answer. */
export async function write(context: Context, input: VerbInput): Promise<number> {
  const { io } = context;
  const project = await openProject(io);
  refuseInsideSession(context, project);
  const { state, slot } = await slotNamed(project, input);
  const from = input.text("from");
  const artifact = from === undefined ? null : await artifactFrom(state, slot, resolve(io.cwd, from));
  if (!isWrittenByPerson(state, slot)) {
    const code = await takeOver(context, input, state.id, slot);
    if (code !== EXIT.done) return code;
  }
  const place = await slotPlace(context, project, slot, state.id);
  if (artifact === null) return tell(context, state, slot, place.path);
  await createWorktreeFiles(() => place.path).write(place.path, [artifact]);
  return submitOn({ ...context }, { workflow: state.id, slots: [slot] }, () => ({
    command: { type: "decide", subject: slot, word: "done", text: "", by: io.user },
    said: `${slot}: ${artifact.path} is there and goes through commit, checks and gate`,
  }));
}

function isWrittenByPerson(state: WorkflowState, slot: string): boolean {
  return openQuestion(state, slot)?.kind === "user-artifact";
}

/** Resolves when the worktree is the person's: what ran for the slot has ended and is committed. */
function takeOver(context: Context, input: VerbInput, workflow: string, slot: string): Promise<number> {
  const quiet = { ...context, json: false };
  return submitOn(quiet, { workflow, slots: [slot] }, async (state) => {
    await requireSure(context, input, state, { subject: slot, word: "write" });
    return {
      command: { type: "direct", subject: slot, word: "write", text: textOf(input), by: context.io.user },
      said: `${slot} is yours to write`,
      hint: `When it is there: signalbox decide ${slot} done`,
      follow: async (client) => {
        const reached = await untilState(
          client,
          workflow,
          (now) => isWrittenByPerson(now, slot) || now.status !== "ACTIVE",
        );
        if (reached === null || !isWrittenByPerson(reached, slot)) throw notYours(reached, slot);
        return {};
      },
    };
  });
}

function notYours(state: WorkflowState | null, slot: string): SignalboxError {
  const why = state === null ? "the coordinator has ended" : `the workflow is ${state.status}`;
  return new SignalboxError("user", "not-yours-yet", `${slot} cannot be handed over while ${why}`, [
    `Go on: signalbox resume ${state?.id ?? ""}`.trim(),
    `Then: signalbox write ${slot}`,
  ]);
}

interface Artifact {
  readonly path: string;
  readonly content: string;
}

/** Looked at before anything else happens. */
async function artifactFrom(state: WorkflowState, slot: string, file: string): Promise<Artifact> {
  const { makes } = requirePlanned(state, slot);
  if (makes.kind !== "file")
    throw new SignalboxError(
      "user",
      "usage",
      `${slot} makes a change and not one file, so --from has no place`,
      [`Make it in the worktree: signalbox write ${slot}`],
    );
  const content = await readFile(file, "utf8").catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new SignalboxError("user", "unreadable", `${file} cannot be read: ${why}`, [
      `Name a file: signalbox write ${slot} --from ${shellWord(makes.path)}`,
    ]);
  });
  return { path: makes.path, content };
}

function tell({ output, json }: Context, state: WorkflowState, slot: string, path: string): number {
  const { makes } = requirePlanned(state, slot);
  const artifact = makes.kind === "file" ? makes.path : null;
  if (json) {
    output.json({ workflow: state.id, slot, path, artifact });
    return EXIT.done;
  }
  output.answer(path);
  output.hint(
    `${artifact === null ? "Change what is needed there" : `Write ${artifact} there`}, then: signalbox decide ${slot} done`,
  );
  return EXIT.done;
}
