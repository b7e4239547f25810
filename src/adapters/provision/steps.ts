/** Runs commands that prepare a worktree, each tried twice, with everything that they print kept. */

import type { Redact } from "../../core/redaction.ts";
import { runShell, type ShellResult, tailOf } from "../checks/shell.ts";
import type { ProvisionLog } from "./log.ts";

export interface StepPlace {
  /** Folder to run in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of one try. */
  readonly timeoutMs: number;
  /** Whose commands they are: `endStrayCommands`. */
  readonly owner: string;
  /** Worktree, whose path is left out of messages: they go into records that travel. */
  readonly worktree: string;
  readonly log: ProvisionLog;
  readonly redact: () => Promise<Redact>;
}

const TRIES = 2;
const HEAD_LENGTH = 700;
const TAIL_LENGTH = 1500;

/** Null when all commands ended well, else the one that failed, how, and the end of what it printed. */
export async function runSteps(commands: readonly string[], place: StepPlace): Promise<string | null> {
  for (const command of commands) {
    const result = await runTwice(command, place);
    if (!isGood(result)) return failure(command, result, place);
  }
  return null;
}

async function runTwice(command: string, place: StepPlace): Promise<ShellResult> {
  const { cwd, env, timeoutMs, owner, log } = place;
  for (let attempt = 1; ; attempt += 1) {
    const result = await runShell({ command, cwd, env, timeoutMs, owner });
    await log.add(
      `$ ${command}\n${result.output}${isGood(result) ? "" : `\n[${ending(result, timeoutMs)}]`}`,
    );
    if (isGood(result) || attempt === TRIES) return result;
  }
}

function isGood(result: ShellResult): boolean {
  return result.exitCode === 0 && !result.timedOut;
}

function ending(result: ShellResult, timeoutMs: number): string {
  if (result.timedOut) return `did not end within ${timeoutMs / 1000} s`;
  return result.exitCode === null ? "was ended by a signal" : `failed with exit code ${result.exitCode}`;
}

async function failure(command: string, result: ShellResult, place: StepPlace): Promise<string> {
  const redact = await place.redact();
  const said = excerptOf(redact(result.output).replaceAll(place.worktree, "."));
  const shown = redact(JSON.stringify(command));
  return `${shown} ${ending(result, place.timeoutMs)}, ${TRIES} times${said === "" ? "" : `\n${said}`}`;
}

/** Some programs say first what is wrong and then how they are used, so the beginning counts as well as the end. */
function excerptOf(output: string): string {
  const text = output.trim();
  if (text.length <= HEAD_LENGTH + TAIL_LENGTH) return text;
  const head = text.slice(0, text.lastIndexOf("\n", HEAD_LENGTH) + 1 || HEAD_LENGTH).trimEnd();
  return `${head}\n[…]\n${tailOf(text.slice(head.length), TAIL_LENGTH)}`;
}
