/** What makes a list of tasks one that nobody can have meant. */
import { SignalboxError } from "../../core/errors.ts";

/** More than this needs to be said explicitly: each task is an agent that costs. */
export const MOST_TASKS = 50;
const LONGEST_TASK = 50_000;

/**
 * The tasks without surrounding space. Throws `user` errors `no-task`, `empty-task`, `not-text`, `task-too-long`, `duplicate-task`,
 * `many-tasks` (unless `many`), each naming the task by its place and first words.
 */
export function checkTasks(given: readonly string[], many = false): readonly string[] {
  const tasks = given.map((task) => task.trim());
  if (tasks.length === 0)
    throw new SignalboxError("user", "no-task", "No task was given", [
      "For example: signalbox dispatch 'Fix #41: the login form accepts an empty password'",
      "Or from a file, one per paragraph or list item: signalbox dispatch --file tasks.md",
    ]);
  for (const [index, task] of tasks.entries()) checkTask(task, index);
  checkTwins(tasks);
  if (tasks.length > MOST_TASKS && !many)
    throw new SignalboxError(
      "user",
      "many-tasks",
      `${tasks.length} tasks were given, each with an agent of its own; more than ${MOST_TASKS} must be meant`,
      ["To start them all, say so: --many", "How many work at one time: --parallel 4"],
    );
  return tasks;
}

function checkTask(task: string, index: number): void {
  if (task === "")
    throw new SignalboxError(
      "user",
      "empty-task",
      `Task ${index + 1} is empty, which tells an agent nothing`,
      ["For example: signalbox dispatch 'Fix #41: the login form accepts an empty password'"],
    );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000e-\u001a\ufffd]/.test(task))
    throw new SignalboxError(
      "user",
      "not-text",
      `Task ${index + 1} is not text: ${JSON.stringify(task.slice(0, 40))}`,
      ["Tasks are UTF-8 text: signalbox dispatch --file tasks.md"],
    );
  if (task.length > LONGEST_TASK)
    throw new SignalboxError(
      "user",
      "task-too-long",
      `Task ${index + 1} has ${task.length} characters, at most ${LONGEST_TASK} reach an agent: ${firstWords(task)}`,
      [
        "Put the details into a file of the repository and name it in the task: signalbox dispatch 'Do what notes.md says'",
      ],
    );
}

function checkTwins(tasks: readonly string[]): void {
  const places = new Map<string, number>();
  for (const [index, task] of tasks.entries()) {
    const key = task.replace(/\s+/g, " ").toLowerCase();
    const before = places.get(key);
    if (before !== undefined)
      throw new SignalboxError(
        "user",
        "duplicate-task",
        `Tasks ${before + 1} and ${index + 1} are the same: ${firstWords(task)}`,
        [
          "Give each task once; for several tries at one task, word them differently: signalbox dispatch --help",
        ],
      );
    places.set(key, index);
  }
}

function firstWords(task: string): string {
  const line = task.split("\n")[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
