/** Rings the terminal of a viewer where desktop notices are wanted and no program of the system shows them. */
import { desktopProgram } from "../../adapters/notify/desktop-program.ts";
import { isAnnounced, type NotifyChannel } from "../../core/notify.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { CliIo } from "../io.ts";
import { plainLine } from "../output/plain.ts";

const BELL = "\u0007";
/** A notice that iTerm2, kitty, WezTerm, Ghostty and Windows Terminal show; others ignore it. */
const NOTICE = "\u001b]9;";

/** What to do with each new question; null where nothing is to ring. */
export function bellFor(
  { env, stderr }: Pick<CliIo, "env" | "stderr">,
  channels: readonly NotifyChannel[],
): ((question: Question) => void) | null {
  const desktop = channels.filter(({ channel }) => channel === "desktop");
  if (desktop.length === 0 || !stderr.isTTY || desktopProgram(env) !== null) return null;
  return ({ kind, subject, reason }) => {
    if (!desktop.some((channel) => isAnnounced(channel, kind))) return;
    stderr.write(`${BELL}${NOTICE}${plainLine(`signalbox: ${subject} waits: ${reason}`)}${BELL}`);
  };
}
