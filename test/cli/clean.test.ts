/** `signalbox clean` over real worktrees: the plan that is printed is the plan that is carried out. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import { carryOut } from "../../src/cli/clean/carry-out.ts";
import { THREE } from "../builders/worlds.ts";
import { aWorld, type Ran, told, type World } from "./harness.ts";

const ID = THREE.workflow.id;
const DAY = 24 * 3_600_000;
const NOW = Date.parse("2026-02-20T10:30:00Z");

interface Case extends World {
  /** Folder of a worktree by its name. */
  place(name: string): string;
}

/** A workflow whose slots have worktrees and branches; it is under way. */
async function active(worktrees = "../{repo}-wt"): Promise<Case> {
  const world = await aWorld();
  const engine = await world.coordinate();
  const base = (await world.git("rev-parse", "HEAD")).trim();
  await engine.create(
    { ...THREE, base: { ...THREE.base, commit: base }, layout: { ...THREE.layout, worktrees } },
    "ada",
  );
  const repository = await openRepository(world.root, { env: world.env, worktrees });
  for (const slot of ["login", "export"])
    await repository.addWorktree({ workflow: ID, branch: `signalbox/${ID}/${slot}.1.1`, base });
  const folder = worktrees.replace("{repo}", "shop");
  return { ...world, place: (name) => join(world.root, folder, "signalbox", ID, name) };
}

async function cancelled(worktrees?: string): Promise<Case> {
  const world = await active(worktrees);
  await world.run("cancel", "--yes");
  return world;
}

interface Document {
  readonly goes: readonly {
    readonly name: string;
    readonly back: string;
    readonly preserved: readonly string[];
  }[];
  readonly stays: readonly { readonly name: string; readonly why: string }[];
  readonly removed: readonly { readonly name: string }[];
  readonly preserved: readonly string[];
}

function documentOf({ stdout }: Ran): Document {
  return JSON.parse(stdout) as Document;
}

