/** Whether an agent of the configuration is installed, without starting it. */
import path from "node:path";
import type { AcpProgram } from "../../../ports/session-host.ts";
import { isProgram, onPath } from "../../process/on-path.ts";

/** Null when its program is there, else what is missing. A path in the repository is there only with a worktree, and is not looked for. */
export function programMissing(
  name: string,
  { command }: Pick<AcpProgram, "command">,
  env: Readonly<Record<string, string | undefined>>,
): { readonly reason: string; readonly hint: string } | null {
  const [file = ""] = command;
  const isRelative = file.includes("/") && !path.isAbsolute(file);
  if (isRelative || isProgram(file) || onPath(file, env.PATH) !== null) return null;
  return {
    reason: `its program ${file} was not found`,
    hint: `Install it, or name it with its whole path in signalbox.yaml: agents.${name}.command`,
  };
}
