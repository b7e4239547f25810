import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import { runAttached } from "../attached.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import type { CliIo } from "../io.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject } from "../project.ts";
import { type SlotPlace, slotPlace } from "../slot-place.ts";
import type { VerbInput } from "../verb.ts";

/** Editors with windows of their own, in the order in which they are looked for. */
const WINDOWS = ["code", "cursor"] as const;

/** `signalbox open <slot> [--editor cmd | --shell | --print]`: the worktree of a slot in an editor or a shell. */
export async function open(context: Context, input: VerbInput): Promise<number> {
  const { io, output } = context;
  const project = await openProject(io);
  const place = await slotPlace(context, project, input.argument(0) ?? "", input.text("workflow"));
  if (input.flag("print")) return print(context, place);
  refuseInsideSession(context, project);
  const editor = input.text("editor");
  if (editor !== undefined && input.flag("shell"))
    throw new SignalboxError("user", "usage", "--editor and --shell exclude each other", [
      `Choose one: signalbox open ${place.slot} --shell`,
    ]);
  if (place.occupied)
    output.warn(`an agent works on ${place.slot} right now; what is changed there becomes part of its work`);
  return input.flag("shell") ? openShell(context, place) : openEditor(context, place, editor ?? editorOf(io));
}

function print({ output, json }: Context, { state, slot, path, occupied }: SlotPlace): number {
  if (json) output.json({ workflow: state.id, slot, path, occupied });
  else output.answer(path);
  return EXIT.done;
}

async function openShell({ io, output }: Context, { slot, path }: SlotPlace): Promise<number> {
  if (!io.interactive)
    throw new SignalboxError("user", "no-terminal", "A shell needs a terminal", [
      `To run one command there: signalbox exec ${slot} -- git status`,
    ]);
  output.say(`${output.narration.dim("a shell in")} ${path} ${output.narration.dim("(exit leaves it)")}`);
  await runAttached(io, io.env.SHELL || "/bin/sh", [], { cwd: path, env: io.env });
  return EXIT.done;
}

/** The command may have arguments, so a shell reads it, as git does. */
async function openEditor({ io, output }: Context, { path }: SlotPlace, editor: string): Promise<number> {
  output.say(output.narration.dim(`${editor} ${path}`));
  return runAttached(io, "/bin/sh", ["-c", `${editor} "$@"`, editor, path], { cwd: path, env: io.env });
}

/** What the user has named, else an editor with windows that is installed. */
function editorOf({ env }: CliIo): string {
  const named = env.VISUAL || env.EDITOR || WINDOWS.find((name) => isOnPath(name, env.PATH));
  if (named !== undefined) return named;
  throw new SignalboxError("user", "no-editor", "No editor is known: neither VISUAL nor EDITOR is set", [
    "Name one: signalbox open <slot> --editor vim",
    "Or look with a shell: signalbox open <slot> --shell",
  ]);
}

function isOnPath(name: string, path = ""): boolean {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
