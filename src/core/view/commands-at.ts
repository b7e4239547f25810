/** Commands as they can be typed where the reader stands. */

export interface CommandsAt {
  /** A command such as `signalbox approve CP-001` or `git show 0123abcd`. */
  at(command: string): string;
}

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
    at: (command) => {
      const ours = command.startsWith("signalbox ");
      return `${command.replace(/^(signalbox|git)\b/, (program) => `${program}${there}`)}${ours ? which : ""}`;
    },
  };
}

/** A word as a shell takes it back: plain where nothing in it means something, else in single quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
