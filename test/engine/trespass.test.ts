/** P6, P7: what a session does to the user's checkout, branches and settings is found, undone where it can be, and goes back to it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loadAdapter } from "../../src/adapters/host/adapters.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { Finding } from "../../src/core/workflow/round.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { AgentAdapter } from "../../src/ports/session-host.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";

let repo: Scratch | undefined;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  repo?.remove();
});

/** What happens while `login` is made for the first time. `$ROOT` is the main checkout. */
interface Scene {
  /** Command line of the session, as an agent with a shell runs it. */
  readonly session: string;
  /** What the user does in another terminal at the same time. */
  readonly user?: string;
  /** The session does nothing else. */
  readonly nothingElse?: boolean;
}

/** The simulated agent with a shell. */
function acting(scene: Scene, root: string): (name: string) => Promise<AgentAdapter> {
  const sh = (text: string, cwd: string) => runProgram("sh", ["-c", text], { cwd, env: GIT_ENV });
  return async (name) => {
    const simulated = await loadAdapter(name);
    return {
      ...simulated,
      run: async (spec, io) => {
        if (spec.subject !== "login" || spec.purpose !== "create") return simulated.run(spec, io);
        const text = scene.session.replaceAll("$ROOT", root);
        io.emit({ at: new Date().toISOString(), type: "tool", tool: "Bash", target: text });
        await sh(text, spec.cwd);
        if (scene.user !== undefined) await sh(scene.user, root);
        if (scene.nothingElse !== true) return simulated.run(spec, io);
        const usage = { costUsd: 0.01, turns: 1, durationMs: 1 };
        const report = "Summary: done.\nSelf-review:\n- nothing found";
        return { kind: "ok", sessionId: spec.conversation, usage, text: report, denials: [] };
      },
    };
  };
}

interface Ran {
  readonly repo: Scratch;
  readonly state: WorkflowState;
  readonly findings: readonly Finding[];
  readonly narrated: readonly string[];
}

async function run(scene: Scene): Promise<Ran> {
  const scratch = await scratchRepository({
    "README.md": "# Scratch\n",
    "src/app.ts": "export const app = 1;\n",
  });
  repo = scratch;
  writeFileSync(join(scratch.root, "notes.md"), "of the user\n");
  await scratch.git("branch", "feature");
  const narrated: string[] = [];
  const dependencies = await engineDependencies(scratch, { narrate: (line) => narrated.push(line) });
  const host = createInProcessHost({
    commonDir: dependencies.repository.commonDir,
    loadAdapter: acting(scene, scratch.root),
  });
  engine = createEngine({ ...dependencies, host });
  const plan = onBase(THREE, await scratch.git("rev-parse", "HEAD"));
  await engine.create(plan, "ana");
  const state = await runApproving(engine, plan.workflow.id);
  const findings = state.deliverables.login?.rounds[0]?.findings ?? [];
  return { repo: scratch, state, findings, narrated };
}

it("finds a file that was written into the main checkout, sends the work back and leaves the file alone", async () => {
  const ran = await run({ session: "echo mine >> $ROOT/notes.md && cp src/app.ts $ROOT/stray.ts" });
  expect(ran.findings.map((f) => [f.severity, f.section])).toEqual([
    ["CRITICAL", "notes.md"],
    ["CRITICAL", "stray.ts"],
  ]);
  expect(readFileSync(join(ran.repo.root, "notes.md"), "utf8")).toBe("of the user\nmine\n");
  expect(ran.state.deliverables.login?.rounds[0]?.verdict).toBe("REVISE");
  expect(ran.state.status).toBe("COMPLETE");
  expect(JSON.stringify(ran.state)).not.toContain(ran.repo.folder);
});

it("finds a branch that was deleted, says how to bring it back, and keeps its commit", async () => {
  const ran = await run({ session: "git branch -D feature" });
  const tip = await ran.repo.git("rev-parse", "trunk");
  expect(ran.findings).toMatchObject([
    { section: "feature", action: expect.stringContaining(`git branch feature ${tip}`) },
  ]);
  expect(await ran.repo.git("for-each-ref", "--format=%(objectname)", "refs/signalbox/preserved")).toContain(
    tip,
  );
  expect(ran.narrated.join("\n")).toContain("git branch -D feature");
});

it("takes a hook and a setting of the session away again, and says so", async () => {
  const ran = await run({
    session: "git config core.editor evil; printf '#!/bin/sh\\n' > $ROOT/.git/hooks/pre-commit",
  });
  expect(ran.findings.map((f) => f.section).sort()).toEqual(["core.editor", "hooks/pre-commit"]);
  expect(ran.findings.find((f) => f.section === "core.editor")?.evidence).toContain("It was taken away.");
  expect(existsSync(join(ran.repo.root, ".git/hooks/pre-commit"))).toBe(false);
  await expect(ran.repo.git("config", "core.editor")).rejects.toThrow();
});

it("lets the user's own work of the same time alone: nothing is found, nothing is put back", async () => {
  const ran = await run({
    session: "cat $ROOT/notes.md; git log --oneline feature trunk; git -C $ROOT status; git diff trunk",
    user: "echo more >> notes.md; git branch -f feature HEAD~0; git commit -q --allow-empty -m own; git stash -u; git config core.editor vi",
  });
  expect(ran.findings).toEqual([]);
  expect(ran.state.status).toBe("COMPLETE");
  expect(await ran.repo.git("config", "core.editor")).toBe("vi");
  expect(await ran.repo.git("log", "-1", "--format=%s", "trunk")).toBe("own");
  expect(await ran.repo.git("stash", "list")).toContain("stash@{0}");
});

it("does not take work that only went into the main checkout for a change of nothing", async () => {
  const ran = await run({ session: "echo 'export const b = 2;' > $ROOT/src/b.ts", nothingElse: true });
  expect(ran.findings.map((f) => f.section)).toEqual(["src/b.ts"]);
  expect(ran.state.deliverables.login?.rounds.map((r) => r.verdict)).toEqual(["REVISE", "PASS"]);
  expect(ran.state.status).toBe("COMPLETE");
});
