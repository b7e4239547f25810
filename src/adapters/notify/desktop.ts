/** Notices on the desktop, through whatever program of the system shows them. */
import { runProgram } from "../process/spawn.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface DesktopNotice {
  readonly title: string;
  readonly body: string;
}

const TIMEOUT_MS = 5000;
/** A notice is a glance; the whole text is in the inbox. */
const LONGEST = 400;

/** Null when it was shown, else why not. Never rejects. */
export async function showOnDesktop(
  program: string,
  notice: DesktopNotice,
  env: Environment,
): Promise<string | null> {
  const passed = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const options = { cwd: "/", env: Object.fromEntries(passed), timeoutMs: TIMEOUT_MS, maxBytes: 10_000 };
  try {
    const { code, timedOut, stderr } = await runProgram(program, argumentsOf(program, notice), options);
    if (code === 0) return null;
    return timedOut
      ? `did not end within ${TIMEOUT_MS / 1000} s`
      : (firstLine(stderr) ?? `ended with ${code}`);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Texts are arguments, never part of a script: they come from agents. */
function argumentsOf(program: string, notice: DesktopNotice): readonly string[] {
  const title = plain(notice.title);
  const body = plain(notice.body);
  if (!program.endsWith("osascript")) return ["--app-name=signalbox", "--", title, withoutMarkup(body)];
  const script = "display notification (item 2 of argv) with title (item 1 of argv)";
  return ["-e", "on run argv", "-e", script, "-e", "end run", "--", title, body];
}

/** Notification servers read the body as markup. */
function withoutMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being removed
  const clean = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ");
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST - 1)}…`;
}

function firstLine(text: string): string | undefined {
  return text.split("\n").find((line) => line.trim() !== "");
}
