import { expect, test } from "vitest";
import { mergeTracker } from "./merge-tracker.ts";

const HEAD = "| ID | Title | Status | Updated |\n|----|-------|--------|---------|\n";
const at = (hour: number): string => `2026-02-20T${String(hour).padStart(2, "0")}:00:00Z`;
const row = (id: string, status: string, time: string): string => `| ${id} | Work | ${status} | ${time} |\n`;

/** A tracker with a heading, a table of these rows, and text below it. */
function tracker(...rows: string[]): string {
  return `# Project\n\n## Tasks\n\n${HEAD}${rows.join("")}\nNotes.\n`;
}

const A = row("TASK-1", "BACKLOG", at(8));
const B = row("TASK-2", "BACKLOG", at(8));

function merged(base: string, ours: string, theirs: string): string {
  const result = mergeTracker(base, ours, theirs);
  if (!result.ok) throw new Error(result.because);
  return result.text;
}

const because = (base: string, ours: string, theirs: string): string | null => {
  const result = mergeTracker(base, ours, theirs);
  return result.ok ? null : result.because;
};

test("rows that different sides changed are taken from the side that changed them", () => {
  const [a, b] = [row("TASK-1", "DONE", at(9)), row("TASK-2", "DONE", at(10))];
  expect(merged(tracker(A, B), tracker(a, B), tracker(A, b))).toBe(tracker(a, b));
});

test("of one row that both changed the later one stays, and the other one is named", () => {
  const [ours, theirs] = [row("TASK-1", "DONE", at(11)), row("TASK-1", "BLOCKED", at(10))];
  expect(mergeTracker(tracker(A, B), tracker(ours, B), tracker(theirs, B))).toEqual({
    ok: true,
    text: tracker(ours, B),
    superseded: [{ id: "TASK-1", side: "theirs", row: theirs.trim() }],
  });
});

test("a row that both changed is a person's where no time decides", () => {
  const sentence = "TASK-1 changed on both sides, and no time says which is later";
  const done = (time: string): string => tracker(row("TASK-1", "DONE", time));
  const blocked = (time: string): string => tracker(row("TASK-1", "BLOCKED", time));
  expect(because(tracker(A), done(at(9)), blocked(at(9)))).toBe(sentence);
  expect(because(tracker(A), done("soon"), blocked(at(9)))).toBe(sentence);
  // The time of one side is still that of the base: it tells nothing of that side's change.
  expect(because(tracker(A), done(at(9)), blocked(at(8)))).toBe(sentence);
});

test("a row without a column of times is a person's when both changed it, and nobody's when they agree", () => {
  const plain = (...rows: string[]): string => `| ID | Status |\n|---|---|\n${rows.join("")}`;
  const base = plain("| T-1 | open |\n", "| T-2 | open |\n");
  const ours = plain("| T-1 | done |\n", "| T-2 | done |\n");
  expect(because(base, ours, plain("| T-1 | stuck |\n", "| T-2 | done |\n"))).toMatch(/^T-1 changed on both/);
  expect(merged(base, ours, plain("| T-1 | open |\n", "| T-2 | done |\n"))).toBe(ours);
});

test("new rows of both sides stay, each behind the row it was put behind", () => {
  const [c, d, e] = ["TASK-3", "TASK-4", "TASK-10"].map((id) => row(id, "BACKLOG", at(9)));
  expect(merged(tracker(A, B), tracker(A, B, `${e}`), tracker(A, `${c}`, B, `${d}`))).toBe(
    tracker(A, `${c}`, B, `${d}`, `${e}`),
  );
});

test("a row that both made stays once where it is the same, and the later one where it is not", () => {
  const [early, late] = [row("TASK-3", "BACKLOG", at(9)), row("TASK-3", "DONE", at(10))];
  expect(merged(tracker(A), tracker(A, early), tracker(A, early))).toBe(tracker(A, early));
  expect(merged(tracker(A), tracker(A, early), tracker(A, late))).toBe(tracker(A, late));
});

