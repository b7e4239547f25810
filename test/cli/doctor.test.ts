/** `signalbox doctor [--fix]` over real leftovers: what it finds, what it mends, and what it never touches. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { sessionFolder } from "../../src/adapters/host/paths.ts";
import { loadResult, writeHostRecord } from "../../src/adapters/host/session-files.ts";
import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import { deadHolder } from "../../src/adapters/journal/lease.ts";
import { registryPath } from "../../src/adapters/registry/repositories.ts";
import { journalFindings } from "../../src/cli/doctor/journals.ts";
import { loadAll } from "../../src/cli/project.ts";
import { THREE } from "../builders/worlds.ts";
import { aWorld, type World } from "./harness.ts";

const ID = THREE.workflow.id;
const NOW = Date.parse("2026-02-20T10:30:00Z");
/** Nobody on this machine any more. */
const DEAD = { pid: 4_190_000, startTime: "1", bootId: "an-earlier-boot" };
const TEMPORARY = ".lease.1.json.0b0e8a1c-5d8f-4a51-9a3e-2f6d7c1b9e00.tmp";

const FRESH = TEMPORARY.replace("1.json", "2.json");

interface Found {
  readonly subject: string;
  readonly level: string;
  readonly text: string;
  readonly repair: string | null;
  readonly fix?: string;
}

interface Report {
  readonly findings: readonly Found[];
  readonly repaired: readonly string[];
  readonly preserved: readonly string[];
  readonly failed: readonly { readonly code: string }[];
}

async function report(world: World, ...options: readonly string[]): Promise<Report> {
  return JSON.parse((await world.run("doctor", "--json", ...options)).stdout) as Report;
}

function repairs({ findings }: Report): readonly string[] {
  return findings.flatMap(({ repair }) => (repair === null ? [] : [repair])).toSorted();
}

/** A repository with everything that killed processes and careless people leave. */
async function untidy(): Promise<{ readonly world: World; readonly place: (name: string) => string }> {
  const world = await aWorld();
  const engine = await world.coordinate();
  const base = (await world.git("rev-parse", "HEAD")).trim();
  const repository = await openRepository(world.root, { env: world.env });
  await engine.create({ ...THREE, base: { ...THREE.base, commit: base } }, "ada");
  for (const [workflow, name] of [
    [ID, "login.1.1"],
    ["lost-20260101-001", "a.1.1"],
  ] as const)
    await repository.addWorktree({ workflow, branch: `signalbox/${workflow}/${name}`, base });
  await world.run("cancel", "--yes");
  await engine.close();
  const place = (name: string): string => join(world.root, "..", "shop-wt", "signalbox", name);
  await world.git("worktree", "add", "-q", "--detach", place("mine"));
  await writeFile(join(place("lost-20260101-001/a.1.1"), "half.txt"), "half done");
  await rm(place(`${ID}/login.1.1`), { recursive: true });

  const state = join(world.commonDir, "signalbox", ID);
  const lock = { ...DEAD, host: hostname(), token: "0b0e8a1c-5d8f-4a51-9a3e-2f6d7c1b9e00" };
  await writeFile(join(world.commonDir, "signalbox.lock"), JSON.stringify(lock));
  await writeFile(join(state, "lease.900.json"), JSON.stringify({ ...lock, generation: 900 }));
  await writeFile(join(state, TEMPORARY), "half");
  await writeFile(join(state, "notes.tmp"), "a person's");
  await writeFile(join(state, FRESH), "being written");
  const old = new Date(NOW - 7_200_000);
  for (const name of [TEMPORARY, "notes.tmp"]) await utimes(join(state, name), old, old);
  const session = sessionFolder(world.commonDir, ID, `${ID}/1/login/1/session`);
  await mkdir(session, { recursive: true });
  await writeHostRecord(session, {
    v: 1,
    host: DEAD,
    instance: "one",
    marker: "SIGNALBOX_SESSION_KEY=of-nobody-at-all",
    processes: [DEAD],
    conversation: "c-1",
    acceptedAt: "2026-02-20T10:00:00Z",
  });
  const registry = registryPath(world.env) ?? "";
  const gone = { root: "/nonexistent/shop", commonDir: "/nonexistent/shop/.git", since: "2026-01-01" };
  await mkdir(join(registry, ".."), { recursive: true });
  await writeFile(registry, JSON.stringify({ version: 1, repositories: [gone] }));
  return { world, place };
}

const ALL = ["files", "leases", "leftovers", "locks", "registry", "sessions", "worktrees", "worktrees"];

