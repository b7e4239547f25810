/** Commands as they can be typed where the reader stands. */
import type { InboxEntry } from "./inbox.ts";

export interface CommandsAt {
  /** A command of ours, such as `signalbox approve CP-001`. */
  answer(command: string): string;
  /** What shows the commit that would be approved; null where the entry names none. */
  look(entry: Pick<InboxEntry, "commit" | "files">): string | null;
}

const FILES = 3;

/** `folder`: root of the repository, null for the one that the reader stands in. `workflow`: null where it is meant anyway. */
export function commandsAt({
  folder,
  workflow,
}: {
  readonly folder: string | null;
  readonly workflow: string | null;
}): CommandsAt {
  const there = folder === null ? "" : ` -C ${shellWord(folder)}`;
  const which = workflow === null ? "" : ` -w ${workflow}`;
  return {
    answer: (command) =>
      `${command.replace(/^(signalbox|git)\b/, (program) => `${program}${there}`)}${which}`,
    look: ({ commit, files = [] }) => {
      if (commit === undefined) return null;
      const named = files.slice(0, FILES).map(shellWord).join(" ");
      const more = files.length > FILES ? " ..." : "";
      return `git${there} show ${commit.slice(0, 8)}${named === "" ? "" : ` -- ${named}${more}`}`;
    },
  };
}

/** A word as a shell takes it back: plain where nothing in it means something, else in single quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
