import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { openWorld, type Ran, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const SCENARIO = {
  deliverables: {
    login: { edits: [{ path: "src/login.js", line: 1, text: "export const login = 'checked';" }] },
    export: { edits: [{ path: "src/export.js", text: "export const last = true;" }] },
    dates: { edits: [{ path: "src/dates.js", text: "export const utc = true;" }] },
  },
};
const FILES = {
  "src/login.js": "export const login = '';\n",
  "src/export.js": "export const rows = [];\n",
  "src/dates.js": "export const dates = [];\n",
  "package.json": '{ "scripts": { "test": "node -e 0" } }\n',
};

/** Three accepted slots that wait to be landed. */
const THREE = `workflow: Three fixes
checks: [test -f package.json]
finish: { per: slot, documents: drop }
stages:
  - phase: Fix
    slots:
      - { id: login, brief: "Fix #41: the login form accepts an empty password" }
      - { id: export, brief: "Fix #57: CSV export drops the last row" }
      - { id: dates, brief: "Fix #63: dates are parsed in local time" }
`;
const ID = "fixes-20260220-001";

async function accepted(): Promise<World> {
  const world = await openWorld({ scenario: SCENARIO, files: FILES });
  const definition = await world.define("fixes", THREE);
  const ran = await world.run("run", definition, "--use", "simulated", "--id", ID);
  expect(ran.code).toBe(5);
  return world;
}

const questions = (state: WorkflowState | null): readonly string[] =>
  (state?.questions ?? []).map((question) => `${question.kind} ${question.subject}`).sort();

const subjects = async (world: World, range: string): Promise<readonly string[]> =>
  (await world.git("log", "--format=%s", range)).split("\n").filter((line) => line !== "");

/** Refs, index and files of the user. */
async function usersSide(world: World): Promise<readonly string[]> {
  return [await world.git("rev-parse", "HEAD"), await world.git("status", "--porcelain")];
}

function refusal(ran: Ran): string {
  expect(ran.code).not.toBe(0);
  return ran.stderr;
}

describe("landing", () => {
  it("puts accepted slots on the checked-out target as one commit each, with nothing of ours, and completes the workflow", async () => {
    const world = await accepted();
    const base = await world.git("rev-parse", "HEAD");
    const page = await world.ok("review", "login");
    for (const part of ["Fix #41", "src/login.js", "one commit on trunk", "signalbox land login"])
      expect(page).toContain(part);
    expect(await world.ok("diff", "login")).toContain("+export const login = 'checked';");
    expect(await usersSide(world)).toEqual([base, ""]);
    await world.ok("land", "login", "dates", "--here");
    expect(await subjects(world, `${base}..trunk`)).toEqual([
      "Fix #63: dates are parsed in local time",
      "Fix #41: the login form accepts an empty password",
    ]);
    expect(await world.git("diff", "--name-only", base, "trunk")).toBe("src/dates.js\nsrc/login.js");
    expect(await world.git("status", "--porcelain")).toBe("");
    expect(readFileSync(join(world.root, "src/login.js"), "utf8")).toBe("export const login = 'checked';\n");
    expect(questions(await world.state(ID))).toEqual(["review export"]);
    await world.ok("decide", "export", "drop");
    await world.until(ID, "the workflow to complete", (state) => state.status === "COMPLETE");
    // The main worktree and the one that shows the integration branch.
    await eventually("the worktrees to go", async () => {
      return (await world.git("worktree", "list")).split("\n").length <= 2;
    });
  });

  it("sends a slot back, in the same conversation, and lands what comes of it", async () => {
    const world = await accepted();
    const before = (await world.state(ID))?.deliverables.export;
    await world.ok(
      "send-back",
      "export",
      "keep",
      "it",
      "small",
      "--comment",
      "src/export.js:1: name it rows",
    );
    const after = await world.until(
      ID,
      "the second version",
      (state) =>
        state.deliverables.export?.step === "merged" && state.deliverables.export.commit !== before?.commit,
    );
    const { deliverables } = after;
    expect(deliverables.export).toMatchObject({ branch: before?.branch, attempt: 1 });
    expect(deliverables.export?.rounds[0]?.findings).toMatchObject([
      {
        source: "person:ana",
        section: "src/export.js:1",
        evidence: "name it rows\nThe line: export const rows = [];",
      },
    ]);
    const comments = await world.ok("review", "export", "--comments");
    expect(comments).toMatch(/C-001 {2}src\/export\.js:1 {2}ana, round 1\n +name it rows/);
    expect(comments).toContain("its agent, round 2: ");
    await world.ok("land", "export", "--here");
    expect(await subjects(world, "trunk~1..trunk")).toEqual(["Fix #57: CSV export drops the last row"]);
  });

  it("says which ways there are where none is chosen, and which of them are not possible now", async () => {
    const world = await accepted();
    world.write("src/login.js", "mine\n");
    const ran = await world.run("land");
    expect(ran.code).toBe(5);
    expect(ran.stdout).toContain("3 slots can land: login, export, dates");
    expect(ran.stdout).toMatch(/--here +not now: 1 file there has uncommitted changes/);
    expect(ran.stdout).toMatch(/--push +not now: no remote is configured/);
  });

  it("refuses a dirty target, an unknown branch, a missing remote and work that is not accepted, and changes nothing", async () => {
    const world = await accepted();
    world.write("src/login.js", "mine\n");
    const [head] = await usersSide(world);
    expect(refusal(await world.run("land", "login", "--here"))).toContain(
      "uncommitted changes: src/login.js",
    );
    expect(refusal(await world.run("land", "login", "--here", "--to", "nowhere"))).toContain(
      "no branch nowhere",
    );
    expect(refusal(await world.run("land", "login", "--push"))).toContain("has no remote");
    expect(refusal(await world.run("land", "login", "--here", "--push"))).toContain("exclude each other");
    expect(refusal(await world.run("land", "loogin", "--here"))).toContain("loogin");
    expect(await usersSide(world)).toEqual([head, "M src/login.js"]);
    await world.git("checkout", "-q", "src/login.js");
    await world.ok("land", "login", "--here");
    expect(refusal(await world.run("land", "login", "--here"))).toContain("has landed on trunk already");
    expect(refusal(await world.run("send-back", "login", "late"))).toContain("has landed on trunk already");
  });

  it("lands on a target that has moved, after its checks, and names the files where both changed the same", async () => {
    const world = await accepted();
    world.write("src/other.js", "export const other = 1;\n");
    await world.git("add", "-A");
    await world.git("commit", "-q", "-m", "meanwhile");
    const landed = await world.run("land", "login", "--here");
    expect(landed.stderr).toContain("on what would land");
    expect(await subjects(world, "trunk~2..trunk")).toEqual([
      "Fix #41: the login form accepts an empty password",
      "meanwhile",
    ]);
    world.write("src/dates.js", "export const dates = 'mine';\n");
    await world.git("commit", "-q", "-am", "mine");
    const tip = await world.git("rev-parse", "trunk");
    expect(refusal(await world.run("land", "dates", "--here"))).toContain(
      "conflicts with trunk in src/dates.js",
    );
    expect(await world.git("rev-parse", "trunk")).toBe(tip);
  });

  it("does not land what breaks a check on the target's present tip", async () => {
    const world = await accepted();
    await world.git("rm", "-q", "package.json");
    await world.git("commit", "-q", "-m", "no package any more");
    const tip = await world.git("rev-parse", "trunk");
    expect(refusal(await world.run("land", "login", "--here"))).toContain("test -f package.json fails");
    expect(await world.git("rev-parse", "trunk")).toBe(tip);
    await world.ok("land", "login", "--here", "--no-check");
    expect(await world.git("rev-parse", "trunk~1")).toBe(tip);
  });

  it("pushes to the remote target without touching the checkout, and says what a protected branch answers", async () => {
    const world = await accepted();
    const bare = join(world.folder, "remote.git");
    await world.git("clone", "-q", "--bare", world.root, bare);
    await world.git("remote", "add", "origin", bare);
    world.write("src/login.js", "dirty, and it stays so\n");
    const before = await usersSide(world);
    await world.ok("land", "login", "--push");
    expect(await usersSide(world)).toEqual(before);
    expect(await world.git("-C", bare, "log", "-1", "--format=%s", "trunk")).toContain("Fix #41");
    world.write("../remote.git/hooks/pre-receive", "#!/bin/sh\necho trunk is protected >&2\nexit 1\n");
    chmodSync(join(bare, "hooks/pre-receive"), 0o755);
    await world.git("-C", bare, "config", "core.hooksPath", join(bare, "hooks"));
    const said = refusal(await world.run("land", "dates", "--push"));
    expect(said).toContain("trunk is protected");
    expect(said).toContain("signalbox land dates --pr");
    expect(questions(await world.state(ID))).toEqual(["review dates", "review export"]);
  });

  it("opens a pull request with what is known, and finds the one that an earlier call has opened", async () => {
    const world = await accepted();
    const bare = join(world.folder, "remote.git");
    await world.git("clone", "-q", "--bare", world.root, bare);
    await world.git("remote", "add", "origin", bare);
    const bin = join(world.folder, "bin");
    world.write(
      "../bin/gh",
      `#!/bin/sh\necho "$@" >> ${bin}/calls\ncase "$1 $2" in\n"pr create") cat > ${bin}/body; echo https://example.org/pull/7;;\nesac\n`,
    );
    chmodSync(join(bin, "gh"), 0o755);
    const withGh = world.with({ PATH: `${bin}:${world.env.PATH}` });
    await withGh.ok("land", "login", "--pr");
    const body = readFileSync(join(bin, "body"), "utf8");
    expect(body).toContain("> Fix #41: the login form accepts an empty password");
    expect(body).toContain("`test -f package.json` passed");
    expect((await world.state(ID))?.deliverables.login?.landing).toMatchObject({
      way: "pr",
      target: "trunk",
      url: "https://example.org/pull/7",
    });
    const head = `signalbox/${ID}/login`;
    expect(await world.git("-C", bare, "log", "--format=%s", `trunk..${head}`)).toContain("Fix #41");
    expect(await world.git("-C", bare, "rev-parse", "trunk")).toBe(await world.git("rev-parse", "trunk"));
  });

  it("names the way out where gh is not there", async () => {
    const world = await accepted();
    await world.git("clone", "-q", "--bare", world.root, join(world.folder, "remote.git"));
    await world.git("remote", "add", "origin", join(world.folder, "remote.git"));
    const withoutGh = world.with({ PATH: pathWithout("gh", world.env.PATH ?? "") });
    expect(refusal(await withoutGh.run("land", "login", "--pr"))).toMatch(
      /gh, which is not installed[\s\S]*--push/,
    );
  });
});

function pathWithout(program: string, path: string): string {
  return path
    .split(":")
    .filter((folder) => !existsSync(join(folder, program)))
    .join(":");
}

describe("landing a whole workflow", () => {
  const WHOLE = THREE.replace("finish: { per: slot, documents: drop }", "finish: { merge: squash }");

  it("puts the result of a complete workflow on the target in the form that the definition names, once", async () => {
    const world = await openWorld({ scenario: SCENARIO, files: FILES });
    const definition = await world.define("fixes", WHOLE);
    const base = await world.git("rev-parse", "HEAD");
    const ran = await world.run("run", definition, "--use", "simulated", "--id", ID);
    expect([ran.code, ran.stdout.includes(`signalbox land -w ${ID}`)]).toEqual([0, true]);
    expect(refusal(await world.run("land", "login", "-w", ID))).toContain("lands as a whole");
    expect(await usersSide(world)).toEqual([base, ""]);
    const offered = await world.run("land", "-w", ID);
    expect([offered.code, offered.stdout.includes(`signalbox land -w ${ID} --here`)]).toEqual([5, true]);
    await world.ok("land", "-w", ID, "--here");
    expect(await subjects(world, `${base}..trunk`)).toEqual(["Three fixes"]);
    expect(readFileSync(join(world.root, "src/login.js"), "utf8")).toBe("export const login = 'checked';\n");
    expect(await world.git("status", "--porcelain")).toBe("");
    expect(await world.ok("status", ID)).toContain("landed    on trunk");
    const told = await world.run("land", "-w", ID);
    expect([told.code, told.stderr.includes("landed on trunk as")]).toEqual([0, true]);
    const again = await world.run("land", "-w", ID, "--here");
    expect([again.code, again.stderr.includes("an earlier call had done already")]).toEqual([0, true]);
    expect(await subjects(world, `${base}..trunk`)).toEqual(["Three fixes"]);
  });
});
