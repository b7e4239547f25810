/** Following a workflow: what a pipe sees, when the command ends and with which code, what `--yes` answers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { claimFolder, livingClaims } from "../../src/adapters/coordinator/claim.ts";
import { childIdentity, isFrozen, type ProcessIdentity } from "../../src/adapters/process/identity.ts";
import { aDefinition, aPhase, aPlanContext, aSlot, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { eventually } from "../support/eventually.ts";
import type { FakeEngine } from "./fake-engine.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = "demo-20260220-001";

async function withWorkflow(definition = multiInstance()): Promise<World & { readonly engine: FakeEngine }> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(definition, aPlanContext({ id: ID })).plan, "ada");
  return { ...world, engine };
}

/** The first commit of the workflow, which only an effect can make. */
async function integrated(engine: FakeEngine): Promise<void> {
  const [integration] = engine.state(ID)?.integrations ?? [];
  if (integration === undefined) return;
  await engine.append(ID, [
    { at: engine.now(), type: "integration.done", integration: integration.id, head: "a".repeat(40) },
  ]);
}

describe("in a pipe", () => {
  it("prints a line per event and ends with 5 and the answering command when a person is needed", async () => {
    const world = await withWorkflow();
    const watching = world.run("watch");
    await world.engine.append(ID, [
      {
        at: world.engine.now(),
        type: "note.added",
        note: { at: world.engine.now(), by: "bob", subject: "plan", text: "hm" },
      },
    ]);
    await integrated(world.engine);
    const ran = await watching;
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatchInlineSnapshot(`
      "! demo-20260220-001 waits for a person; nothing more happens until then
      ? plan  Rules raise the level above the definition: agent-c-001 to C3 (AE-003)  29m00s ago
          signalbox approve plan            go on
          signalbox decide plan waive       pass it without a score
          signalbox reject plan --note "…"  send it back with a note
      "
    `);
  });

  it("keeps waiting with --wait until somebody answers", async () => {
    const world = await withWorkflow();
    await integrated(world.engine);
    let ended = false;
    const watching = world.run("watch", "--wait").finally(() => {
      ended = true;
    });
    await world.run("note", "workflow", "still here");
    expect(ended).toBe(false);
    await world.run("cancel", "--yes", "-m", "enough");
    const ran = await watching;
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("cancelled by ada: enough");
  });

  it("prints JSON lines with --json", async () => {
    const world = await withWorkflow();
    const watching = world.run("watch", "--wait", "--json");
    await eventually(
      "a viewer",
      async () =>
        (await world.run("doctor", "--json")).stdout.includes("1 viewer") ||
        (await world.run("doctor", "--json")).stdout.includes("2 viewers"),
    );
    await world.run("cancel", "--yes");
    const lines = (await watching).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line.type)).toContain("workflow.cancelled");
    expect(lines.every((line) => line.workflow === ID)).toBe(true);
  });
});

describe("--yes", () => {
  it("answers what was shown with the plan, in the name of whoever typed it", async () => {
    const world = await aWorld();
    const engine = await world.coordinate();
    await world.write(
      "d.yaml",
      "workflow: Three\nreview: [plan]\nchecks: ['true']\nstages:\n  - phase: Fix\n    slots:\n      - { id: one, brief: do }\n",
    );
    const running = world.run("run", "d.yaml", "--use", "simulated", "--id", "three", "--yes");
    await eventually("the plan's approval", () => engine.state("three")?.planApproved === true);
    expect(engine.state("three")?.decisions[0]).toMatchObject({
      by: "ada (--yes)",
      word: "approve",
      subject: "plan",
    });
    await world.run("cancel", "three", "--yes");
    expect((await running).code).toBe(1);
  });

  it("never answers for unverified work, failures or escalations", async () => {
    const { routineApproval } = await import("../../src/cli/follow/answers.ts");
    const question = (kind: string, subject = "agent-a-001") =>
      ({
        id: "Q-001",
        kind,
        subject,
        askedAt: "2026-02-20T10:00:00Z",
        reason: "",
        options: ["approve", "reject"],
      }) as never;
    for (const kind of ["plan", "checkpoint", "finish"])
      expect(routineApproval(question(kind), "ada")).toMatchObject({ type: "approve", by: "ada (--yes)" });
    for (const kind of [
      "unverified",
      "protect",
      "escalation",
      "failure",
      "conflict",
      "limit",
      "criticality",
      "phase-gate",
    ])
      expect(routineApproval(question(kind), "ada")).toBe(null);
    expect(routineApproval(question("criticality", "plan"), "ada")).not.toBe(null);
  });
});

