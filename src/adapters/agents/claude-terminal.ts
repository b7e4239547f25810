/** Claude Code in a person's terminal: the same program, conversation and write boundary as our sessions have, with the person at the keys. */
import { findClaude } from "./claude-binary.ts";
import { settingsOf } from "./claude-cli.ts";
import { findHook } from "./hook-program.ts";

export interface TerminalRequest {
  /** `claude` or `claude-cli`: where the program is looked for first. */
  readonly adapter: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Conversation to continue; null = a new one. */
  readonly conversation: string | null;
  /** Absolute path; nothing outside it is written by file tools. */
  readonly worktree: string;
  readonly model?: string;
}

export interface TerminalProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** Null where the program or the hook of the boundary is not there. Settings of the repository are left out, the user's own count. */
export function claudeInTerminal(request: TerminalRequest): TerminalProgram | null {
  const { adapter, env, conversation, worktree, model } = request;
  const file = findClaude(env, adapter === "claude-cli" ? "path" : "bundled");
  const hook = findHook();
  if (file === null || hook === null) return null;
  const settings = settingsOf({ boundary: worktree, writes: ["**"] }, hook);
  return {
    file,
    args: [
      ...(conversation === null ? [] : [`--resume=${conversation}`]),
      ...(model === undefined ? [] : [`--model=${model}`]),
      "--setting-sources=user",
      "--strict-mcp-config",
      `--settings=${JSON.stringify(settings)}`,
    ],
  };
}
