/** Slot ids made of a task's words: short enough for a board, telling enough for a branch. */
import { idProblem, slugOf } from "../../core/plan/names.ts";

const LONGEST = 28;
const MOST_WORDS = 5;

/** Words that tell two tasks apart least. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  "a an the to of for in on at by with and or but is are was be been being that this these it its from into as so if then please should must we our i you".split(
    " ",
  ),
);

/**
 * One id per task, in order: its first telling words, numbered from the second on where two tasks begin alike. The id of
 * a task depends on nothing but its words and the tasks before it.
 */
export function taskIds(tasks: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return tasks.map((task) => {
    const id = freeId(idOf(task), taken);
    taken.add(id);
    return id;
  });
}

function idOf(task: string): string {
  const [first = ""] = task.trim().split("\n");
  // An apostrophe splits no word, and each word is cut by itself: a slug of the whole line would end after 40 letters.
  const words = first
    .replace(/['’]/g, "")
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(slugOf)
    .filter((word) => word !== "");
  const telling = words.filter((word) => !EMPTY_WORDS.has(word));
  const id = joined(telling.length > 0 ? telling : words);
  if (id === "") return "task";
  return /^\d+$/.test(id) || idProblem(id) !== null ? `task-${id}` : id;
}

function joined(words: readonly string[]): string {
  let id = "";
  for (const word of words.slice(0, MOST_WORDS)) {
    const longer = id === "" ? word.slice(0, LONGEST) : `${id}-${word}`;
    if (longer.length > LONGEST) break;
    id = longer;
  }
  return id.replace(/-+$/, "");
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  for (let number = 2; ; number += 1) if (!taken.has(`${id}-${number}`)) return `${id}-${number}`;
}
