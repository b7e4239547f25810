/** `signalbox land`: what is wrong with what was asked, where it was asked, or with the target. Each says so, with a way out that can
 * be typed, and nothing of the user's is touched. And who lands beside, where a person looks. */
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLandingQueue } from "../../src/adapters/git/landing-queue.ts";
import type { CliIo } from "../../src/cli/io.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { World as RulesWorld } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";
import { eventually } from "../support/eventually.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = "three-fixes-20260220-001";
/** Branch of the attempt that made the work. */
const BRANCH = `signalbox/${ID}/login.1.1`;

interface Accepted {
  /** Commit that is accepted; default one that changes `src/login.js`. */
  readonly commit?: string;
  /** What the workflow lands on; null = it was started from no branch. */
  readonly target?: string | null;
}

/** Three accepted slots that wait to be landed, over commits that are really there; `login` has one of its own. */
async function accepted({ commit, target = "main" }: Accepted = {}): Promise<World> {
  const world = await aWorld();
  const git = async (...args: readonly string[]): Promise<string> => (await world.git(...args)).trim();
  const base = await git("rev-parse", "HEAD");
  await git("switch", "-q", "-c", BRANCH);
  await world.write("src/login.js", "checked\n");
  await git("add", "-A");
  await git("commit", "-q", "-m", "work");
  const work = commit ?? (await git("rev-parse", "HEAD"));
  await git("switch", "-q", "main");
  const rules = new RulesWorld({ ...THREE, finish: { ...THREE.finish, per: "slot" } });
  const approved = rules.run().deliverables.login?.commit ?? expect.fail("no login");
  const events = JSON.stringify(rules.events)
    .replaceAll(`"${approved}"`, "@")
    .replaceAll(/"[0-9a-f]{40}"/g, `"${base}"`)
    .replaceAll("@", `"${work}"`)
    .replace(/"target":"[^"]*"/, `"target":${JSON.stringify(target)}`);
  await (await world.coordinate()).append(ID, JSON.parse(events) as WorkflowEvent[]);
  return world;
}

/** Refs, worktrees, settings, index and files: everything of the user's that a landing could touch. */
async function picture(world: World): Promise<string> {
  const looks = [
    ["for-each-ref"],
    ["symbolic-ref", "-q", "HEAD"],
    ["status", "--porcelain=v2", "--ignored", "--untracked-files=all"],
    ["ls-files", "--stage"],
    ["worktree", "list", "--porcelain"],
    ["config", "--local", "--list"],
  ].map((args) => world.git(...args).catch((error: unknown) => String(error)));
  const names = (await readdir(world.root, { recursive: true })).filter((name) => !name.startsWith(".git"));
  const files = names.sort().map(async (name) => {
    const text = await readFile(join(world.root, name), "utf8").catch(() => "a folder");
    return `${name}: ${text}`;
  });
  return (await Promise.all([...looks, ...files])).join("---\n");
}

/** What it says, once it was seen to change nothing. */
async function refusal(world: World, ...argv: readonly string[]): Promise<string> {
  return refusedIn(world, { cwd: world.root }, ...argv);
}

async function refusedIn(world: World, io: Partial<CliIo>, ...argv: readonly string[]): Promise<string> {
  const before = await picture(world);
  const ran = await world.runWith(io, ...argv);
  expect(await picture(world)).toBe(before);
  expect(ran.code).not.toBe(0);
  return `${argv.join(" ")}: ${told(ran)
    .replaceAll(/\b[0-9a-f]{12,40}\b/g, "<commit>")
    .replaceAll(String(process.pid), "<pid>")
    .replaceAll(hostname(), "<host>")}`;
}

/** A PATH with git and a shell, and nothing else; wherever a `gh` may be installed. */
async function bareProgramPath(world: World): Promise<string> {
  const folder = join(world.root, "../programs");
  await mkdir(folder);
  await symlink(join((await world.git("--exec-path")).trim(), "git"), join(folder, "git"));
  await symlink("/bin/sh", join(folder, "sh"));
  return folder;
}

