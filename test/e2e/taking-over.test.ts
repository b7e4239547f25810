/**
 * People who take work into their own hands, with real processes. Defects these would catch: a conversation that two programs continue, work
 * that dies with a terminal, a slot that nobody can get back.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { conversationHolder } from "../../src/adapters/host/conversation-lock.ts";
import { sessionFolder } from "../../src/adapters/host/paths.ts";
import { loadEvents } from "../../src/adapters/host/session-files.ts";
import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { builtProduct } from "../support/e2e-build.ts";
import { kill } from "../support/e2e-processes.ts";
import { openWorld, runGit, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { scriptedModel } from "../support/scripted-model.ts";
import { openTerminal, type Terminal, tmuxMissing } from "../support/tmux.ts";

const ID = "one";
const ONE = `workflow: One
stages:
  - phase: Work
    slots:
      - { id: work, role: coder, makes: commit, brief: Do it }
`;
const isAttached = (state: WorkflowState) => state.questions.some((one) => one.kind === "attached");

/** A slot whose real agent sits in a call that does not end. */
async function sleeping(): Promise<World> {
  const sleep = { round: 1, tool: "Bash", input: { command: "sleep 600", description: "wait" } };
  const endpoint = await startEndpoint({ scenario: { deliverables: { work: { calls: [sleep] } } } });
  onTestFinished(() => endpoint.close());
  const world = await openWorld({ env: scriptedModel(endpoint.url) });
  knownUser(world);
  const definition = await world.define("one", ONE);
  await world.ok("run", definition, "--use", "claude", "--id", ID, "--detach", "--yes");
  await eventually("the agent makes its call", async () => {
    const [session] = Object.keys((await world.state(ID))?.sessions ?? {});
    const events = await loadEvents(sessionFolder(world.commonDir, ID, session ?? ""));
    return events.some((event) => event.type === "tool");
  });
  return world;
}

/** What claude asks a person once: how it looks, whether the key may be used, whether the folder is trusted. */
function knownUser({ folder }: World): void {
  const worktree = join(folder, "shop-wt/signalbox/one/work.1.1");
  const known = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: ["sk-ant-dummy"], rejected: [] },
    projects: { [worktree]: { hasTrustDialogAccepted: true } },
  };
  writeFileSync(join(folder, "home", ".claude.json"), JSON.stringify(known));
}

async function attached(world: World): Promise<Terminal> {
  const { command } = await builtProduct();
  const terminal = await openTerminal(world.folder, world.root, world.env);
  await terminal.type(`${command.join(" ")} attach work --yes`);
  await terminal.sees("What should Claude do instead?");
  return terminal;
}

describe.skipIf(realClaudeMissing() !== null || (await tmuxMissing()))("an attached conversation", () => {
  it("outlives its terminal and the coordinator, is nobody else's meanwhile, and its work goes through the gate", async () => {
    const world = await sleeping();
    const first = await attached(world);
    const before = await world.until(ID, "it is attached", isAttached);
    const beside = await world.run("decide", "work", "retry");
    expect([beside.code, beside.stderr]).toEqual([
      2,
      expect.stringMatching(/still open in a terminal of ana \(pid \d+\)/),
    ]);
    const coordinator = await world.coordinator(); // with nothing to do it may have left already
    if (coordinator !== null) kill(coordinator.pid, "SIGKILL");
    await first.close();
    const conversation = before.deliverables.work?.conversation ?? expect.fail("no conversation");
    const { commonDir } = world;
    await eventually("nobody has the conversation", async () => {
      return (await conversationHolder({ commonDir, workflow: ID, key: conversation })) === null;
    });
    expect(await world.ok("status")).toContain("attached by ana");

    const second = await attached(world);
    await second.type("go on without the call");
    await second.sees("Changes: First version.");
    await second.type("/exit");
    await second.sees("work is handed back");
    const state = await world.until(ID, "the gate asks", ({ questions }) =>
      questions.some((one) => one.kind === "unverified"),
    );
    expect(state.deliverables.work).toMatchObject({ attempt: 1 });
    expect(state.deliverables.work?.conversation).toBe(conversation);
    expect(await world.git("show", "--stat", state.deliverables.work?.commit ?? "")).toContain("work.md");
    const events = (await openJournalStore(world.commonDir).load(ID)).flatMap((entry) =>
      entry.events.map((event) => event.type),
    );
    expect(events.filter((type) => /attached|detached/.test(type))).toEqual([
      "deliverable.attached",
      "deliverable.attached",
      "deliverable.detached",
    ]);
    await world.ok("reject", "work", "--note", "greet people as well");
    const { sessions } = await world.until(
      ID,
      "its agent has done another round",
      ({ deliverables, questions }) => {
        return deliverables.work?.rounds.at(-1)?.round === 2 && questions.length > 0;
      },
    );
    const last = Object.values(sessions).at(-1);
    expect(last).toMatchObject({ conversation, round: 2, outcome: { kind: "ok", sessionId: conversation } });
    await world.ok("cancel", ID, "--yes");
  });
});

