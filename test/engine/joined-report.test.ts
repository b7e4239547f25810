/** What is left of both sides after a join, on real commits. */
import { afterEach, describe, expect, it } from "vitest";
import type { Rejoin } from "../../src/core/workflow/rejoin.ts";
import { joinedReport } from "../../src/engine/perform-join.ts";
import { engineDependencies } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

let repo: Scratch | undefined;
afterEach(() => repo?.remove());

const LINES = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
const text = (changes: Readonly<Record<string, string>>): string =>
  `${LINES.map((line) => changes[line] ?? line).join("\n")}\n`;

/** Ours renames the file and changes `one`; what is merged changes `one` and `five` under the old name. */
async function renamed(result: string): Promise<Awaited<ReturnType<typeof joinedReport>>> {
  const made = await scratchRepository({ "src/old.ts": text({}) });
  repo = made;
  const start = await made.git("rev-parse", "HEAD");
  const commit = async (files: Readonly<Record<string, string>>): Promise<string> => {
    for (const [path, content] of Object.entries(files)) await made.write(path, content);
    await made.git("add", "-A");
    await made.git("commit", "-qm", "x");
    return made.git("rev-parse", "HEAD");
  };
  await made.git("mv", "src/old.ts", "src/new.ts");
  const from = await commit({ "src/new.ts": text({ one: "ours" }) });
  await made.git("reset", "-q", "--hard", start);
  const onto = await commit({ "src/old.ts": text({ one: "theirs", five: "FIVE" }) });
  await made.git("reset", "-q", "--hard", from);
  const joined = await commit({ "src/new.ts": `<<<<<<<\n${text({ five: "FIVE" })}` });
  const tip = await commit({ "src/new.ts": result });
  const rejoin: Rejoin = { why: "conflict", onto, from, joined, files: ["src/new.ts"] };
  return joinedReport(await engineDependencies(made), rejoin, tip);
}

describe("a join of a file that one side renamed", () => {
  it("is whole with the lines of both, also where the other one changed more under the old name", async () => {
    expect(await renamed(`ours\n${text({ one: "theirs", five: "FIVE" })}`)).toEqual({
      marks: [],
      dropped: [],
    });
  });

  it("lacks what was written under the old name", async () => {
    expect((await renamed(text({ one: "ours" })))?.dropped).toEqual([
      { side: "merged", path: "src/new.ts", line: 1, text: "theirs" },
      { side: "merged", path: "src/new.ts", line: 5, text: "FIVE" },
    ]);
  });
});

it("a mark in the middle of a conflict is one too", async () => {
  const left = text({ one: "ours\n=======\ntheirs", five: "FIVE" });
  expect((await renamed(left))?.marks).toEqual(["src/new.ts:2"]);
});
