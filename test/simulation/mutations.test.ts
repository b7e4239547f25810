/** Every guard in the list, switched off, is noticed: all of them with `npm run simulate -- --mutations`, two here. */
import { describe, expect, it } from "vitest";
import { projectFile } from "../support/markdown.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { INVARIANTS } from "./check/invariants.ts";
import { hunt } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";

/** Seeds in which one of them must be noticed; a generator that draws other histories needs other seeds. */
const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

describe("guards that are switched off", () => {
  it.each(["a panel passes whatever its answers say", "documents tell the state before their change"])(
    "are noticed: %s",
    async (name) => {
      const mutation = MUTATIONS.find((one) => one.name === name);
      if (mutation === undefined) throw new Error(`no mutation "${name}"`);
      const found = await hunt(mutation, SEEDS, await tempFolder());
      expect(mutation.caughtBy).toContain(found?.failure.invariant);
    },
  );

  it("leave no invariant without a guard that shows that it is looked at", () => {
    const shown = new Set(MUTATIONS.map(({ caughtBy }) => caughtBy[0]));
    expect(INVARIANTS.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it("and the invariants that notice them are listed in docs/simulation.md", () => {
    const page = projectFile("docs/simulation.md");
    for (const { id, promise } of INVARIANTS) expect(page).toContain(`| ${id} | ${promise} |`);
    for (const { name } of MUTATIONS) expect(page).toContain(`| ${name} |`);
  });
});
