/** The same ways out as in escapes.test.ts, in a shell: found out afterwards without a sandbox, of no effect in one (P7). */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makePlace, promptOf, specOf, startSession } from "../../../test/support/agent-sessions.ts";
import { contents, type Ground, namesBelow, shellScript } from "../../../test/support/escapes.ts";
import { openRealWorld, realClaudeMissing } from "../../../test/support/real-claude.ts";
import { bubblewrapMissing, CONFINED, writeProgram } from "../../../test/support/sandbox.ts";
import type { AgentAdapter, SessionSpec } from "../../ports/session-host.ts";
import { createAdapter as createSdk } from "./claude.ts";
import { createAdapter as createCli } from "./claude-cli.ts";
import { createAdapter as createCommand } from "./command.ts";

/** A user's checkout with a worktree beside it, below `root`. */
function groundIn(root: string): Ground {
  const [outside, cwd] = [path.join(root, "outside"), path.join(root, "worktree")];
  mkdirSync(outside);
  const git = (...args: readonly string[]): void => {
    execFileSync("git", ["-C", outside, "-c", "user.name=Ana", "-c", "user.email=a@b.c", ...args]);
  };
  git("init", "-q");
  writeFileSync(path.join(outside, "theirs.md"), "theirs\n");
  git("add", "-A");
  git("commit", "-qm", "start");
  git("worktree", "add", "-q", "-f", "-b", "work", cwd);
  return { outside: realpathSync(outside), cwd: realpathSync(cwd) };
}

/** Files outside the worktree that the shell made or changed. */
function escaped({ cwd, outside }: Ground, before: Readonly<Record<string, string>>): readonly string[] {
  const after = contents(outside);
  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  const beside = namesBelow(path.dirname(cwd)).filter((name) => !name.startsWith(`${cwd}/`));
  const made = [...beside, "/escaped-signalbox.md"].filter((name) => name.includes("escaped"));
  return [...new Set([...changed, ...made.filter((name) => existsSync(name))])];
}

const noSandbox = await bubblewrapMissing();
const noClaude = realClaudeMissing();

describe("thirty ways out in a shell", () => {
  const ran = async (over: Partial<SessionSpec>, free = false): Promise<readonly string[]> => {
    const place = makePlace();
    onTestFinished(place.remove);
    const ground = groundIn(place.root);
    const home = path.join(place.root, "home");
    mkdirSync(home);
    const before = contents(ground.outside);
    const agent = writeProgram(path.join(place.root, "agent.sh"), `${shellScript(ground, free)}\nexit 0`);
    const env = { PATH: process.env.PATH ?? "", HOME: home };
    const spec = specOf(ground.cwd, { env, command: [agent], ...over });
    expect(await startSession(createCommand(), spec).outcome).toMatchObject({ kind: "ok" });
    return escaped(ground, before);
  };

  it("lead out of the worktree of a program that is free", async () => {
    expect((await ran({}, true)).length).toBeGreaterThan(6);
  });

  it.skipIf(noSandbox !== null)("lead nowhere in a sandbox", async () => {
    expect(await ran(CONFINED)).toEqual([]);
  });
});

describe
  .skipIf(noSandbox !== null || noClaude !== null)
  .each<[string, (hookProgram: string, toolProgram: string) => AgentAdapter]>([
    ["claude", createSdk],
    ["claude-cli", (hookProgram, toolProgram) => createCli({ hookProgram, toolProgram })],
  ])("the real agent through %s in a sandbox", (_, create) => {
  it("gets nowhere with them in its shell, does its work, and goes on with its conversation", async () => {
    const calls: { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
    const world = await openRealWorld({
      deliverables: {
        get alpha() {
          return { calls };
        },
      },
    });
    onTestFinished(() => world.close());
    execFileSync("rm", ["-r", world.place.cwd]);
    const ground = groundIn(world.place.root);
    calls.push({
      tool: "Bash",
      input: { command: `${shellScript(ground)}\ntouch ran; git add ran; git status -s > status` },
    });
    const before = contents(ground.outside);
    const adapter = create(world.hookProgram, world.toolProgram);
    const tools = ["Bash", "Read", "Edit", "Write"];
    const spec = world.spec({ tools, ...CONFINED, prompt: promptOf({ artifact: "out/alpha.md" }) });
    const session = startSession(adapter, spec);
    const first = await session.outcome;

    expect(first, JSON.stringify(session.events.slice(-5))).toMatchObject({ kind: "ok" });
    expect(escaped(ground, before)).toEqual([]);
    const inside = contents(ground.cwd);
    expect(inside[path.join(ground.cwd, "status")]).toMatch(/^A {2}ran$/m);
    expect(inside[path.join(ground.cwd, "out/alpha.md")]).toBeTruthy();
    // Its tools reach the host, and its conversation is kept where the user's Claude keeps it.
    expect(session.events).toContainEqual(
      expect.objectContaining({ type: "note", text: "register_artifact: out/alpha.md" }),
    );
    const prompt = promptOf(
      { "signalbox-task": "revise", round: "2 of 3", artifact: "out/alpha.md" },
      "- F-1-1 HIGH",
    );
    calls.length = 0;
    const costBefore = first.usage.costUsd ?? Number.NaN;
    const second = await startSession(adapter, { ...spec, prompt, resume: true, costBefore }).outcome;
    expect(second).toMatchObject({ kind: "ok", sessionId: first.sessionId });
    expect(contents(ground.cwd)[path.join(ground.cwd, "out/alpha.md")]).toContain("F-1-1: answered");
    const state = namesBelow(path.join(world.place.root, "home")).map((name) => path.basename(name));
    expect(state.filter((name) => name.endsWith(".jsonl"))).toEqual([`${spec.conversation}.jsonl`]);
    expect(state.filter((name) => /settings|shell-snapshots|\.claude\.json/.test(name))).toEqual([]);
  });
});
