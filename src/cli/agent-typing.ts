/**
 * Whether an agent types a command: not one of our sessions (`inside-session`), but one that a person runs beside us, such as
 * Claude Code that drives this program. It may start and look; answering for a person needs the configuration's consent.
 */
import { parentValue } from "../adapters/process/ancestry.ts";
import { SignalboxError } from "../core/errors.ts";
import type { PersonCommand } from "../core/workflow/command.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Context } from "./context.ts";
import type { CliIo } from "./io.ts";
import type { Project } from "./project.ts";

/** Variables that agents set for the shell commands which they run. */
const MARKS: readonly string[] = ["CLAUDECODE", "AI_AGENT"];

/** Commands that answer for a person: what waits for one, and what takes work to where it counts. */
const ANSWERS: ReadonlySet<PersonCommand["type"]> = new Set<PersonCommand["type"]>([
  "approve",
  "reject",
  "decide",
  "direct",
  "limit",
  "attach",
  "detach",
  "adopt",
  "answer",
  "rewind",
  "send-back",
  "resolve-comment",
  "landed",
]);

/** The verb as it was typed, where it is called something else than its command. */
function verbOf(command: PersonCommand): string {
  if (command.type === "direct") return command.word;
  if (command.type === "limit") return "budget";
  if (command.type === "resolve-comment") return "review --resolve";
  return command.type === "landed" ? "land" : command.type;
}

const TO_A_PERSON = "Show the person what waits and the commands that answer it: signalbox inbox";

/** True where the command, or the shell that started it, carries the mark of an agent. */
export function isTypedByAgent(io: CliIo): boolean {
  const parentEnv = io.parentEnv ?? ((name: string) => parentValue(process.pid, name));
  return MARKS.some((name) => isSet(io.env[name]) || isSet(parentEnv(name)));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}

/** Who types, for the record: an agent is named as such. */
export function typist(io: CliIo): string {
  return isTypedByAgent(io) ? `${io.user} (agent)` : io.user;
}

/** The same command in the name of who really types it. Throws where an agent answers without consent. */
export async function signed(
  context: Context,
  project: Project,
  state: WorkflowState,
  command: PersonCommand,
): Promise<PersonCommand> {
  if (!isTypedByAgent(context.io)) return command;
  if (ANSWERS.has(command.type))
    await requirePerson(context, project, state.plan.base.commit, verbOf(command));
  return { ...command, by: typist(context.io) };
}

/**
 * Throws `auth` error `needs-a-person` (exit 4) where an agent types `what`, unless `approvals: { agents: allow }` stands in
 * the user's own configuration or in the project's at `base`: what an agent changes in the checkout does not count.
 */
export async function requirePerson(
  context: Context,
  project: Project,
  base: string,
  what: string,
  hint = TO_A_PERSON,
): Promise<void> {
  if (isTypedByAgent(context.io)) await requireConsent(context, project, base, what, hint);
}

async function requireConsent(
  { io }: Context,
  { repository }: Project,
  base: string,
  what: string,
  hint: string,
): Promise<void> {
  const { settingsAt } = await import("./planning/settings.ts");
  const { settings } = await settingsAt(repository, base, io, {});
  if (settings.approvals.agents === "allow") return;
  throw new SignalboxError(
    "auth",
    "needs-a-person",
    `${what} answers for a person, and this was typed by an agent; a person must type it`,
    [hint],
  );
}