describe("Ctrl+C", () => {
  it("in a viewer leaves the work running and says so", async () => {
    const world = await withWorkflow();
    let interrupt: () => void = () => {};
    const watching = world.runWith(
      {
        onInterrupt: (listener) => {
          interrupt = listener;
          return () => {};
        },
      },
      "watch",
      "--wait",
    );
    await eventually("a viewer", async () => (await world.run("doctor", "--json")).stdout.includes("viewer"));
    await eventually("a listener", () => interrupt.name !== "interrupt");
    interrupt();
    expect(told(await watching)).toMatchInlineSnapshot(`
      "exit 130
      --- stderr
      ✓ demo-20260220-001 goes on in the background
      ↳ Look again: signalbox watch demo-20260220-001
      ↳ Stop it: signalbox pause demo-20260220-001, or signalbox cancel demo-20260220-001"
    `);
    expect(world.engine.state(ID)?.status).toBe("ACTIVE");
  });
});

describe("run", () => {
  const DEFINITION =
    "workflow: Three\nchecks: ['true']\nstages:\n  - phase: Fix\n    slots:\n      - { id: one, brief: do }\n";

  it("says who pays, how many agents and what is left out, then prints only the id with --detach", async () => {
    const world = await aWorld();
    const engine = await world.coordinate();
    await world.write("d.yaml", DEFINITION);
    await world.write("src/new.ts", "");
    const ran = await world.run("run", "d.yaml", "--use", "simulated", "--id", "three", "--detach");
    expect(
      told({
        ...ran,
        stderr: ran.stderr
          .replace(/at [0-9a-f]{8}/, "at <commit>")
          .replace(/(worktrees), about .*/, "$1, <sizes>"),
      }),
    ).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      three
      --- stderr
      Three  three
        pays      nobody: a rehearsal with simulated agents
        work      1 phase, 1 deliverable, 1 checkpoint
        agents    1 to 3 agent runs, 3 at a time
        checks    true
        cost      nothing; amounts that are shown are counted, not billed
        base      main at <commit>
        left out  1 uncommitted file is not in the base (src/new.ts); --include-dirty takes a snapshot of it
        space     3 worktrees, <sizes>"
    `);
    expect(engine.state("three")?.status).toBe("ACTIVE");
  });

  it("tells every error of a definition with line and column and exit 2", async () => {
    const world = await aWorld();
    await world.write("d.yaml", "workflow: Three\nstages:\n  - phase: Fix\n    slts: []\n");
    expect(told(await world.run("run", "d.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ d.yaml has an error

      d.yaml:3:5: none of the keys \`slots\`, \`barrier\` is here
        3 |   - phase: Fix
          |     ^^^^^^^^^^
          = expected: one of slots, barrier
          = nearest: slots
      ↳ Keys and their meaning for editors: signalbox schema definition"
    `);
    expect(told(await world.run("validate", "d.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      d.yaml:3:5: none of the keys \`slots\`, \`barrier\` is here
        3 |   - phase: Fix
          |     ^^^^^^^^^^
          = expected: one of slots, barrier
          = nearest: slots

      ✗ d.yaml has an error"
    `);
    expect(JSON.parse((await world.run("validate", "d.yaml", "--json")).stdout)).toMatchObject({
      valid: false,
      schemaVersion: 1,
    });
    expect(told(await world.run("run", "missing.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ The definition missing.yaml is not there
      ↳ Definitions here: d.yaml"
    `);
    expect(told(await world.run("run", "d.yaml", "--set", "x"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ --set x is no name=value
      ↳ For example: --set issue=41"
    `);
    expect(told(await world.run("run", "d.yaml", "--base", "nowhere"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ nowhere is no commit of this repository
      ↳ To see branches, run: git branch --all"
    `);
  });

  it("says who holds the lease with exit 7", async () => {
    const world = await aWorld();
    (await world.coordinate()).busyNow = true;
    await world.write("d.yaml", DEFINITION);
    const ran = await world.run("run", "d.yaml", "--use", "simulated", "--foreground");
    expect(ran.code).toBe(7);
    expect(ran.stderr).toContain("A coordinator already runs for this repository");
  });
});

describe("when the coordinator goes", () => {
  it("a viewer says so and how to go on", async () => {
    const world = await withWorkflow(
      aDefinition({ stages: [aPhase("Build", [aSlot({ brief: ["Do it"] })])] }),
    );
    const watching = world.run("watch", "--wait");
    await eventually("a viewer", async () => (await world.run("doctor", "--json")).stdout.includes("viewer"));
    await world.run("coordinator", "--stop");
    const ran = await watching;
    expect(ran.code).toBe(1);
    expect(ran.stderr.replace(/pid \d+/, "pid N")).toMatchInlineSnapshot(`
      "✗ The coordinator (pid N) has ended while demo-20260220-001 was under way
      ↳ Running agents go on. To go on with the workflow: signalbox resume demo-20260220-001
      "
    `);
  });

  it("status says that a frozen one does nothing, and how to go on", async () => {
    const world = await withWorkflow(
      aDefinition({ stages: [aPhase("Build", [aSlot({ brief: ["Do it"] })])] }),
    );
    await world.run("coordinator", "--stop");
    await eventually("nobody coordinates", async () => (await livingClaims(world.commonDir)).length === 0);
    const frozen = await frozenCoordinator(world.commonDir);
    const ran = await world.run("status");
    expect(ran.stdout).toContain(" stopped ");
    expect(ran.stdout).toContain(`stopped: the coordinator, process ${frozen.pid}, was frozen`);
    expect(ran.stdout).toContain("signalbox resume");
  });
});

/** A claim of a process that was stopped. */
async function frozenCoordinator(commonDir: string): Promise<ProcessIdentity> {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  child.kill("SIGSTOP");
  const frozen = await eventually("a frozen process", () => {
    const identity = childIdentity(child.pid ?? 0);
    return identity !== null && isFrozen(identity) ? identity : undefined;
  });
  const rest = { host: hostname(), socket: "/nowhere", since: "2026-02-20T10:00:00.000Z", version: "1" };
  await writeFile(join(claimFolder(commonDir), "frozen.json"), JSON.stringify({ ...frozen, ...rest }));
  return frozen;
}

describe("the board", () => {
  it("is drawn on a terminal, and stays as a still picture at the end", async () => {
    const world = await withWorkflow();
    let screen = "";
    const write = (text: string): void => {
      screen += text;
    };
    const tty = { write, isTTY: true, columns: 100, rows: 40 };
    const watching = world.runWith({ stdout: tty, env: { ...world.env, NO_COLOR: "1" } }, "watch", "--wait");
    await eventually("a picture", () => screen.includes("agent-a-001"));
    await world.run("cancel", "--yes");
    await watching;
    const [, last = ""] = screen.split("\u001b[?25h").slice(-2);
    expect(
      last
        .split("\n")
        .slice(0, 4)
        .map((line) => line.replace(/\d+m\d\ds|\d+s/, "T")),
    ).toMatchInlineSnapshot(`
      [
        "PROJ-006 Multi-Instance Strategy Assessment  demo-20260220-001",
        "cancelled · 0/9 done · T · $0.00",
        "",
        "Phase 1  Research  0/2",
      ]
    `);
  });
});
