/** `signalbox open` and `exec`: a person goes to a slot's worktree. Programs run for real, from the built product. */
import { chmod, mkdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { RunSettings } from "../../src/core/definition.ts";
import type { SessionRecord } from "../../src/core/workflow/session-record.ts";
import { THREE } from "../builders/worlds.ts";
import { builtProduct } from "../support/e2e-build.ts";
import { aWorld, type Ran, told, type World } from "./harness.ts";

const ID = THREE.workflow.id;
const BRANCH = `signalbox/${ID}/login.1.1`;

interface Opened extends World {
  /** Worktree of the slot `login`. */
  readonly path: string;
  /** Records that a session runs there. */
  occupy(): Promise<void>;
  /** The built program, so that what it starts has streams of its own. */
  real(env: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ran>;
}

/** The slot `login` has begun its first attempt in a worktree; `settings` are its own. */
async function begun(settings: Partial<RunSettings> = {}): Promise<Opened> {
  const world = await aWorld();
  const engine = await world.coordinate();
  const base = (await world.git("rev-parse", "HEAD")).trim();
  const deliverables = THREE.deliverables.map((one) => ({
    ...one,
    settings: { ...one.settings, ...settings },
  }));
  await engine.create({ ...THREE, base: { ...THREE.base, commit: base }, deliverables }, "ada");
  const repository = await openRepository(world.root, { env: world.env });
  const { path } = await repository.addWorktree({ workflow: ID, branch: BRANCH, base });
  await engine.append(ID, [
    { at: engine.now(), type: "deliverable.attempted", subject: "login", attempt: 1, branch: BRANCH, base },
  ]);
  const [file, script] = (await builtProduct()).command;
  const real: Opened["real"] = async (env, ...argv) => {
    const all = { ...(world.env as Readonly<Record<string, string>>), ...env };
    const ran = await runProgram(file, [script, ...argv], { cwd: world.root, env: all });
    return { code: ran.code ?? -1, stdout: ran.stdout.toString("utf8"), stderr: ran.stderr };
  };
  const occupy = async (): Promise<void> => {
    const at = engine.now();
    const session: SessionRecord = {
      id: `${ID}/1/login/1/create`,
      purpose: "create",
      subject: "login",
      epoch: 1,
      attempt: 1,
      round: 1,
      part: 1,
      role: "coder",
      adapter: "simulated",
      conversation: "c",
      status: "DISPATCHED",
      dispatchedAt: at,
      reservedUsd: 0,
    };
    await engine.append(ID, [{ at, type: "session.dispatched", session }]);
  };
  return { ...world, path: await realpath(path), real, occupy };
}

/** A program in a folder of its own that writes its arguments and where it stands. */
async function aProgram(world: World, name: string): Promise<string> {
  const folder = join(world.root, "..", "bin");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), '#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$PWD" "$@"\n');
  await chmod(join(folder, name), 0o755);
  return `${folder}:${process.env.PATH}`;
}

async function whereIs(program: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? "" };
  const found = await runProgram("sh", ["-c", `command -v ${program}`], { cwd: "/", env });
  return found.stdout.toString("utf8").trim();
}

