import { SignalboxError } from "../core/errors.ts";
import type { Context } from "./context.ts";

/** Asks yes or no on the terminal. Without one it throws `needs-yes`, naming the flag that answers; `yes` skips the question. */
export async function confirm(
  context: Context,
  question: string,
  yes: boolean,
  initial = false,
): Promise<boolean> {
  if (yes) return true;
  if (!context.canAsk)
    throw new SignalboxError("user", "needs-yes", `${question} Nobody can be asked here`, [
      "Say so in the command: --yes",
    ]);
  const clack = await import("@clack/prompts");
  const answer = await clack.confirm({ message: question, initialValue: initial, output: process.stderr });
  return answer === true;
}