test("a row that one side took away goes, unless the other one changed it", () => {
  const done = row("TASK-2", "DONE", at(9));
  expect(merged(tracker(A, B), tracker(A), tracker(row("TASK-1", "DONE", at(9)), B))).toBe(
    tracker(row("TASK-1", "DONE", at(9))),
  );
  expect(because(tracker(A, B), tracker(A), tracker(A, done))).toBe(
    "TASK-2 was changed on one side and taken away on the other",
  );
});

test("a table that is only drawn wider is not changed", () => {
  const wide = tracker(A, B)
    .replace("| BACKLOG |", "| BACKLOG            |")
    .replace("|--------|", "|-----------|");
  const done = tracker(row("TASK-1", "DONE", at(9)), B);
  expect(merged(tracker(A, B), wide, done)).toBe(done.replace("|--------|", "|-----------|"));
});

test("other columns or another heading on one side and other rows on the other are a person's", () => {
  const done = tracker(row("TASK-1", "DONE", at(9)));
  for (const other of [tracker(A).replace("Title", "Name"), tracker(A).replace("## Tasks", "## Work")])
    expect(because(tracker(A), done, other)).toMatch(/other columns or another heading/);
  // Nothing to lose: the other side has the rows of the base.
  const renamed = tracker(A).replace("## Tasks", "## Work");
  expect(merged(tracker(A), renamed, tracker(A).replace("Notes.", "Noted."))).toBe(
    renamed.replace("Notes.", "Noted."),
  );
});

test("text around the tables is merged line by line, and a person's where both changed it", () => {
  const ours = tracker(A, B).replace("# Project", "# The project");
  const theirs = tracker(row("TASK-1", "DONE", at(9)), B);
  expect(merged(tracker(A, B), ours, theirs)).toBe(theirs.replace("# Project", "# The project"));
  expect(because(tracker(A), tracker(A).replace("Notes.", "x"), tracker(A).replace("Notes.", "y"))).toBe(
    "both sides changed the text around its tables",
  );
});

test("a table in a code block is text, and so is one without its line of dashes", () => {
  const fenced = (cell: string): string => `\`\`\`\n| ID |\n|---|\n| ${cell} |\n\`\`\`\n`;
  expect(because(fenced("a"), fenced("b"), fenced("c"))).toBe(
    "both sides changed the text around its tables",
  );
});

test("rows without ids of their own are merged by position, and a person's where that does not do", () => {
  const list = (...cells: string[]): string =>
    `| When | What |\n|---|---|\n${cells.map((c) => `| x | ${c} |\n`).join("")}`;
  expect(merged(list("a", "b", "c"), list("A", "b", "c"), list("a", "b", "C"))).toBe(list("A", "b", "C"));
  expect(because(list("a"), list("b"), list("c"))).toBe(
    "a table whose rows have no ids of their own changed on both sides",
  );
  const twice = tracker(A, A);
  expect(
    because(twice, tracker(row("TASK-1", "DONE", at(9)), A), tracker(row("TASK-1", "BLOCKED", at(10)), A)),
  ).toMatch(/no ids of their own/);
});

test("a column of entity ids tells rows apart whatever it is called", () => {
  const list = (...rows: string[]): string =>
    `| What | Status | Last updated |\n|---|---|---|\n${rows.join("")}`;
  const one = (status: string, hour: number): string => `| [TASK-1](a.md) | ${status} | ${at(hour)} |\n`;
  expect(merged(list(one("open", 8)), list(one("done", 9)), list(one("stuck", 10)))).toBe(
    list(one("stuck", 10)),
  );
});

test("line ends stay as they are", () => {
  const windows = (text: string): string => text.replaceAll("\n", "\r\n");
  const [ours, theirs] = [tracker(row("TASK-1", "DONE", at(9)), B), tracker(A, row("TASK-2", "DONE", at(9)))];
  expect(merged(windows(tracker(A, B)), windows(ours), windows(theirs))).toBe(
    windows(tracker(row("TASK-1", "DONE", at(9)), row("TASK-2", "DONE", at(9)))),
  );
  expect(merged(HEAD + A + B, HEAD + A.replace("BACKLOG", "DONE") + B, (HEAD + A + B).trimEnd())).toBe(
    (HEAD + A.replace("BACKLOG", "DONE") + B).trimEnd(),
  );
});