describe("land refuses, and changes nothing,", () => {
  it("what is not there: a slot, a target, a remote, gh", async () => {
    const world = await accepted();
    const said = [
      await refusal(world, "land", "loogin", "--here"),
      await refusal(world, "land", "login", "--here", "--to", "nowhere"),
      await refusal(world, "land", "login", "--here", "--to", "HEAD"),
      await refusal(world, "land", "login", "--push"),
    ];
    await world.git("clone", "-q", "--bare", world.root, join(world.root, "../remote.git"));
    await world.git("remote", "add", "origin", join(world.root, "../remote.git"));
    said.push(await refusal(world, "land", "login", "--push", "--to", "nowhere"));
    const env = { ...world.env, PATH: await bareProgramPath(world) };
    said.push(await refusedIn(world, { cwd: world.root, env }, "land", "login", "--pr"));
    expect(said.join("\n\n")).toMatchInlineSnapshot(`
      "land loogin --here: exit 2
      --- stderr
      ✗ No slot is named loogin
      ↳ The nearest is login
      ↳ Known: login, export, dates; to list them: signalbox status

      land login --here --to nowhere: exit 2
      --- stderr
      ✗ There is no branch nowhere to land on
      ↳ To see which there are: git branch --list
      ↳ To make it: git branch nowhere

      land login --here --to HEAD: exit 2
      --- stderr
      ✗ There is no branch HEAD to land on
      ↳ To see which there are: git branch --list

      land login --push: exit 2
      --- stderr
      ✗ main has no remote, --push needs one
      ↳ To add one: git remote add origin URL
      ↳ Or land on the local branch: signalbox land --here

      land login --push --to nowhere: exit 2
      --- stderr
      ✗ origin has no branch nowhere to land on
      ↳ To make it: git push origin nowhere

      land login --pr: exit 1
      --- stderr
      ✗ Pull requests are opened with the program gh, which is not installed
      ↳ Install it: https://cli.github.com
      ↳ Or push to the target: signalbox land login --push"
    `);
  });

  it("a target that is no place for it: dirty, in the middle of something, elsewhere, of another history", async () => {
    const world = await accepted();
    await world.write("README.md", "mine\n");
    const said = [await refusal(world, "land", "login", "--here")];
    await world.git("checkout", "-q", "README.md");
    await world.git("worktree", "add", "-q", "../linked", "-b", "release");
    said.push(await refusal(world, "land", "login", "--here", "--to", "release"));
    const orphan = (await world.git("commit-tree", "-m", "alone", "HEAD^{tree}")).trim();
    await world.git("branch", "pages", orphan);
    said.push(await refusal(world, "land", "login", "--here", "--to", "pages"));
    await world.git("switch", "-q", "-c", "other");
    await world.write("README.md", "other\n");
    await world.git("commit", "-q", "-am", "other");
    await world.git("switch", "-q", "main");
    await world.write("README.md", "mine\n");
    await world.git("commit", "-q", "-am", "mine");
    await world.git("rebase", "-q", "other").catch(() => "it stops at the conflict");
    said.push(await refusal(world, "land", "login", "--here"));
    expect(said.join("\n\n")).toMatchInlineSnapshot(`
      "land login --here: exit 2
      --- stderr
      ✗ main is checked out in <folder>/shop with uncommitted changes: README.md
      ↳ Commit or stash them, then land again: git stash
      ↳ Or land without this checkout: signalbox land login --push

      land login --here --to release: exit 2
      --- stderr
      ✗ release is checked out in another worktree, <folder>/linked, where files would move
      ↳ To land there: cd <folder>/linked && signalbox land login --to release --here
      ↳ Where that folder is gone: git worktree prune

      land login --here --to pages: exit 2
      --- stderr
      ✗ pages and login have no commit in common, so there is nothing to put it on
      ↳ Name the branch that it was made for: signalbox land --to main

      land login --here: exit 2
      --- stderr
      ✗ main is in the middle of a rebase in <folder>/shop
      ↳ To end it: git -C <folder>/shop rebase --continue
      ↳ Or land without that folder: signalbox land login --push"
    `);
  });

  it("work that is not what was accepted: gone on since, or not in this repository", async () => {
    const world = await accepted();
    const later = (await world.git("commit-tree", "-p", BRANCH, "-m", "later", `${BRANCH}^{tree}`)).trim();
    await world.git("branch", "-f", BRANCH, later);
    const said = [await refusal(world, "land", "login", "--here")];
    const clone = await accepted({ commit: "d".repeat(40) });
    said.push(await refusal(clone, "land", "login", "--here"));
    expect(said.join("\n\n")).toMatchInlineSnapshot(`
      "land login --here: exit 2
      --- stderr
      ✗ login has gone on after it was accepted: signalbox/three-fixes-20260220-001/login.1.1 stands at <commit>, accepted is <commit>
      ↳ To have the new version judged as well: signalbox send-back login "go on from what the branch has now"
      ↳ To land only what is accepted: git branch login-later signalbox/three-fixes-20260220-001/login.1.1 && git -C <folder>/shop-wt/signalbox/three-fixes-20260220-001/login.1.1 reset --keep <commit>

      land login --here: exit 2
      --- stderr
      ✗ The accepted commit <commit> of login is not in this repository
      ↳ To bring it from where it was made: git fetch --all
      ↳ To see what is kept: signalbox restore"
    `);
  });

  it("work of a workflow that was started from no branch, until one is named", async () => {
    const world = await accepted({ target: null });
    await world.git("checkout", "-q", "--detach");
    const head = await world.git("rev-parse", "HEAD");
    expect(await refusal(world, "land", "login", "--here")).toMatchInlineSnapshot(`
      "land login --here: exit 2
      --- stderr
      ✗ three-fixes-20260220-001 was started from no branch, so it has no target
      ↳ Name one: signalbox land --to main"
    `);
    expect((await world.runWith({ cwd: world.root }, "land", "login", "--here", "--to", "main")).code).toBe(
      0,
    );
    // The branch has moved, where nobody stands on it; the detached checkout is as it was.
    expect(await world.git("rev-parse", "HEAD")).toBe(head);
    expect([await world.git("show", "main:src/login.js"), await world.git("status", "--porcelain")]).toEqual([
      "checked\n",
      "",
    ]);
  });

  it("where another landing is under way and it may not wait; both are shown where a person looks", async () => {
    const world = await accepted();
    const first = { target: "main", workflow: "other-20260220-001", slots: [], way: "here" as const };
    const since = "2026-02-20T10:28:00Z";
    const queue = openLandingQueue(world.commonDir);
    const [landing] = await queue.turn({ ...first, since }, nobody, async () => {
      expect(await refusal(world, "land", "login", "--here", "--no-wait")).toMatchInlineSnapshot(`
        "land login --here --no-wait: exit 1
        --- stderr
        ✗ other-20260220-001 is landing on main since 2026-02-20T10:28:00Z (process <pid> on <host>)
        ↳ To wait for it: signalbox land login --here
        ↳ To see whether it still works: ps -p <pid>"
      `);
      expect((await world.runWith({ cwd: world.root }, "land")).stdout).toContain(
        `landing   other-20260220-001 on main, asked 2m00s ago (process ${process.pid} on`,
      );
      expect((await world.runWith({ cwd: world.root }, "status", ID)).stdout).not.toContain(
        "landing   other",
      );
      const second = world.runWith({ cwd: world.root }, "land", "login", "--here");
      await eventually("the second landing", async () => (await queue.list()).length === 2);
      const status = await world.runWith({ cwd: world.root }, "status", ID);
      expect(status.stdout).toMatch(
        /landing {3}other-20260220-001 on main.*\n {2}waits {5}login of three-fixes/,
      );
      return [second];
    });
    const { code, stderr } = await landing;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/other-20260220-001 lands first \(process/)]);
    expect(await world.git("show", "main:src/login.js")).toBe("checked\n");
  });
});

const nobody = (): never => expect.fail("somebody is before it");