it("finds what was left without changing it, and mends with --fix what records of ours name", async () => {
  const { world, place } = await untidy();
  const state = join(world.commonDir, "signalbox", ID);
  const refs = await world.git("for-each-ref");
  const before = await report(world);
  expect(repairs(before)).toEqual(ALL.filter((kind) => kind !== "leftovers"));
  expect([await world.git("for-each-ref"), repairs(await report(world))]).toEqual([refs, repairs(before)]);
  expect((await world.run("doctor", "--fix")).stderr).toContain("Say so in the command: --yes");
  expect(repairs(await report(world))).toEqual(repairs(before));

  const after = await report(world, "--fix", "--yes");
  expect(after.failed).toEqual([]);
  expect(repairs(after)).toEqual([]);
  expect(after.repaired).toHaveLength(before.findings.filter(({ repair }) => repair !== null).length);
  expect(existsSync(join(world.commonDir, "signalbox.lock"))).toBe(false);
  expect(await deadHolder(state)).toBeNull();
  const stands = [TEMPORARY, "notes.tmp", FRESH].map((name) => existsSync(join(state, name)));
  expect(stands).toEqual([false, true, true]);
  expect(await loadResult(sessionFolder(world.commonDir, ID, `${ID}/1/login/1/session`))).toMatchObject({
    kind: "crashed",
  });
  expect(existsSync(place("lost-20260101-001/a.1.1"))).toBe(false);
  expect(after.preserved).toEqual(["refs/signalbox/preserved/lost-20260101-001/a.1.1"]);
  expect(await world.git("show", `${after.preserved[0]}:half.txt`)).toBe("half done");
  expect(JSON.parse(await readFile(registryPath(world.env) ?? "", "utf8")).repositories).toEqual([]);
  expect(existsSync(join(place("mine"), "README.md"))).toBe(true);
  expect(after.findings.find(({ text }) => text.includes("no workflow known here"))?.text).toContain("mine");
});

it("takes worktrees and branches of ended workflows when their time has come, and what is locked stays", async () => {
  const { world, place } = await untidy();
  await world.git("worktree", "lock", place("lost-20260101-001/a.1.1"));
  const late = { now: () => NOW + 8 * 24 * 3_600_000 };
  const ran = await world.runWith(late, "doctor", "--fix", "--yes", "--json");
  const { failed, repaired } = JSON.parse(ran.stdout) as Report;
  expect([ran.code, failed.map(({ code }) => code)]).toEqual([1, ["worktree-locked"]]);
  expect(repaired.some((what) => what.includes("of workflows that ended"))).toBe(true);
  expect((await world.git("branch", "--list", `signalbox/${ID}/*`)).trim()).toBe("");
  expect(existsSync(join(place("lost-20260101-001/a.1.1"), "half.txt"))).toBe(true);
});

it("explains journals without their branch, branches without a journal, and half-done merges", async () => {
  const world = await aWorld();
  const engine = await world.coordinate();
  const head = (await world.git("rev-parse", "HEAD")).trim();
  await engine.create(THREE, "ada");
  const repository = await openRepository(world.root, { env: world.env });
  const project = { repository, store: openJournalStore(world.commonDir), commonDir: world.commonDir };
  const loaded = await loadAll(project);
  const at = (commit: string) => ({
    ...loaded,
    states: loaded.states.map((one) => ({ ...one, head: commit })),
  });
  const texts = async (commit: string): Promise<readonly string[]> =>
    (await journalFindings(project, at(commit), NOW)).map(({ text, fix }) => `${text} -> ${fix}`);
  expect(await texts(head)).toEqual([expect.stringContaining(`git branch signalbox/${ID}/main ${head}`)]);
  expect(await texts("1".repeat(40))).toEqual([expect.stringContaining("git fetch origin")]);
  await world.git("branch", `signalbox/${ID}/main`);
  expect(await texts(head)).toEqual([]);
  await world.git("branch", "signalbox/other-20260101-001/main");
  expect(await texts(head)).toEqual([expect.stringContaining("signalbox resume other-20260101-001")]);
  await writeFile(join(world.commonDir, "MERGE_HEAD"), `${head}\n`);
  const halfWay = (await report(world)).findings.find(({ subject }) => subject === "half-way");
  expect(halfWay).toMatchObject({ text: "your checkout is in the middle of a merge", repair: null });
  expect(halfWay?.fix).toContain("merge --abort");
});

it("names the agents over ACP that the repository declares, and what is missing of them", async () => {
  const world = await aWorld();
  await world.write(
    "signalbox.yaml",
    "agents: { here: { command: [git, acp] }, gone: { command: [no-such-agent] } }\n",
  );
  await world.git("add", "-A");
  await world.git("commit", "-q", "-m", "agents");
  const { stdout } = await world.run("doctor");
  expect(stdout).toMatch(/acp:here\s+can run here/);
  expect(stdout).toMatch(/acp:gone\s+its program no-such-agent was not found/);
});

it("says so when git knows no user, and that agents would wait for a login", async () => {
  const world = await aWorld();
  const { stdout } = await world.run("doctor");
  expect(stdout).toContain("git knows neither your name nor your address");
  await world.git("config", "user.name", "Ada");
  await world.git("config", "user.email", "ada@example.org");
  expect((await world.run("doctor")).stdout).not.toContain("git knows neither");
});
