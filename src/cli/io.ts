/** The outside of one command: streams, environment and place. Tests pass their own, so nothing in `cli` reads `process` beyond `main.ts`. */

/** Anything that takes text; `columns` and `rows` are known for terminals only. */
export interface TextSink {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Text that comes in. */
export interface TextSource {
  /** True where a person types. */
  readonly isTTY: boolean;
  /** Everything up to its end. */
  read(): Promise<string>;
}

export interface CliIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The answer: data, tables, JSON. */
  readonly stdout: TextSink;
  /** Narration: progress, hints, warnings, errors. */
  readonly stderr: TextSink;
  /** Standard input; absent where there is none to read from. */
  readonly stdin?: TextSource;
  /** True when questions can be asked: a terminal on both ends. */
  readonly interactive: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls back on Ctrl+C, newest listener first, instead of ending the process; returns the removal. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Calls back with what is typed, at once and unechoed, until the returned function is called. Absent without a terminal. */
  readonly typed?: (listener: (chunk: string) => void) => () => void;
  /** Calls back on SIGTERM instead of ending the process; returns the removal. Absent: the signal ends the process. */
  readonly onTerminate?: (listener: () => void) => () => void;
  /** argv that starts this program again, for background processes: `[node, main.js]`. */
  readonly self: readonly string[];
  /** Name of the person who types, for the record. */
  readonly user: string;
  /** Value of a variable in the environment of the process that started this one; default: asked of the system. */
  readonly parentEnv?: (name: string) => string | undefined;
}

/** Columns of the terminal on stdout; without one nothing needs to be cut. */
export function screenWidth({ stdout }: CliIo): number {
  return stdout.isTTY ? (stdout.columns ?? 80) : 10_000;
}
