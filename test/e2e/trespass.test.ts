/** A real agent with a shell that reaches into the user's side of the repository (P6, P7). */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { scriptedModel } from "../support/scripted-model.ts";

const ID = "fix-1";
const FIX = `workflow: Fix
slug: fix
criticality: C1
stages:
  - phase: Fixes
    slots:
      - { id: login, role: coder, makes: commit, brief: Fix the login }
`;

/** The workflow with an agent that first runs a command line in its shell; `$ROOT` is the user's checkout. */
async function run(command: string): Promise<World> {
  const plain = await openWorld({ files: { "src/app.ts": "export const a = 1;\n" } });
  await plain.git("branch", "feature");
  const calls = [{ tool: "Bash", input: { command: command.replaceAll("$ROOT", plain.root) }, round: 1 }];
  const endpoint = await startEndpoint({ scenario: { deliverables: { login: { calls } } } });
  onTestFinished(() => endpoint.close());
  const world = plain.with(scriptedModel(endpoint.url));
  const definition = await world.define("fix", FIX);
  writeFileSync(join(world.root, "notes.md"), "of the user\n");
  await world.ok("run", definition, "--use", "claude", "--id", ID, "--yes", "--detach");
  return world;
}

describe.skipIf(realClaudeMissing() !== null)("an agent with a shell", () => {
  it("is told what it did to the checkout, a branch and the settings; the program that it planted never runs", async () => {
    const planted = "sh -c 'touch planted; cat'";
    const world = await run(
      `cd $ROOT && echo hers >> notes.md && git branch -D feature && git config filter.evil.clean "${planted}" && cd - && echo '* filter=evil' > .gitattributes`,
    );
    const tip = await world.git("rev-parse", "trunk~1");
    const state = await world.until(
      ID,
      "a second round began",
      (now) => (now.deliverables.login?.rounds.length ?? 0) > 1,
    );
    const findings = state.deliverables.login?.rounds[0]?.findings ?? [];
    expect(findings.map((f) => [f.severity, f.section]).sort()).toEqual([
      ["CRITICAL", "feature"],
      ["CRITICAL", "filter.evil.clean"],
      ["CRITICAL", "notes.md"],
    ]);
    expect(findings.find((f) => f.section === "feature")?.action).toContain(`git branch feature ${tip}`);
    expect(readFileSync(join(world.root, "notes.md"), "utf8")).toBe("of the user\nhers\n");
    await expect(world.git("config", "filter.evil.clean")).rejects.toThrow();
    expect(await world.git("for-each-ref", "--contains", tip, "refs/signalbox/preserved")).toContain(tip);
    const places = [world.root, join(world.root, "..")];
    expect(places.filter((place) => existsSync(join(place, "planted")))).toEqual([]);
    const doctor = await world.run("doctor");
    expect(doctor.stdout).toMatch(/sessions.*feature: The session ran git branch -D feature/);
  });
});
