import { expect, it } from "vitest";
import { readTasks } from "./read-tasks.ts";

it("takes each paragraph for a task, with its line breaks", () => {
  expect(readTasks("Fix the login.\nIt accepts an empty password.\n\n\nFix the export\r\n").tasks).toEqual([
    "Fix the login.\nIt accepts an empty password.",
    "Fix the export",
  ]);
});

it("takes each item of the outermost list, with everything that is indented below it", () => {
  const text = [
    "- [ ] Fix the login",
    "  - also on the phone",
    "",
    "  It happens since Monday.",
    "* Fix the export",
    "drops a row",
    "10. Fix the dates",
    "    ```",
    "",
    "    new Date()",
    "    ```",
  ].join("\n");
  expect(readTasks(text).tasks).toEqual([
    "Fix the login\n- also on the phone\n\nIt happens since Monday.",
    "Fix the export\ndrops a row",
    "Fix the dates\n```\n\nnew Date()\n```",
  ]);
});

it("says what it did not take for a task", () => {
  const text = [
    "# Monday",
    "",
    "Today:",
    "",
    "- [x] Fix the login",
    "- Fix the export",
    "<!-- not",
    "",
    "this -->",
    "",
    "Later",
    "-----",
    "",
    "#41 again",
  ].join("\n");
  expect(readTasks(text)).toEqual({
    tasks: ["Fix the export", "#41 again"],
    skipped: [
      "line 1 (heading): Monday",
      "line 3 (introduces a list): Today:",
      "line 5 (done): Fix the login",
      "line 11 (heading): Later",
    ],
  });
});

it("leaves a list in its paragraph where no empty line is between them", () => {
  expect(readTasks("Fix the login:\n- on the phone\n- on the desk\n").tasks).toEqual([
    "Fix the login:\n- on the phone\n- on the desk",
  ]);
});

it("keeps empty lines and marks inside fenced code, whose block goes with the words above it", () => {
  expect(readTasks("Make this work:\n```sh\nx\n\n- y\n# z\n```\n\nNext").tasks).toEqual([
    "Make this work:\n```sh\nx\n\n- y\n# z\n```",
    "Next",
  ]);
});

it("does not need the list to begin in the first column", () => {
  expect(readTasks("   - a\n   - b\n     c").tasks).toEqual(["a", "b\nc"]);
});

it.each(["", "\n \n\t\n", "# Only a heading\n", "---\n"])("finds nothing in %j", (text) => {
  expect(readTasks(text).tasks).toEqual([]);
});
