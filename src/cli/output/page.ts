/** Long text on a terminal through the user's pager. */
import { once } from "node:events";
import { spawnProcess } from "../../adapters/process/spawn.ts";
import type { Context } from "../context.ts";

/** Prints to stdout; where that is a terminal and the text is longer than it, through `$PAGER` (default `less -FRX`). */
export async function page({ io, output }: Context, text: string): Promise<void> {
  const rows = io.stdout.rows ?? 24;
  const long = text.split("\n").length > rows;
  if (!io.interactive || !long || io.env.PAGER === "cat" || !(await paged(text, io.env))) output.answer(text);
}

/** False where the pager could not be started. */
async function paged(text: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const program = env.PAGER || "less";
  const child = spawnProcess("sh", ["-c", program], {
    env: { ...env, LESS: env.LESS ?? "FRX" },
    stdio: ["pipe", "inherit", "inherit"],
  });
  // A pager that is left before the end closes its input.
  child.stdin?.on("error", () => {});
  child.stdin?.end(text);
  const [code] = (await once(child, "exit").catch(() => [127])) as [number | null];
  return code !== 127 && code !== 126;
}
