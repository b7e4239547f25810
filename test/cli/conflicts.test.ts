/** `signalbox conflicts`: what merging any two lines of a workflow would do, before anybody merges. */
import { expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import type { SessionRecord } from "../../src/core/workflow/session-record.ts";
import { THREE } from "../builders/worlds.ts";
import { eventually } from "../support/eventually.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = THREE.workflow.id;

interface Slots extends World {
  /** Worktree of a slot. */
  path(slot: string): string;
  /** Writes a file in the worktree of a slot, without a commit. */
  put(slot: string, path: string, content: string): Promise<void>;
}

/** Sessions of `login` and `export` at work in their worktrees. */
async function twoAtWork(): Promise<Slots> {
  const world = await aWorld();
  const engine = await world.coordinate();
  const base = (await world.git("rev-parse", "HEAD")).trim();
  await engine.create({ ...THREE, base: { ...THREE.base, commit: base, target: "main" } }, "ada");
  await world.git("branch", `signalbox/${ID}/main`, base);
  const repository = await openRepository(world.root, { env: world.env });
  const branch = (slot: string): string => `signalbox/${ID}/${slot}.1.1`;
  for (const slot of ["login", "export"]) {
    await repository.addWorktree({ workflow: ID, branch: branch(slot), base });
    const at = engine.now();
    await engine.append(ID, [
      { at, type: "deliverable.attempted", subject: slot, attempt: 1, branch: branch(slot), base },
      { at, type: "deliverable.moved", subject: slot, step: "create" },
      { at, type: "session.dispatched", session: session(slot, at) },
    ]);
  }
  const path = (slot: string): string => repository.worktreePath(branch(slot));
  return {
    ...world,
    path,
    put: (slot, file, content) => world.write(`../${relative(path(slot))}/${file}`, content),
  };

  function relative(place: string): string {
    return place.slice(world.root.slice(0, world.root.lastIndexOf("/")).length + 1);
  }
}

function session(subject: string, at: string): SessionRecord {
  return {
    id: `${ID}/1/${subject}/1/create`,
    purpose: "create",
    subject,
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
}

it("shows what agents at work will conflict in, before anything is committed", async () => {
  const world = await twoAtWork();
  await world.put("login", "src/form.ts", "of login\n");
  await world.put("export", "src/form.ts", "of export\n");
  await world.write("README.md", "# Another shop\n");
  await world.git("commit", "-q", "-a", "-m", "by hand");
  await world.put("login", "README.md", "# A third shop\n");
  expect(told(await world.run("conflicts"))).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    three-fixes-20260220-001  4 lines, 6 pairs
    ✗ main and login conflict
        README.md  the same lines changed
    ✗ login and export conflict
        src/form.ts  new in both, with other content
    ✓ 4 pairs without anything in common
      as they are now, with changes that are not committed: login, export"
  `);
});

it("tells programs every pair with its files, clean ones too", async () => {
  const world = await twoAtWork();
  await world.put("login", "src/form.ts", "of login\n");
  await world.put("export", "src/form.ts", "of export\n");
  const answer = JSON.parse((await world.run("conflicts", "--json")).stdout);
  expect(answer).toMatchObject({ schemaVersion: 1, workflow: ID, conflicts: 1, overlaps: 0 });
  expect(
    answer.lines.map((line: { name: string; kind: string; uncommitted: boolean }) => [
      line.name,
      line.kind,
      line.uncommitted,
    ]),
  ).toEqual([
    ["@integration", "integration", false],
    ["@target", "target", false],
    ["login", "slot", true],
    ["export", "slot", true],
  ]);
  expect(answer.pairs.filter((pair: { result: string }) => pair.result !== "clean")).toEqual([
    {
      first: "login",
      second: "export",
      result: "conflicts",
      files: [{ path: "src/form.ts", kind: "both-added", rule: null }],
    },
  ]);
  expect(answer.pairs).toHaveLength(6);
});

it("says so where nothing overlaps", async () => {
  const world = await twoAtWork();
  expect((await world.run("conflicts", ID)).stdout).toContain("nothing overlaps: they merge in any order");
});

it("shows it again when a branch moves, and ends at Ctrl+C", async () => {
  const world = await twoAtWork();
  let out = "";
  let interrupt = (): void => {};
  const watching = world.runWith(
    {
      stdout: {
        isTTY: false,
        write: (text) => {
          out += text;
        },
      },
      onInterrupt: (listener) => {
        interrupt = listener;
        return () => {};
      },
    },
    "conflicts",
    "--watch",
    "--json",
  );
  await eventually("the first picture", () => out.endsWith("\n"));
  await world.put("login", "src/form.ts", "of login\n");
  await world.put("export", "src/form.ts", "of export\n");
  await world.git("update-ref", `refs/heads/signalbox/${ID}/main`, await anyCommit(world));
  await eventually(
    "the conflict",
    () => JSON.parse(out.trim().split("\n").at(-1) ?? "{}").conflicts === 1,
    50_000,
  );
  interrupt();
  expect((await watching).code).toBe(130);
});

async function anyCommit(world: World): Promise<string> {
  const tree = (await world.git("rev-parse", "HEAD^{tree}")).trim();
  return (await world.git("commit-tree", "-p", "HEAD", "-m", "merged", tree)).trim();
}
