/** The list of guards cannot rot: what `npm run guards` switches off is there, and its table names it. */
import { describe, expect, it } from "vitest";
import { projectFile, projectFiles } from "../support/markdown.ts";
import { withoutGuard } from "./guard.ts";
import { GUARDS } from "./guards.ts";

describe("every guard of the list", () => {
  it("stands exactly once in its file, and something else than it takes its place", () => {
    for (const guard of GUARDS) {
      const source = projectFile(guard.file);
      expect(withoutGuard(source, guard), guard.name).not.toBe(source);
    }
  });

  it("has a name of its own and a test file that is there", () => {
    expect(new Set(GUARDS.map(({ name }) => name)).size).toBe(GUARDS.length);
    const tests = new Set([...projectFiles("src", ".test.ts"), ...projectFiles("test", ".test.ts")]);
    expect(GUARDS.filter(({ test }) => !tests.has(test)).map(({ test }) => test)).toEqual([]);
  });

  it("has its row in docs/safety.md", () => {
    const page = projectFile("docs/safety.md");
    expect(GUARDS.filter(({ name }) => !page.includes(`| ${name} |`)).map(({ name }) => name)).toEqual([]);
  });
});
