/** `signalbox inbox` over several repositories: from journals alone, each answer a command that can be typed where one stands. */
import { appendFile, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { registryPath } from "../../src/adapters/registry/repositories.ts";
import { commandsAt } from "../../src/core/view/commands-at.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld, type Ran, told, type World } from "./harness.ts";

const ID = "demo-20260220-001";
const OTHER = "other-20260220-001";

/** Workflows in the order given; each asks something about its plan at once. */
async function withQuestions(world: World, ...ids: readonly string[]): Promise<void> {
  const engine = await world.coordinate();
  for (const id of ids) await engine.create(planOf(multiInstance(), aPlanContext({ id })).plan, "ada");
}

/** Two repositories of one user, the second one registered. */
async function twoWorlds(): Promise<{ readonly here: World; readonly there: World }> {
  const [here, there] = [await aWorld(), await aWorld()];
  await here.runWith({ cwd: there.root }, "init");
  return { here, there };
}

interface Document {
  readonly waiting: readonly {
    readonly root: string;
    readonly workflow: string;
    readonly kind: string;
    readonly answers: readonly { readonly command: string }[];
  }[];
  readonly unreadable: readonly { readonly root: string; readonly workflow: string; readonly code: string }[];
  readonly vanished: readonly string[];
}

function documentOf({ stdout }: Ran): Document {
  return JSON.parse(stdout) as Document;
}

function firstCommands(ran: Ran): readonly (string | undefined)[] {
  return documentOf(ran).waiting.map(({ answers: [first] }) => first?.command);
}

describe("inbox", () => {
  it("says that nothing waits, in a repository and outside of any", async () => {
    const world = await aWorld();
    expect(told(await world.run("inbox"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ nothing waits"
    `);
    expect(told(await world.runWith({ cwd: join(world.root, "..") }, "inbox"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ nothing waits: no repository is known yet
      ↳ A repository is known from its first workflow on: signalbox run <definition>"
    `);
    expect((await world.run("inbox", "--json")).stdout).toMatchInlineSnapshot(`
      "{
        "schemaVersion": 1,
        "waiting": [],
        "unreadable": [],
        "vanished": [],
        "repositories": 1
      }
      "
    `);
  });

  it("needs a repository for what waits here", async () => {
    const world = await aWorld();
    const ran = await world.runWith({ cwd: join(world.root, "..") }, "inbox", "--here");
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("is not inside a git repository");
  });

  it("lists what waits with its age, its place and the commands that answer it", async () => {
    const world = await aWorld();
    await withQuestions(world, ID);
    expect(told(await world.run("inbox"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      ? plan  Rules raise the level above the definition: agent-c-001 to C3 (AE-003)  29m00s ago
          in shop · demo-20260220-001
          signalbox approve plan            go on
          signalbox decide plan waive       pass it without a score
          signalbox reject plan --note "…"  send it back with a note"
    `);
  });

  it("names the workflow in every command where several are active", async () => {
    const world = await aWorld();
    await withQuestions(world, ID, OTHER);
    expect(firstCommands(await world.run("inbox", "--json"))).toEqual([
      `signalbox approve plan -w ${ID}`,
      `signalbox approve plan -w ${OTHER}`,
    ]);
  });

  it("reaches into registered repositories, oldest first over all, and stays here when told to", async () => {
    const { here, there } = await twoWorlds();
    await withQuestions(there, OTHER);
    const engine = await here.coordinate();
    engine.now(); // what is asked here is a minute younger
    await engine.create(planOf(multiInstance(), aPlanContext({ id: ID })).plan, "ada");
    const all = await here.runWith({ cwd: here.root }, "inbox", "--json");
    expect(documentOf(all).waiting.map(({ workflow }) => workflow)).toEqual([OTHER, ID]);
    expect(firstCommands(all)).toEqual([`signalbox -C ${there.root} approve plan`, "signalbox approve plan"]);
    const only = await here.run("inbox", "--here", "--json");
    expect(documentOf(only).waiting.map(({ workflow }) => workflow)).toEqual([ID]);
  });

  it("gives commands that answer as they stand, from another repository", async () => {
    const { here, there } = await twoWorlds();
    await withQuestions(there, OTHER);
    const [command = ""] = firstCommands(await here.run("inbox", "--json"));
    const ran = await here.run(...command.split(" ").slice(1));
    expect(ran.stderr).toContain("plan approved");
    expect(documentOf(await here.run("inbox", "--json")).waiting.map(({ kind }) => kind)).not.toContain(
      "criticality",
    );
  });

  it("shows the rest where a journal is damaged, and names the damage", async () => {
    const { here, there } = await twoWorlds();
    await withQuestions(there, ID, OTHER);
    await appendFile(join(there.commonDir, "signalbox", ID, "journal.jsonl"), "{}\n{}\n");
    const { waiting, unreadable } = documentOf(await here.run("inbox", "--json"));
    expect(waiting.map(({ workflow }) => workflow)).toEqual([OTHER]);
    expect(unreadable).toMatchObject([{ root: there.root, workflow: ID, code: "journal-damaged" }]);
    expect((await here.run("inbox")).stderr).toContain(`${ID} in ${there.root} cannot be read`);
  });

  it("drops a registered repository that is gone with one note", async () => {
    const { here, there } = await twoWorlds();
    await rm(there.root, { recursive: true });
    expect((await here.run("inbox")).stderr).toContain(`${there.root} is gone`);
    expect((await here.run("inbox")).stderr).not.toContain("gone");
  });

  it("says so where work is outstanding and nobody carries it on", async () => {
    const world = await aWorld();
    const engine = await world.coordinate();
    await engine.create(planOf(multiInstance(), aPlanContext({ id: ID })).plan, "ada");
    const claims = join(world.commonDir, "signalbox", ".coordinator");
    await rm(claims, { recursive: true });
    expect(documentOf(await world.run("inbox", "--json")).waiting.map(({ kind }) => kind)).toContain(
      "unattended",
    );
  });
});

describe("the registry", () => {
  it("is written below the user's state folder and never in the checkout", async () => {
    const world = await aWorld();
    const env = { ...world.env, XDG_STATE_HOME: join(world.root, "..", "state") };
    await world.runWith({ env }, "init");
    const path = registryPath(env) ?? "";
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ repositories: [{ root: world.root }] });
    expect(await world.git("status", "--porcelain")).not.toContain("repositories.json");
    await expect(stat(join(world.root, "..", ".local"))).rejects.toThrow("ENOENT");
  });

  it("that cannot be written fails nothing", async () => {
    const world = await aWorld();
    const env = { ...world.env, XDG_STATE_HOME: "/dev/null/state" };
    const ran = await world.runWith({ env }, "init");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("this repository could not be registered");
  });
});

describe("commands for another folder", () => {
  it("reach a shell whole, whatever the folder is called", async () => {
    const folder = '/srv/it\'s a "shop" $HOME';
    const { at } = commandsAt({ folder, workflow: null });
    const command = at('signalbox reject CP-001 --note "…"').replace("signalbox", "printf '%s\\n'");
    const ran = await runProgram("sh", ["-c", command], { cwd: "/", env: { PATH: process.env.PATH ?? "" } });
    expect(ran.stdout.toString("utf8").split("\n")).toEqual([
      "-C",
      folder,
      "reject",
      "CP-001",
      "--note",
      "…",
      "",
    ]);
  });

  it("name the workflow for our program alone", () => {
    const { at } = commandsAt({ folder: "/srv/shop", workflow: "x-1" });
    expect([at("git show 01234567 -- a.md"), at("signalbox review login")]).toEqual([
      "git -C /srv/shop show 01234567 -- a.md",
      "signalbox -C /srv/shop review login -w x-1",
    ]);
  });
});