describe("open", () => {
  it("prints the path of the worktree alone", async () => {
    const world = await begun();
    expect(told(await world.run("open", "login", "--print"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      <folder>/shop-wt/signalbox/three-fixes-20260220-001/login.1.1"
    `);
    expect(JSON.parse((await world.run("open", "log", "--print", "--json")).stdout)).toMatchObject({
      workflow: ID,
      slot: "login",
      occupied: false,
    });
  });

  it("opens the editor that was named, else VISUAL, EDITOR, or one with windows that is installed", async () => {
    const world = await begun();
    const PATH = await aProgram(world, "code");
    await aProgram(world, "ed it");
    const lines = async (env: Readonly<Record<string, string>>, ...flags: readonly string[]) =>
      (await world.real({ PATH, ...env }, "open", "login", ...flags)).stdout.trim().split("\n");
    expect(await lines({})).toEqual(["code", world.path, world.path]);
    const editor = "'ed it' --wait";
    expect(await lines({ EDITOR: editor })).toEqual(["ed it", world.path, "--wait", world.path]);
    expect(await lines({ VISUAL: editor, EDITOR: "false" })).toEqual([
      "ed it",
      world.path,
      "--wait",
      world.path,
    ]);
    expect(await lines({ VISUAL: "false" }, "--editor", "code -n")).toEqual([
      "code",
      world.path,
      "-n",
      world.path,
    ]);
  });

  it("says what to do where no editor is known, and that a shell needs a terminal", async () => {
    const world = await begun();
    const bare = { ...world.env, PATH: join(world.root, "..", "bin") };
    await mkdir(bare.PATH);
    await symlink(await whereIs("git"), join(bare.PATH, "git"));
    const without = await world.runWith({ env: bare }, "open", "login");
    expect(told(without)).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ No editor is known: neither VISUAL nor EDITOR is set
      ↳ Name one: signalbox open <slot> --editor vim
      ↳ Or look with a shell: signalbox open <slot> --shell"
    `);
    expect((await world.run("open", "login", "--shell")).stderr).toContain("A shell needs a terminal");
  });

  it("says which ref holds the work where the worktree is gone, with commands that show it", async () => {
    const world = await begun();
    await world.git("worktree", "remove", world.path);
    expect(told(await world.run("open", "login", "--print"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ The worktree of login is gone; signalbox/three-fixes-20260220-001/login.1.1 holds its work
      ↳ See it: git log -p signalbox/three-fixes-20260220-001/login.1.1
      ↳ Have it in a folder: git worktree add --detach <folder>/shop-login signalbox/three-fixes-20260220-001/login.1.1"
    `);
    await world.git("branch", "-D", BRANCH);
    await world.git("update-ref", `refs/signalbox/preserved/${ID}/login.1.1`, "HEAD");
    const preserved = await world.run("open", "login");
    expect(preserved.stderr).toContain(`refs/signalbox/preserved/${ID}/login.1.1 holds its work`);
    expect((await world.run("open", "export")).stderr).toContain("there is no work of it yet");
    await rm(world.path, { recursive: true, force: true });
  });
});

describe("exec", () => {
  it("runs a command in the worktree and ends with its code", async () => {
    const world = await begun();
    const ran = await world.real(
      {},
      "exec",
      "login",
      "--",
      "sh",
      "-c",
      'pwd; echo "$1" >&2; exit 7',
      "sh",
      "-x",
    );
    expect(ran).toEqual({ code: 7, stdout: `${world.path}\n`, stderr: "-x\n" });
    const killed = await world.real({}, "exec", "login", "--", "sh", "-c", "kill -KILL $$");
    expect(killed.code).toBe(137);
  });

  it("gives it the environment of the sessions: what is named, the ports of the worktree, nothing else", async () => {
    const world = await begun({
      env: { pass: ["SHARED"], set: { MODE: "test", URL: "http://localhost:${" + "{ port.1 }}" } },
    });
    const ran = await world.real({ SHARED: "yes", SECRET: "no" }, "exec", "login", "--", "env");
    const env = new Map(ran.stdout.split("\n").map((line) => line.split("=", 2) as [string, string]));
    expect([env.get("SHARED"), env.get("MODE"), env.has("SECRET")]).toEqual(["yes", "test", false]);
    const port = Number(env.get("SIGNALBOX_PORT_0"));
    expect(env.get("URL")).toBe(`http://localhost:${port + 1}`);
    const again = await world.real({}, "exec", "login", "--", "sh", "-c", "echo $SIGNALBOX_PORT_0");
    expect(Number(again.stdout)).toBe(port);
  });

  it("names what cannot be started, and asks for a command", async () => {
    const world = await begun();
    expect((await world.run("exec", "login")).stderr).toContain("No command was given");
    const ran = await world.run("exec", "login", "--", "no-such-program");
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringContaining("no-such-program could not be started: is not on the PATH"),
    ]);
  });

  it("warns where an agent works there right now", async () => {
    const world = await begun();
    await world.occupy();
    const ran = await world.real({}, "exec", "login", "--", "true");
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("an agent works on login right now")]);
  });

  it("is refused inside a session", async () => {
    const world = await begun();
    const env = { ...world.env, SIGNALBOX_SESSION: "x" };
    expect((await world.runWith({ env }, "exec", "login", "--", "true")).code).toBe(2);
    expect((await world.runWith({ env }, "open", "login", "--editor", "true")).code).toBe(2);
  });
});
