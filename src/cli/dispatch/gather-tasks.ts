/** Tasks of `dispatch` from wherever they were given: words, a file, standard input, issues. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checkTasks } from "../../config/dispatch/check-tasks.ts";
import { issueTask } from "../../config/dispatch/issue-task.ts";
import { readTasks } from "../../config/dispatch/read-tasks.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { CliIo } from "../io.ts";
import type { VerbInput } from "../verb.ts";

export interface GatheredTasks {
  readonly tasks: readonly string[];
  /** Sentences about what was left out or looks odd. */
  readonly notes: readonly string[];
}

const LARGEST_FILE = 1_000_000;

/**
 * Words first, then the file, then issues, each in its order. Without any of them what is piped in is read. `root` is the
 * repository whose issues are meant. Throws what `checkTasks` and `readIssues` throw, and `no-such-file`, `file-too-large`.
 */
export async function gatherTasks(io: CliIo, root: string, input: VerbInput): Promise<GatheredTasks> {
  const words = input.words(0);
  const issues = [...new Set(input.list("issue"))];
  const file = input.text("file") ?? (words.length === 0 && issues.length === 0 ? piped(io) : undefined);
  const text = file === undefined ? "" : await textOf(io, file);
  // An empty standard input that nobody asked for is the same as no input at all.
  const unasked = input.text("file") === undefined && text.trim() === "";
  const listed = file === undefined || unasked ? NOTHING : fromText(text, nameOf(file));
  const read = issues.length === 0 ? NOTHING : await fromIssues(io, root, issues);
  return {
    tasks: checkTasks([...words, ...listed.tasks, ...read.tasks], input.flag("many")),
    notes: [...listed.notes, ...read.notes],
  };
}

const NOTHING: GatheredTasks = { tasks: [], notes: [] };

/** Standard input counts where nothing else was given and no person sits at it. */
function piped({ stdin }: CliIo): string | undefined {
  return stdin === undefined || stdin.isTTY ? undefined : "-";
}

function fromText(text: string, name: string): GatheredTasks {
  const { tasks, skipped } = readTasks(text);
  if (tasks.length === 0)
    throw new SignalboxError("user", "no-task", `There is no task in ${name}${skippedText(skipped)}`, [
      "One per paragraph or list item: printf '%s\\n' '- Fix the login' '- Fix the export' | signalbox dispatch",
    ]);
  return {
    tasks,
    notes: skipped.length === 0 ? [] : [`not taken as tasks from ${name}: ${skipped.join("; ")}`],
  };
}

function skippedText(skipped: readonly string[]): string {
  return skipped.length === 0 ? "" : `; not taken: ${skipped.slice(0, 3).join("; ")}`;
}

async function textOf(io: CliIo, file: string): Promise<string> {
  const text = file === "-" ? ((await io.stdin?.read()) ?? "") : await fileText(io, file);
  if (text.length > LARGEST_FILE)
    throw new SignalboxError(
      "user",
      "file-too-large",
      `${nameOf(file)} has ${text.length} characters, more than a list of tasks can have (${LARGEST_FILE})`,
      ["Name the file that holds the tasks: signalbox dispatch --file tasks.md"],
    );
  return text;
}

async function fileText(io: CliIo, file: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    const isFolder = error instanceof Error && "code" in error && error.code === "EISDIR";
    throw new SignalboxError(
      "user",
      "no-such-file",
      `The file of tasks ${file} ${isFolder ? "is a folder" : "is not there"}`,
      ["Write one task per paragraph or list item, then: signalbox dispatch --file tasks.md"],
      error,
    );
  }
}

async function fromIssues(io: CliIo, root: string, given: readonly string[]): Promise<GatheredTasks> {
  const { issueNumber, readIssues } = await import("../../adapters/github/issues.ts");
  const numbers = given.map((text) => {
    const number = issueNumber(text);
    if (number !== null) return number;
    throw new SignalboxError("user", "not-an-issue", `--issue ${text} is no issue number`, [
      "Numbers only, and tasks in words before the option: signalbox dispatch 'Fix the login' --issue 41 57",
    ]);
  });
  const issues = await readIssues([...new Set(numbers)], { cwd: root, env: io.env });
  return {
    tasks: issues.map(issueTask),
    notes: issues.filter(({ open }) => !open).map(({ number }) => `issue ${number} is closed already`),
  };
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}
