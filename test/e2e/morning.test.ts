/** Three small bugs, three agents, one person: from `dispatch` to what lands. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { processesOf } from "../support/e2e-processes.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";
import { DATES, EXPORT, LOGIN, MORNING, PROJECT, settleIn, TASKS } from "../support/morning.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { scriptedModel } from "../support/scripted-model.ts";

const ID = "morning-20260220-001";
const missing = realClaudeMissing();

async function morning(): Promise<World> {
  const endpoint = await startEndpoint({ scenario: MORNING });
  onTestFinished(() => endpoint.close());
  const world = await openWorld({
    files: PROJECT,
    env: scriptedModel(endpoint.url),
  });
  await settleIn(world);
  return world;
}

const asksFor = (state: WorkflowState, kind: string, subject: string): boolean =>
  state.questions.some((question) => question.kind === kind && question.subject === subject);

/** Everything of the user that nobody may touch. */
async function usersSide(world: World): Promise<readonly string[]> {
  return [
    await world.git("rev-parse", "HEAD"),
    await world.git("status", "--porcelain"),
    await world.git(
      "for-each-ref",
      "--format=%(refname) %(objectname)",
      "refs/heads/trunk",
      "refs/tags",
      "refs/stash",
    ),
    readFileSync(join(world.root, "README.md"), "utf8"),
    readFileSync(join(world.root, ".env"), "utf8"),
  ];
}

describe.skipIf(missing !== null)("an ordinary morning with the real claude program", () => {
  it("turns three tasks into three commits, with the checkout untouched until then", async () => {
    const world = await morning();
    const base = await world.git("rev-parse", "HEAD");
    const before = await usersSide(world);
    const started = await world.run(
      ...["dispatch", ...TASKS, "--check", "npm test", "--use", "claude", "--id", ID, "--yes", "--detach"],
    );
    if (started.code !== 0) throw new Error(started.stderr);
    expect(started.stderr).toMatch(/1 uncommitted file is not in the base \(README\.md\); --include-dirty/);
    expect(started.stderr).toContain("API key");

    // One agent asks, and goes on with what it is told.
    const asked = await world.until(ID, "a question", (state) => asksFor(state, "agent", DATES));
    const question = asked.questions.find(({ subject }) => subject === DATES);
    expect(await world.ok("inbox")).toContain("Should days be those of UTC or of the user?");
    await world.ok("answer", question?.id ?? "", "UTC");

    // One fails its check twice and mends it; one deletes a test, which a person has to see.
    const stands = await world.until(
      ID,
      "everything to wait for a person",
      (state) =>
        asksFor(state, "review", LOGIN) &&
        asksFor(state, "review", DATES) &&
        asksFor(state, "protect", EXPORT),
    );
    expect(stands.deliverables[LOGIN]?.rounds.map((round) => round.verdict)).toEqual([
      "REVISE",
      "REVISE",
      "PASS",
    ]);
    expect(await world.ok("review", EXPORT)).toMatch(
      /delete[sd].*test\/export\.test\.ts|test\/export\.test\.ts.*delete/,
    );
    expect(await usersSide(world)).toEqual(before);

    // Two land, one goes back.
    await world.git("stash", "-q");
    await world.ok("land", "fix-41", "fix-63", "--here");
    await world.git("stash", "pop", "-q");
    await world.ok("send-back", "fix-57", "keep the test");
    await world.until(ID, "the second version", (state) => asksFor(state, "review", EXPORT));
    await world.git("stash", "-q");
    await world.ok("land", "--here");
    await world.git("stash", "pop", "-q");

    expect((await world.git("log", "--reverse", "--format=%an %s", `${base}..trunk`)).split("\n")).toEqual([
      "Ana Fix #41: the login form accepts an empty password",
      "Ana Fix #63: dates are parsed in local time",
      "Ana Fix #57: CSV export drops the last row",
    ]);
    expect((await world.git("diff", "--name-only", base, "trunk")).split("\n")).toEqual([
      "src/dates.ts",
      "src/export.ts",
      "src/login.ts",
    ]);
    expect(await world.git("status", "--porcelain")).toBe("M README.md");
    await world.until(ID, "the end", (state) => state.status === "COMPLETE");
    expect(await world.ok("inbox")).toBe("");
    expect(existsSync(join(world.root, "orchestration"))).toBe(false);
    await eventually("no process is left", () => processesOf(world.folder).length === 0, 60_000);
  });
});
