import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sessionFolder } from "../../src/adapters/host/paths.ts";
import { loadEvents, loadHostRecord } from "../../src/adapters/host/session-files.ts";
import { isAlive } from "../../src/adapters/process/identity.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { processesOf } from "../support/e2e-processes.ts";
import {
  asks,
  CROSS,
  type End,
  endOfCompleted,
  killCoordinator,
  openSessions,
} from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const ID = "cross-20260220-001";
const SCENARIO = {
  delayMs: 60,
  deliverables: { "agent-a-001": { scores: [0.8, 0.95] }, "*": { scores: [0.95] } },
};

/** Long enough for a kill to meet sessions in the middle of their work, also where other programs keep the machine busy. */
const SLOW = { ...SCENARIO, delayMs: 250 };

async function started(scenario: object = SCENARIO): Promise<World> {
  const world = await openWorld({ scenario });
  const definition = await world.define("cross", CROSS);
  await world.ok("run", definition, "--use", "simulated", "--id", ID, "--detach");
  return world;
}

/** Approves the checkpoint and waits for the end. */
async function finished(world: World): Promise<End> {
  await world.until(ID, "the checkpoint asks", (state) => asks(state, "checkpoint"));
  await world.ok("approve", "-w", ID);
  return endOfCompleted(world, ID);
}

/** On a busy machine a session may begin and end between two looks. */
function began(state: WorkflowState, purpose: string): boolean {
  return Object.values(state.sessions).some((session) => session.purpose === purpose);
}

/** Moments in the order in which a run reaches them; a moment that was too short to be seen counts once it is over. */
const MOMENTS: readonly (readonly [string, (state: WorkflowState) => boolean])[] = [
  [
    "provisioning",
    (s) => Object.values(s.deliverables).some((d) => d.step === "provision" || d.rounds.length > 0),
  ],
  ["creating", (s) => began(s, "create")],
  ["critique", (s) => began(s, "critique")],
  ["judging", (s) => began(s, "judge")],
  ["revising", (s) => began(s, "revise")],
  [
    "merging",
    (s) =>
      s.integrations.some((i) => i.type === "merge") ||
      Object.values(s.deliverables).some((d) => d.step === "merged"),
  ],
  ["a checkpoint", (s) => s.integrations.some((i) => i.type === "checkpoint") || s.checkpoints.length > 0],
  ["the barrier", (s) => began(s, "handoff")],
  ["the last phase", (s) => Object.keys(s.sessions).some((id) => id.includes("agent-c-001"))],
  ["waiting for a person", (s) => asks(s, "checkpoint")],
];

/** Sessions that run when the coordinator dies: who hosts them. */
async function hosted(world: World, ids: readonly string[]): Promise<readonly string[]> {
  const records = ids.map(
    async (id) => [id, await loadHostRecord(sessionFolder(world.commonDir, ID, id))] as const,
  );
  return (await Promise.all(records)).flatMap(([id, record]) =>
    record === null ? [] : [`${id} ${record.instance} ${record.acceptedAt}`],
  );
}

/** The same for the sessions that are open now, once one of them is accepted; none where none is open. */
async function hostedNow(world: World): Promise<readonly string[]> {
  return eventually("an open session is hosted", async () => {
    const state = await world.state(ID);
    const open = state === null ? [] : openSessions(state);
    const lines = await hosted(world, open);
    return (lines.length > 0 || open.length === 0) && lines;
  });
}

let reference: Promise<End> | undefined;

/** What a run leaves that nobody disturbed. */
function undisturbed(): Promise<End> {
  reference ??= started().then(finished);
  return reference;
}

