import { expect, it } from "vitest";
import { idProblem } from "../../core/plan/names.ts";
import { taskIds } from "./task-ids.ts";

it("makes ids of the telling words of a task", () => {
  expect(
    taskIds([
      "Fix #41: the login form accepts an empty password",
      "CSV export drops the last row\n\nMore about it here.",
      "Don't parse dates in local time",
      "Über-große Dateien ablehnen",
      "Antidisestablishmentarianismically_and_more",
    ]),
  ).toEqual([
    "fix-41-login-form-accepts",
    "csv-export-drops-last-row",
    "dont-parse-dates-local-time",
    "uber-grosse-dateien-ablehnen",
    "antidisestablishmentarianism",
  ]);
});

it("numbers tasks that begin alike, so that a task added at the end renames none before it", () => {
  const tasks = ["Fix the tests", "Fix tests!", "Fix the tests again"];
  expect(taskIds(tasks)).toEqual(["fix-tests", "fix-tests-2", "fix-tests-again"]);
  expect(taskIds([...tasks, "fix, tests"]).slice(0, 3)).toEqual(taskIds(tasks));
});

it.each([
  ["main", "task-main"],
  ["41", "task-41"],
  ["Phase 2", "task-phase-2"],
  ["日本語の課題", "task"],
  ["...", "task"],
  ["to be", "to-be"],
])("gives %j an id that can name a branch: %s", (task, id) => {
  expect(taskIds([task])).toEqual([id]);
  expect(idProblem(id)).toBeNull();
});
