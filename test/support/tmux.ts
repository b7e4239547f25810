/** A terminal with keys and a screen: tmux with a server of its own, for programs that want a real one. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { eventually } from "./eventually.ts";

export interface Terminal {
  /** Types a line and Enter. */
  type(line: string): Promise<void>;
  /** A key by tmux's name, such as `Enter` or `C-c`. */
  press(key: string): Promise<void>;
  screen(): Promise<string>;
  /** Waits until the screen shows the text; fails with the screen. */
  sees(text: string | RegExp): Promise<string>;
  /** Takes the terminal away, as closing its window does. */
  close(): Promise<void>;
}

/** Null where tmux is not installed. */
export async function tmuxMissing(): Promise<boolean> {
  const found = await runProgram("tmux", ["-V"], { cwd: "/", env: { PATH: process.env.PATH ?? "" } }).catch(
    () => null,
  );
  return found?.code !== 0;
}

/** A shell in `cwd` with exactly this environment. */
export async function openTerminal(
  folder: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const socket = join(folder, "run", "tmux.sock");
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const ran = await runProgram("tmux", ["-S", socket, "-f", "/dev/null", ...args], {
      cwd,
      env: { ...env, TERM: "xterm-256color" },
    });
    if (ran.code !== 0) throw new Error(`tmux ${args.join(" ")}: ${ran.stderr}`);
    return ran.stdout.toString("utf8");
  };
  await tmux("new-session", "-d", "-x", "110", "-y", "40", "/bin/sh");
  const close = async (): Promise<void> => {
    await tmux("kill-server").catch(() => undefined);
  };
  onTestFinished(close);
  const screen = (): Promise<string> => tmux("capture-pane", "-p", "-J");
  return {
    type: async (line) => {
      await tmux("send-keys", "-l", line);
      await tmux("send-keys", "Enter");
    },
    press: async (key) => {
      await tmux("send-keys", key);
    },
    screen,
    sees: async (text) => {
      let last = "";
      try {
        return await eventually(
          `the terminal shows ${text}`,
          async () => {
            last = await screen();
            const shown = typeof text === "string" ? last.includes(text) : text.test(last);
            return shown ? last : null;
          },
          60_000,
        );
      } catch (error) {
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n${last}`);
      }
    },
    close,
  };
}