describe("a coordinator that is killed while sessions run", () => {
  it("reaches the same end after resume, whatever it was doing, and interrupts no session", async () => {
    const expected = await undisturbed();
    const world = await started(SLOW);
    const running = new Map<string, string>();
    for (const [moment, holds] of MOMENTS) {
      await world.until(ID, moment, holds);
      for (const line of await hostedNow(world)) running.set(line.split(" ")[0] ?? "", line);
      await killCoordinator(world);
      await world.ok("resume", ID, "--detach");
    }
    expect(await finished(world)).toEqual(expected);
    expect(running.size).toBeGreaterThan(1);
    expect(await hosted(world, [...running.keys()])).toEqual([...running.values()]);
    for (const id of running.keys()) expect(await starts(world, id)).toBe(1);
    expect((await world.state(ID))?.spend.retries).toBe(0);
    await eventually("no process is left", () => processesOf(world.folder).length === 0, 30_000);
  });

  // More of them: npm run chaos.
  it.each([1])(
    "reaches the same end when the kills fall at any length of the journal (seed %i)",
    async (seed) => {
      const expected = await undisturbed();
      const world = await started();
      for (const length of lengths(seed)) {
        await world.until(
          ID,
          `${length} events`,
          (state) => state.seq >= length || asks(state, "checkpoint"),
        );
        await killCoordinator(world);
        await world.ok("resume", ID, "--detach");
      }
      expect(await finished(world)).toEqual(expected);
    },
  );
});

/** How often the agent of a session began to work. */
async function starts(world: World, id: string): Promise<number> {
  const events = await loadEvents(sessionFolder(world.commonDir, ID, id));
  return events.filter((event) => event.type === "text" && event.text.startsWith("Reads the assignment"))
    .length;
}

/** Four lengths of the journal, spread over a run of this definition. */
function lengths(seed: number): readonly number[] {
  let value = seed;
  const next = (): number => {
    value = (value * 48271) % 2147483647;
    return value;
  };
  return Array.from({ length: 4 }, () => 2 + (next() % 160)).toSorted((a, b) => a - b);
}

describe("a coordinator that is killed between the decision that all is complete and the commit that says so", () => {
  it("leaves a workflow that resume brings to the same end", async () => {
    const expected = await undisturbed();
    const world = await started();
    await world.until(ID, "the checkpoint asks", (state) => asks(state, "checkpoint"));
    await world.ok("approve", "-w", ID);
    await world.until(ID, "it is complete", (state) => state.status === "COMPLETE");
    await killCoordinator(world);
    const left = nextEffects((await world.state(ID)) ?? expect.fail("no state"));
    const resumed = await world.run("resume", ID);
    // Where the kill came too late to leave anything undone, resume has nothing to do and says so.
    expect([left.length > 0, resumed.code]).toEqual([left.length > 0, left.length > 0 ? 0 : 2]);
    expect(await endOfCompleted(world, ID)).toEqual(expected);
  });
});

const CHECKED = (folder: string): string => `workflow: Checked
slug: checked
use: simulated
checks:
  - name: slow
    run: echo $$ >> ${folder}/checks; (exec setsid tail -f /dev/null) & while [ ! -e ${folder}/go ]; do sleep 0.1; done
    timeout: 10m
stages:
  - phase: Fix
    slots:
      - { id: left, brief: The left one }
`;

describe("a coordinator that is killed while a check runs", () => {
  it("leaves no command behind once the next one has taken over, and the check is run again", async () => {
    const world = await openWorld();
    const definition = await world.define("checked", CHECKED(world.folder));
    await world.ok("run", definition, "--id", "checked-1", "--detach");
    const runs = (): readonly number[] => {
      const path = join(world.folder, "checks");
      return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
    };
    await eventually("a check runs", () => runs().length === 1);
    const stray = processesOf(world.folder).filter(({ command }) => /tail -f|while/.test(command));
    expect(stray.length).toBeGreaterThan(1);
    await killCoordinator(world);
    expect(stray.every(isAlive)).toBe(true);
    await world.ok("resume", "checked-1");
    await eventually("the check runs again", () => runs().length === 2);
    expect(stray.some(isAlive)).toBe(false);
    writeFileSync(join(world.folder, "go"), "");
    expect((await endOfCompleted(world, "checked-1")).merges).toHaveLength(1);
    await eventually("no process is left", () => processesOf(world.folder).length === 0, 30_000);
  });
});
