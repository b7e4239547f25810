// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
/** What a fresh worktree gets: packages of the lockfile, ports, no secrets unless somebody said so; and what happens when that fails. */
import { existsSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { openWorld, type World } from "../support/e2e-world.ts";

async function tool(world: World, program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, { cwd: world.root, env: world.env });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout.toString("utf8");
}

/** A project with one package, installed in the checkout. */
async function npmWorld(more: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = await openWorld({ files: { ".gitignore": "node_modules/\n.env\n", ...more } });
  world.write("draft/package/package.json", '{"name":"tool","version":"1.0.0","bin":"run.js"}');
  world.write("draft/package/run.js", '#!/usr/bin/env node\nconsole.log("the tool runs");\n');
  mkdirSync(join(world.root, "packed"));
  await tool(world, "tar", "-czf", "packed/tool-1.0.0.tgz", "-C", "draft", "package");
  await tool(world, "rm", "-r", "draft");
  world.write("package.json", '{"name":"shop","dependencies":{"tool":"file:packed/tool-1.0.0.tgz"}}');
  await tool(world, "npm", "install", "--offline", "--no-audit", "--no-fund");
  await world.git("add", "-A");
  await world.git("commit", "-q", "-m", "a tool");
  return world;
}

const FIXES = `workflow: Fixes
id: fixes
checks: ["node_modules/.bin/tool && test $PORT = $SIGNALBOX_PORT_0 && test ! -e .env"]
env: { set: { PORT: "\${{ port.0 }}" } }
provision: { copy: [".env*"] }
stages:
  - phase: Fix
    slots:
      - { id: one, brief: one }
      - { id: two, brief: two }
`;

describe("a fresh worktree", () => {
  it("has the packages of its lockfile and ports of its own, and not the user's secrets", async () => {
    const world = await npmWorld();
    world.write(".env", "TOKEN=hunter2-secret\n");
    const path = await world.define("fixes", FIXES);
    const ran = await world.run("run", path, "--use", "simulated", "--yes");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toMatch(/space +\d+ worktrees, about .*; .* free/);
    expect(ran.stderr).toContain(
      ".env not copied; to allow it, write `provision: { copy: [.env] }` into signalbox.yaml",
    );
    const said = await world.ok("logs", "one", "--provision");
    expect(said).toMatch(/package-lock\.json: node_modules (copied from the checkout|moved from a worktree)/);
    expect(await world.ok("logs", "one", "--checks")).toContain("the tool runs");
    const kept = readFileSync(join(world.env.HOME ?? "", ".local/state/signalbox/ports.json"), "utf8");
    const firsts = [...kept.matchAll(/"first": (\d+)/g)].map((match) => match[1]);
    expect(new Set(firsts).size).toBe(firsts.length);
    expect(await world.git("status", "--porcelain")).toBe("");
    expect(lstatSync(join(world.root, "node_modules/tool/run.js")).nlink).toBe(1);
  });

  it("has the packages of the lockfile that its own commit brings, also where checks look at it", async () => {
    const world = await npmWorld();
    const next = await world.git("rev-parse", "HEAD");
    world.write("package.json", '{"name":"shop","dependencies":{}}');
    await tool(world, "npm", "install", "--offline", "--no-audit", "--no-fund");
    await world.git("commit", "-qam", "without the tool");
    const yaml = FIXES.replace(/checks:.*/, "checks: [node_modules/.bin/tool]").replace(
      "id: fixes",
      "id: older",
    );
    const path = await world.define("older", yaml);
    const ran = await world.run("run", path, "--use", "simulated", "--yes", "--base", next);
    expect(ran).toMatchObject({ code: 0 });
    const logs = [];
    for (const subject of ["base", "one", "two"]) logs.push(await world.ok("logs", subject, "--provision"));
    const said = logs.join("");
    expect(said.match(/installed with npm/g)).toHaveLength(1);
    expect(
      said.match(/copied from an earlier install|moved from a worktree that is done with/g),
    ).toHaveLength(4);
  });
});

describe("a preparation that fails", () => {
  it("is told as that, with command, exit code and the end of its output, and is no finding", async () => {
    const world = await openWorld();
    const yaml = FIXES.replace(/checks:.*\nenv:.*\n/, "").replace(
      'copy: [".env*"]',
      'run: ["echo there is no database >&2; exit 9"]',
    );
    const path = await world.define("fixes", yaml);
    const ran = await world.run("run", path, "--use", "simulated", "--yes");
    expect(ran.code).toBe(5);
    const state = await world.state("fixes");
    const question = state?.questions.find((one) => one.subject === "one");
    expect(question).toMatchObject({ kind: "failure" });
    expect(question?.reason).toMatch(
      /exit 9" failed with exit code 9, 2 times \(all of its output: \.git\/.*one\.1\.1\.log\)\nthere is no database$/,
    );
    expect(state?.deliverables.one?.rounds).toEqual([]);
    expect(existsSync(join(world.root, ".git/signalbox/fixes/provision/one.1.1.log"))).toBe(true);
    expect(await world.ok("logs", "one", "--provision")).toContain("there is no database");
  });
});
