/** `signalbox review`: one slot on a page, comments on its lines, and several small approvals on one screen. */
import { expect, it } from "vitest";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { THREE } from "../builders/worlds.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = THREE.workflow.id;
const LINES = Array.from({ length: 8 }, (_, at) => `line ${at + 1}`);
const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

interface Reviewed extends World {
  readonly base: string;
  readonly engine: Awaited<ReturnType<World["coordinate"]>>;
  state(): Promise<WorkflowState>;
  append(...events: readonly EventBody[]): Promise<void>;
  /** Commits files on the branch of a slot; the commit. */
  commit(slot: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** A round with that commit, which waits as UNVERIFIED. */
  round(slot: string, number: number, files: Readonly<Record<string, string>>): Promise<string>;
}

type EventBody = WorkflowEvent extends infer E ? (E extends WorkflowEvent ? Omit<E, "at"> : never) : never;

/** Three slots that wait for a yes: `login` and `export` changed the same line, `dates` something else. */
async function waiting(per: "workflow" | "slot" = "workflow"): Promise<Reviewed> {
  const world = await aWorld();
  await world.write("src/form.ts", text(LINES));
  await world.git("add", ".");
  await world.git("commit", "-q", "-m", "form");
  const base = (await world.git("rev-parse", "HEAD")).trim();
  const engine = await world.coordinate();
  const plan = { ...THREE, base: { ...THREE.base, commit: base, target: "main" } };
  await engine.create({ ...plan, finish: { ...plan.finish, per } }, "ada");
  await world.git("branch", `signalbox/${ID}/main`, base);
  const append = (...events: readonly EventBody[]): Promise<void> =>
    engine.append(
      ID,
      events.map((event) => ({ ...event, at: engine.now() }) as WorkflowEvent),
    );
  const branch = (slot: string): string => `signalbox/${ID}/${slot}.1.1`;
  const commit = async (slot: string, files: Readonly<Record<string, string>>): Promise<string> => {
    await world.git("checkout", "-q", branch(slot));
    for (const [path, content] of Object.entries(files)) await world.write(path, content);
    await world.git("add", "-A");
    await world.git("commit", "-q", "-m", "work");
    const id = (await world.git("rev-parse", "HEAD")).trim();
    await world.git("checkout", "-q", "main");
    return id;
  };
  const round = async (
    subject: string,
    number: number,
    files: Readonly<Record<string, string>>,
  ): Promise<string> => {
    const id = await commit(subject, files);
    const question = {
      id: `Q-${subject}-${number}`,
      kind: "unverified" as const,
      subject,
      askedAt: engine.now(),
      reason: "No check and no judge looked at it (UNVERIFIED)",
      options: ["approve", "reject", "skip"] as const,
      commit: id,
    };
    await append(
      ...(number === 1 ? [{ type: "round.started" as const, subject, round: 1 }] : []),
      { type: "round.noted", subject, patch: { commit: id, artifact: id, creatorSession: `s${number}` } },
      { type: "deliverable.moved", subject, step: "waiting" },
      { type: "question.asked", question },
    );
    return id;
  };
  await append({ type: "integration.done", integration: "I-1", head: base });
  for (const subject of ["login", "export", "dates"]) {
    await world.git("branch", branch(subject), base);
    await append({
      type: "deliverable.attempted",
      subject,
      attempt: 1,
      branch: branch(subject),
      base,
    });
  }
  await round("login", 1, { "src/form.ts": text(["LOGIN", ...LINES.slice(1)]) });
  await round("export", 1, { "src/form.ts": text(["EXPORT", ...LINES.slice(1)]) });
  await round("dates", 1, { "src/dates.ts": "utc\n" });
  const state = async (): Promise<WorkflowState> =>
    replay(await world.store.load(ID)) ?? expect.fail("no state");
  return { ...world, base, engine, state, append, commit, round };
}

const json = async (world: World, ...argv: readonly string[]) =>
  JSON.parse((await world.run(...argv)).stdout);

it("says on one page what a slot conflicts with, and what the others would run into once it is merged", async () => {
  const world = await waiting();
  const { stdout } = await world.run("review", "login");
  expect(stdout.slice(stdout.indexOf("Other lines"), stdout.indexOf("Landing"))).toMatchInlineSnapshot(`
    "Other lines
      ✗ export conflicts with it
          src/form.ts  the same lines changed
      ✓ nothing in common with 3 other lines

    Merging
      ✓ it merges with what is merged so far
      ! export would then conflict in src/form.ts

    "
  `);
  const page = await json(world, "review", "login", "--json");
  const form = [{ path: "src/form.ts", kind: "content" }];
  expect(page).toMatchObject({
    files: [{ path: "src/form.ts", change: "modified", lines: { added: 1, removed: 1 } }],
    conflicts: [{ line: "export", result: "conflicts", files: form }],
    merging: { kind: "clean", overlaps: [], after: [{ line: "export", result: "conflicts", files: form }] },
    landing: { kind: "whole", target: "main" },
    spread: [],
    comments: [],
  });
});

it("counts the target among the lines that it meets, not among those that run into it once it is merged", async () => {
  const world = await waiting();
  await world.write("src/form.ts", text(["MAIN", ...LINES.slice(1)]));
  await world.git("commit", "-q", "-a", "-m", "meanwhile");
  const { conflicts, merging } = await json(world, "review", "login", "--json");
  expect(conflicts.map((one: { line: string }) => one.line)).toEqual(["@target", "export"]);
  expect(merging.after.map((one: { line: string }) => one.line)).toEqual(["export"]);
  expect((await world.run("review", "login")).stdout).toContain("✗ main conflicts with it");
});

it("says of work that does not go together with what is merged so far in which files, and nothing of what comes after", async () => {
  const world = await waiting();
  await world.git("checkout", "-q", `signalbox/${ID}/main`);
  await world.write("src/form.ts", text(["MERGED", ...LINES.slice(1)]));
  await world.git("commit", "-q", "-a", "-m", "merged");
  const head = (await world.git("rev-parse", "HEAD")).trim();
  await world.git("checkout", "-q", "main");
  await world.append({ type: "integration.done", integration: "I-2", head });
  const files = [{ path: "src/form.ts", kind: "content" }];
  expect(await json(world, "review", "login", "--json")).toMatchObject({
    merging: { kind: "conflicts", files },
  });
  expect((await world.run("review", "login")).stdout).toContain(
    "✗ it does not merge with what is merged so far: src/form.ts; you would be asked how to go on",
  );
  expect((await world.run("review", "dates")).stdout).toContain("✓ no other slot runs into it then");
});

it("keeps comments with their lines over rounds until they are resolved", async () => {
  const world = await waiting();
  for (const [place, words] of [
    ["src/form.ts:1", "not here"],
    ["src/form.ts:4", "and this?"],
    ["./src/form.ts:7", "needless"],
    ["src/form.ts", "a test is missing"],
  ] as const)
    expect((await world.run("review", "login", "--comment", place, words)).code).toBe(0);
  const back = await world.run("send-back", "login");
  expect(back.stderr).toContain("login goes back to its agent with 4 comments");
  expect((await world.run("review", "login", "--comments")).stdout).toContain("its agent works on it");
  const lines = ["new", "CHANGED", ...LINES.slice(1, 6), ...LINES.slice(7)];
  await world.round("login", 2, { "src/form.ts": text(lines) });
  await world.append({
    type: "comment.answered",
    subject: "login",
    comment: "C-002",
    round: 2,
    text: "kept",
  });
  expect((await world.run("review", "login", "--resolve", "c-004", "there", "is", "one")).code).toBe(0);
  expect((await world.run("review", "login", "--comments")).stdout).toMatchInlineSnapshot(`
    "  C-001  src/form.ts:1  ada, round 1
             not here
             > LOGIN
             ! the line has changed since
             told to its agent after round 1, which said nothing to it
      C-002  src/form.ts:5  ada, round 1
             and this?
             > line 4
             ! it was src/form.ts:4
             its agent, round 2: kept
      C-003  src/form.ts:8  ada, round 1
             needless
             > line 7
             ! the line is gone; it was src/form.ts:7
             told to its agent after round 1, which said nothing to it
      C-004  src/form.ts  ada, round 1
             a test is missing
             ! the file has changed since
             resolved by ada: there is one
    "
  `);
  const { comments } = await json(world, "review", "login", "--json");
  expect(comments).toMatchObject([
    { id: "C-001", status: "handed", now: { kind: "changed", line: 1 } },
    { id: "C-002", status: "answered", line: 4, now: { kind: "there", path: "src/form.ts", line: 5 } },
    { id: "C-003", status: "handed", now: { kind: "gone", line: 8 } },
    { id: "C-004", status: "resolved", resolved: { by: "ada", text: "there is one" } },
  ]);
  expect((await world.run("review", "login")).stdout).not.toContain("C-004");
});

it("refuses what is no place of the work, with what is there, and records nothing", async () => {
  const world = await waiting();
  const { seq } = await world.state();
  const refused = async (...argv: readonly string[]): Promise<string> => {
    const { code, stderr } = await world.run("review", ...argv);
    expect(code).not.toBe(0);
    expect((await world.state()).seq).toBe(seq);
    return stderr.replace(/\n$/, "");
  };
  expect(await refused("login", "--comment", "src/nope.ts:1", "x")).toBe(
    "✗ login: src/nope.ts is not in the work\n↳ It changed: src/form.ts",
  );
  expect(await refused("login", "--comment", "src/form.ts:9", "x")).toBe(
    "✗ login: src/form.ts:9 is not in the work: it has 8 lines\n↳ Lines are 1 to 8, as they are after the change",
  );
  expect(await refused("login", "--comment", "src/form.ts:1")).toContain("has no words");
  expect(await refused("login", "--comment", "../shop/x:1", "x")).toContain(
    "names no file of the repository",
  );
  expect(await refused("login", "--resolve", "C-001")).toContain("no comment C-001 on login (there is none)");
  expect(await refused("login", "what", "now")).toContain('What is "what now" about?');
  expect(await refused("--comments")).toContain("No slot is named");
  expect(await refused("login", "--comments", "--accept")).toContain(
    "--comments and --accept exclude each other",
  );
  const { stderr, code } = await world.run("send-back", "login", "--comment", "src/nope.ts:1: x");
  expect([code, stderr]).toEqual([2, expect.stringContaining("src/nope.ts is not in the work")]);
  await world.run("reject", "login", "--note", "again");
  const late = await world.run("review", "login", "--comment", "src/form.ts:1", "x");
  expect(late.stderr).toContain(
    "✗ login is not under review now\n↳ To see where it stands: signalbox show login",
  );
});

it("shows what waits for a yes on one screen, and accepts the small ones that are named, as they were shown", async () => {
  const world = await waiting();
  await world.run("review", "export", "--comment", "src/form.ts:1", "why?");
  const waits = await world.state();
  const shown = (slot: string): string => `${slot}@${waits.deliverables[slot]?.commit?.slice(0, 8) ?? ""}`;
  const screen = told(await world.run("review")).replaceAll(/@[0-9a-f]{8}/g, "@<commit>");
  expect(screen).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    three-fixes-20260220-001  2 can be accepted from here, 1 to be looked at alone

    login  Fix #41: the login form accepts an empty password
        1 file, +1 -1: src/form.ts
        No check and no judge looked at it (UNVERIFIED)
        ✗ conflicts with export in src/form.ts

    dates  Fix #63: dates are parsed in local time
        1 file, +1 -0: src/dates.ts
        No check and no judge looked at it (UNVERIFIED)

    To be looked at alone

    export  Fix #57: CSV export drops the last row
        1 file, +1 -1: src/form.ts
        No check and no judge looked at it (UNVERIFIED)
        ✗ conflicts with login in src/form.ts
        ! a comment is not resolved: signalbox review export

    accept them:
        signalbox review --accept login@<commit> dates@<commit>"
  `);
  const { waiting: entries } = (await json(world, "review", "--json")).workflows[0];
  expect(entries).toMatchObject([
    { slot: "login", small: true, accept: `signalbox review --accept ${shown("login")}` },
    { slot: "export", small: false, because: "a comment is not resolved", accept: null },
    { slot: "dates", small: true, conflicts: [] },
  ]);
  const both = await world.run("review", "--accept", shown("login"), "export", "dates@12345678");
  expect(both.code).toBe(2);
  expect(both.stderr).toContain(
    "Nothing is accepted: export is to be looked at alone, a comment is not resolved; dates stands at",
  );
  expect(await world.state()).toEqual(waits);
  const done = await json(world, "review", "--accept", shown("login"), "dates", "--json");
  expect(done).toMatchObject({ accepted: [{ slot: "login" }, { slot: "dates" }], refused: [] });
  const { deliverables, questions } = await world.state();
  for (const slot of ["login", "dates"])
    expect(deliverables[slot]?.approval).toMatchObject({
      commit: waits.deliverables[slot]?.commit,
      kind: "UNVERIFIED",
      by: "person",
    });
  expect(questions.map(({ subject }) => subject)).toEqual(["export"]);
});

it("takes several approvals and resolutions from nobody but a person", async () => {
  const world = await waiting();
  await world.run("review", "export", "--comment", "src/form.ts:1", "why?");
  const before = await world.state();
  for (const argv of [
    ["--accept", "login", "dates"],
    ["export", "--resolve", "C-001"],
  ]) {
    const agent = await world.runWith({ env: { ...world.env, CLAUDECODE: "1" } }, "review", ...argv);
    expect([agent.code, agent.stderr]).toEqual([4, expect.stringContaining("answers for a person")]);
    const inside = { ...world.env, SIGNALBOX_SESSION: "x" };
    expect((await world.runWith({ env: inside }, "review", ...argv)).code).not.toBe(0);
  }
  expect(await world.state()).toEqual(before);
});

it("leaves big changes, and those that do not merge, to be looked at alone", async () => {
  const world = await waiting();
  await world.run("reject", "dates", "--note", "all of it");
  await world.round("dates", 2, { "src/dates.ts": text(Array.from({ length: 300 }, (_, at) => `${at}`)) });
  const { waiting: entries } = (await json(world, "review", "--json")).workflows[0];
  expect(entries[2]).toMatchObject({ slot: "dates", small: false, because: "it changes 300 lines" });
});

it("says which accepted slots could not be landed any more after this one", async () => {
  const world = await waiting("slot");
  for (const subject of ["login", "export", "dates"])
    await world.append({ type: "deliverable.merged", subject, mergeCommit: world.base, artifact: null });
  const { landing } = await json(world, "review", "login", "--json");
  expect(landing).toMatchObject({ kind: "clean", others: [{ slot: "export", files: ["src/form.ts"] }] });
  const { stdout } = await world.run("review", "login");
  expect(stdout).toContain(
    "! export would then conflict in src/form.ts; land it first, or send it back after",
  );
  expect((await json(world, "review", "dates", "--json")).landing).toMatchObject({ others: [] });
});

it("names the workflow in its commands where several are active", async () => {
  const world = await waiting();
  expect((await world.run("review")).stdout).not.toContain(" -w ");
  const other = { ...THREE, workflow: { ...THREE.workflow, id: "other-20260220-001" } };
  await world.engine.create({ ...other, base: { ...THREE.base, commit: world.base } }, "ada");
  const { stdout } = await world.run("review");
  expect(stdout).toMatch(new RegExp(`review --accept login@\\w+ export@\\w+ dates@\\w+ -w ${ID}\n`));
  expect(stdout).not.toContain("other-20260220-001");
  const one = await world.run("review", "-w", "other");
  expect(one.stderr).toContain("✓ no work waits for a yes in other");
});

it("says that nothing waits where nothing does", async () => {
  const world = await waiting();
  for (const slot of ["login", "export", "dates"]) await world.run("decide", slot, "skip", "--note", "no");
  expect(told(await world.run("review"))).toContain("✓ no work waits for a yes");
});
