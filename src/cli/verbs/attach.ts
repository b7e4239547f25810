import { claudeInTerminal } from "../../adapters/agents/claude-terminal.ts";
import {
  type ConversationKey,
  conversationMark,
  type TakenConversation,
  takeConversation,
} from "../../adapters/host/conversation-lock.ts";
import { SignalboxError } from "../../core/errors.ts";
import { hasTerminalProgram } from "../../core/session/steering.ts";
import { openQuestion, requireDeliverable, requirePlanned } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { runAttached } from "../attached.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject, type Project } from "../project.ts";
import { sessionEnvironment } from "../session-environment.ts";
import { type SlotPlace, slotPlace } from "../slot-place.ts";
import { submitOn } from "../submit.ts";
import { untilState } from "../until-state.ts";
import type { VerbInput } from "../verb.ts";

type Lock = Extract<TakenConversation, { ok: true }>;

/** What runs in the terminal. A shell may end with the code of its last command; a program that fails is not left, it broke. */
interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly isShell: boolean;
}

/** `signalbox attach <slot> [--wait] [--continue]`: the agent's own program in the slot's worktree, with its conversation, until it is left. */
export async function attach(context: Context, input: VerbInput): Promise<number> {
  const { io } = context;
  const slotName = input.argument(0) ?? "";
  if (!io.interactive) throw noTerminal(slotName);
  const project = await openProject(io);
  refuseInsideSession(context, project);
  const place = await slotPlace(context, project, slotName, input.text("workflow"));
  const env = await sessionEnvironment(io.env, project, place);
  programFor(place.state, place, env); // before anything is stopped for a program that is not there
  const old = isAttached(place.state, place.slot) ? await takeLock(project, place.state, place.slot) : null;
  try {
    const state = await takeSlot(context, input, place, old !== null);
    const lock = old ?? (await takeLock(project, state, place.slot));
    try {
      return await inTerminal(context, input, { ...place, state }, { env, project });
    } finally {
      await lock.release();
    }
  } finally {
    await old?.release();
  }
}

function noTerminal(slot: string): SignalboxError {
  return new SignalboxError("user", "no-terminal", "attach needs a terminal", [
    `To end the agent's turn and tell it something: signalbox interrupt ${slot} "…"`,
  ]);
}

function isAttached(state: WorkflowState, slot: string): boolean {
  return openQuestion(state, slot)?.kind === "attached";
}

/** Resolves with the state in which nothing else works on the slot. */
async function takeSlot(
  context: Context,
  input: VerbInput,
  { state: { id }, slot, occupied }: SlotPlace,
  again: boolean,
): Promise<WorkflowState> {
  const patient = input.flag("wait");
  if (occupied && !patient) await requireSure(context, input, slot);
  let granted: WorkflowState | null = null;
  await submitOn(context, { workflow: id, slots: [slot] }, () => ({
    command: {
      type: "attach",
      subject: slot,
      by: context.io.user,
      ...(patient ? { patient } : {}),
      ...(again ? { again } : {}),
    },
    said: `${slot} is yours until you leave the program`,
    hint: "Should this terminal go away, nothing is lost: attach again, or answer what signalbox status shows",
    follow: async (client) => {
      if (occupied && patient) context.output.say(`waiting for the session of ${slot} to end`);
      granted = await untilState(client, id, (now) => isAttached(now, slot) || now.status !== "ACTIVE");
      return {};
    },
  }));
  return requireGranted(granted, slot);
}

async function requireSure(context: Context, input: VerbInput, slot: string): Promise<void> {
  const question = `An agent works on ${slot}. End it now, with what it wrote kept? (--wait lets it end by itself)`;
  if (await confirm(context, question, input.flag("yes"))) return;
  throw new SignalboxError("user", "not-confirmed", `${slot} goes on as it is`);
}

function requireGranted(state: WorkflowState | null, slot: string): WorkflowState {
  if (state !== null && isAttached(state, slot)) return state;
  const why = state === null ? "the coordinator has ended" : `the workflow is ${state.status}`;
  throw new SignalboxError("user", "not-yours-yet", `${slot} cannot be attached while ${why}`, [
    `Go on: signalbox resume ${state?.id ?? ""}`.trim(),
    `Then: signalbox attach ${slot}`,
  ]);
}

/** Throws `conversation-held` where another living program has it. */
async function takeLock(project: Project, state: WorkflowState, slot: string): Promise<Lock> {
  const lock = await takeConversation(keyOf(project, state, slot));
  if (lock.ok) return lock;
  const { attached } = requireDeliverable(state, slot);
  const who = attached === undefined ? "" : `, attached by ${attached.by} since ${attached.since}`;
  throw new SignalboxError(
    "user",
    "conversation-held",
    `The conversation of ${slot} is open in another program (pid ${lock.pid}${who})`,
    ["Leave it there first; two that continue one conversation would lose the words of one of them"],
  );
}

function keyOf({ commonDir }: Project, state: WorkflowState, slot: string): ConversationKey {
  const { conversation, branch = slot } = requireDeliverable(state, slot);
  return { commonDir, workflow: state.id, key: conversation ?? branch };
}

/** Throws `no-program` where the agent's own program is not there. */
function programFor(
  state: WorkflowState,
  { slot, path }: SlotPlace,
  env: Readonly<Record<string, string>>,
): Program {
  const { use, model } = requirePlanned(state, slot).settings;
  if (!hasTerminalProgram(use)) return { file: env.SHELL || "/bin/sh", args: [], isShell: true };
  const program = claudeInTerminal({
    adapter: use,
    env,
    conversation: requireDeliverable(state, slot).conversation ?? null,
    worktree: path,
    ...(model === undefined ? {} : { model }),
  });
  if (program !== null) return { ...program, isShell: false };
  throw new SignalboxError("environment", "no-program", "The claude program was not found", [
    "See what is missing: signalbox doctor",
    `Or look with a shell: signalbox open ${slot} --shell`,
  ]);
}

async function inTerminal(
  context: Context,
  input: VerbInput,
  place: SlotPlace,
  { env, project }: { readonly env: Readonly<Record<string, string>>; readonly project: Project },
): Promise<number> {
  const { io, output } = context;
  const { slot, state, path } = place;
  const program = programFor(state, place, env);
  const mark = conversationMark(keyOf(project, state, slot));
  output.say(`${output.narration.dim(program.isShell ? "a shell in" : "claude in")} ${path}`);
  let told = false;
  const onTold = (): void => {
    told = true;
  };
  const options = { cwd: path, env: { ...env, ...mark }, onTold };
  const code = await runAttached(io, program.file, program.args, options);
  if (told || !(program.isShell || code === 0)) {
    output.warn(`the program ended with code ${code}, so ${slot} stays attached`);
    output.hint(`Have it again: signalbox attach ${slot}`);
    output.hint(`Hand it back as it is: signalbox decide ${slot} done, or continue, retry, write, skip`);
    return code;
  }
  const to = input.flag("continue") ? "agent" : "gate";
  await submitOn(context, { workflow: state.id, slots: [slot] }, () => ({
    command: { type: "detach", subject: slot, by: io.user, to },
    said:
      to === "agent"
        ? `${slot} is handed back; its agent goes on in the same conversation`
        : `${slot} is handed back; commit, checks and gate follow`,
  }));
  return EXIT.done;
}