describe("clean", () => {
  it("says what goes, why, how large it is and how it comes back, wherever the layout puts it", async () => {
    const world = await cancelled("../elsewhere");
    expect(told(await world.run("clean", ID, "--yes"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      three-fixes-20260220-001
        - export.1.1  12 kB  left when the workflow was cancelled 28m00s ago
            back: git worktree add --detach <folder>/elsewhere/signalbox/three-fixes-20260220-001/export.1.1 b773180e42e6
        - login.1.1   12 kB  left when the workflow was cancelled 28m00s ago
            back: git worktree add --detach <folder>/elsewhere/signalbox/three-fixes-20260220-001/login.1.1 b773180e42e6
      --- stderr
      ✓ removed 2 worktrees and 2 branches, 25 kB"
    `);
    expect([
      existsSync(world.place("login.1.1")),
      await world.git("branch", "--list", "signalbox/*"),
    ]).toEqual([false, ""]);
  });

  it("prints in a dry run exactly what a real run then does", async () => {
    const world = await cancelled();
    await writeFile(join(world.place("login.1.1"), "new.txt"), "not committed");
    await world.git("-C", world.place("export.1.1"), "commit", "-q", "--allow-empty", "-m", "work");
    const before = await world.git("for-each-ref");
    const dry = await world.run("clean", ID, "--dry-run");
    const dryDocument = documentOf(await world.run("clean", ID, "--dry-run", "--json"));
    expect(await world.git("for-each-ref")).toBe(before);
    expect(existsSync(world.place("login.1.1"))).toBe(true);
    expect(dryDocument.removed).toEqual([]);
    const real = documentOf(await world.run("clean", ID, "--yes", "--json"));
    expect(real.goes).toEqual(dryDocument.goes);
    expect(real.stays).toEqual(dryDocument.stays);
    expect(real.removed.map(({ name }) => name)).toEqual(dryDocument.goes.map(({ name }) => name));
    expect(real.preserved).toEqual(dryDocument.goes.flatMap(({ preserved }) => preserved));
    expect(real.preserved).toHaveLength(2);
    for (const { name } of dryDocument.goes) expect(dry.stdout).toContain(name);
    expect(existsSync(world.place("login.1.1"))).toBe(false);
  });

  it("brings everything back with the command that it printed", async () => {
    const world = await cancelled();
    await writeFile(join(world.place("login.1.1"), "new.txt"), "not committed");
    const { goes } = documentOf(await world.run("clean", ID, "--yes", "--json"));
    for (const { back } of goes)
      await world.git(...back.replaceAll("<folder>", dirname(world.root)).split(" ").slice(1));
    expect(await readFile(join(world.place("login.1.1"), "new.txt"), "utf8")).toBe("not committed");
    expect(existsSync(join(world.place("export.1.1"), "README.md"))).toBe(true);
  });

  it("throws away only what the printed token names, and only while nothing of it has changed", async () => {
    const world = await cancelled();
    const path = join(world.place("login.1.1"), "half.txt");
    await writeFile(path, "half");
    const tokenIn = ({ stdout }: Ran): string => /clean login -w \S+ --discard (\w+)/.exec(stdout)?.[1] ?? "";
    const older = tokenIn(await world.run("clean", ID, "--dry-run"));
    await writeFile(path, "more");
    const refused = await world.run("clean", "login", "--discard", older);
    expect([refused.code, existsSync(path)]).toEqual([2, true]);
    expect(refused.stderr).toContain(`Nothing here has the token ${older}`);
    const token = tokenIn(await world.run("clean", "login", "--dry-run"));
    const byAgent = { env: { ...world.env, CLAUDECODE: "1" } };
    expect((await world.runWith(byAgent, "clean", "login", "--discard", token)).code).toBe(4);
    expect((await world.run("clean", "login", "--discard", token)).stderr).toContain("is thrown away");
    expect([existsSync(path), existsSync(world.place("export.1.1"))]).toEqual([false, true]);
    expect(await world.git("for-each-ref", "refs/signalbox")).toBe("");
  });

  it("keeps a worktree with a repository of its own, says so once for it and its branch, and goes on with the rest", async () => {
    const world = await cancelled();
    const inner = join(world.place("login.1.1"), "sub");
    await world.git("init", "-q", inner);
    await world.git("-C", inner, "commit", "-q", "--allow-empty", "-m", "own");
    const dry = documentOf(await world.run("clean", ID, "--dry-run", "--json"));
    expect(dry.goes.map(({ name }) => name)).toEqual(["export.1.1"]);
    const ran = await world.run("clean", ID, "--yes");
    const stdout = ran.stdout.replace(/--discard \w+/, "--discard <token>");
    expect(told({ ...ran, stdout })).toMatchInlineSnapshot(`
      "exit 1
      --- stdout
      three-fixes-20260220-001
        - export.1.1   12 kB  left when the workflow was cancelled 28m00s ago
            back: git worktree add --detach <folder>/shop-wt/signalbox/three-fixes-20260220-001/export.1.1 b773180e42e6
        ! login.1.1   184 kB  stays: <folder>/shop-wt/signalbox/three-fixes-20260220-001/login.1.1/sub/ is a repository of its own, so <folder>/shop-wt/signalbox/three-fixes-20260220-001/login.1.1 is kept
            To keep its history, run: mv <folder>/shop-wt/signalbox/three-fixes-20260220-001/login.1.1/sub/ SOMEWHERE-ELSE
            throw it away instead, for good: signalbox clean login -w three-fixes-20260220-001 --discard <token>
      --- stderr
      ✓ removed 1 worktree and 1 branch, 12 kB"
    `);
    expect([existsSync(inner), existsSync(world.place("export.1.1"))]).toEqual([true, false]);
    await rm(inner, { recursive: true });
    expect((await world.run("clean", ID, "--yes")).code).toBe(0);
    expect(await world.git("branch", "--list", "signalbox/*")).toBe("");
  });

  it("keeps the branch that somebody has checked out elsewhere, with its worktree", async () => {
    const world = await cancelled();
    await world.git("-C", world.place("login.1.1"), "checkout", "-q", "--detach");
    await world.git("worktree", "add", "-q", join(world.root, "..", "mine"), `signalbox/${ID}/login.1.1`);
    const ran = documentOf(await world.run("clean", ID, "--yes", "--json"));
    expect(ran.stays.map(({ name }) => name)).toEqual(["login.1.1"]);
    expect(existsSync(world.place("login.1.1"))).toBe(true);
  });

  it("leaves what failed for as long as `keep` says, unless it is named or older than was asked for", async () => {
    const world = await cancelled();
    const late = { now: () => NOW + 8 * DAY };
    expect(told(await world.run("clean", "--yes"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      three-fixes-20260220-001
        · export.1.1  12 kB  stays: left when the workflow was cancelled 28m00s ago; kept for another 6d23h
            Take it now: signalbox clean export -w three-fixes-20260220-001
        · login.1.1   12 kB  stays: left when the workflow was cancelled 28m00s ago; kept for another 6d23h
            Take it now: signalbox clean login -w three-fixes-20260220-001
      --- stderr
      ✓ nothing to clean now"
    `);
    expect(documentOf(await world.run("clean", "--older-than", "30d", "--yes", "--json")).goes).toEqual([]);
    expect(
      documentOf(await world.runWith(late, "clean", "--dry-run", "--json")).goes.map(({ name }) => name),
    ).toEqual(["export.1.1", "login.1.1"]);
    expect(
      documentOf(await world.run("clean", "--older-than", "1m", "--dry-run", "--json")).goes,
    ).toHaveLength(2);
    expect(
      documentOf(await world.run("clean", "login", "--yes", "--json")).removed.map(({ name }) => name),
    ).toEqual(["login.1.1"]);
    expect(existsSync(world.place("export.1.1"))).toBe(true);
  });

  it("never takes a slot that the workflow goes on with, by whatever name", async () => {
    const world = await active();
    const slot = await world.run("clean", "login", "--yes");
    expect(told(slot)).toMatchInlineSnapshot(`
      "exit 1
      --- stdout
      three-fixes-20260220-001
        ! login.1.1  12 kB  stays: the workflow goes on with it
            See it: signalbox show login -w three-fixes-20260220-001
      --- stderr
      ✓ nothing to clean now"
    `);
    expect((await world.run("clean", ID, "--yes")).stderr).toContain("only ended workflows are cleaned");
    expect((await world.run("clean", "--yes")).stderr).toContain("nothing to clean");
    expect(existsSync(world.place("login.1.1"))).toBe(true);
  });

  it("looks again before each removal: what is needed by then stays", async () => {
    const world = await active();
    const repository = await openRepository(world.root, { env: world.env });
    const store = openJournalStore(world.commonDir);
    const path = world.place("login.1.1");
    const removal = {
      workflow: ID,
      name: "login.1.1",
      slot: "login",
      path,
      branch: `signalbox/${ID}/login.1.1`,
      tip: null,
      why: "it was at its end",
      size: null,
      token: null,
      uncommitted: 0,
      preserved: [],
      back: null,
      ignored: [],
    };
    const { removed, failed } = await carryOut({ repository, store, commonDir: world.commonDir }, new Map(), [
      removal,
    ]);
    expect([removed, failed.map(({ error }) => error.code)]).toEqual([[], ["needed-again"]]);
    expect(existsSync(path)).toBe(true);
  });

  it("names what it does not find", async () => {
    const world = await cancelled();
    expect(told(await world.run("clean", "nobody"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ No workflow and no slot is named nobody
      ↳ To list workflows: signalbox ps --all
      ↳ To see what could go: signalbox clean --dry-run"
    `);
    expect((await world.run("clean", "--older-than", "soon")).stderr).toContain("soon is no duration");
  });
});