const TWO = `workflow: Two
checks: ["true"]
stages:
  - phase: Work
    slots:
      - { id: notes, role: ps-researcher, makes: research, brief: Find it out }
      - { id: greeting, role: coder, makes: commit, brief: Greet people }
`;

/** Two slots whose agents sit still until they are told something. */
async function reading(): Promise<World> {
  const calls = [{ tool: "Read", input: { path: "README.md" }, times: 5000, until: "told" as const }];
  const world = await openWorld({ scenario: { delayMs: 50, deliverables: { "*": { calls } } } });
  const definition = await world.define("two", TWO);
  await world.ok("run", definition, "--use", "simulated", "--id", "two", "--detach", "--yes");
  await world.until("two", "both work", ({ sessions }) => Object.keys(sessions).length === 2);
  return world;
}

/** A worktree of the user with a commit, a staged, a changed and a new file; and what git says of it. */
async function ownWork(world: World): Promise<{ readonly path: string; look(): Promise<string> }> {
  const path = join(world.folder, "mine");
  const git = (...args: readonly string[]) => runGit(path, world.env, args);
  await world.git("worktree", "add", "-q", "-b", "mine", path);
  writeFileSync(join(path, "greet.txt"), "hello\n");
  await git("add", "-A");
  await git("commit", "-q", "-m", "greet");
  writeFileSync(join(path, "greet.txt"), "hello, you\n");
  writeFileSync(join(path, "staged.txt"), "staged\n");
  await git("add", "staged.txt");
  writeFileSync(join(path, "new.txt"), "new\n");
  const look = async () =>
    [
      await git("rev-parse", "HEAD"),
      await git("status", "--porcelain=v2"),
      await git("stash", "list"),
    ].join();
  return { path, look };
}

describe("work of a person", () => {
  it("takes the place of an agent's: a file for one slot, a worktree for another, and a task of its own", async () => {
    const world = await reading();
    const mine = await ownWork(world);
    const before = await mine.look();
    world.write("findings.md", "# What I found\n\nIt is so.\n");
    await world.ok("write", "notes", "--from", "findings.md", "--yes");
    expect((await world.run("adopt", mine.path, "--slot", "greeting")).stderr).toContain(
      "signalbox stop greeting",
    );
    await world.ok("stop", "greeting");
    await world.until("two", "it has stopped", ({ questions }) =>
      questions.some((one) => one.kind === "stopped"),
    );
    await world.ok("adopt", mine.path, "--slot", "greeting");
    const done = await world.until("two", "both are merged", ({ deliverables }) =>
      Object.values(deliverables).every(({ step }) => step === "merged"),
    );
    const artifact = done.deliverables.notes?.artifact ?? "";
    expect(await world.git("show", `${done.head}:${artifact}`)).toContain("What I found");
    for (const [file, text] of [
      ["greet.txt", "hello, you"],
      ["staged.txt", "staged"],
      ["new.txt", "new"],
    ])
      expect(await world.git("show", `${done.head}:${file}`)).toBe(text);

    const options = ["--use", "simulated", "--check", "true", "--id", "own", "--detach", "--yes"];
    await world.ok("adopt", "mine", "Greet people", ...options);
    const own = await world.until("own", "it waits to be landed", ({ questions }) =>
      questions.some((one) => one.kind === "review"),
    );
    expect(own.sessions).toEqual({});
    expect(await world.git("show", `${own.head}:greet.txt`)).toBe("hello");
    expect(await mine.look()).toBe(before);
  });
});
