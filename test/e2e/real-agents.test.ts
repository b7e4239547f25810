import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { sessionFolder } from "../../src/adapters/host/paths.ts";
import { loadEvents, loadHostRecord } from "../../src/adapters/host/session-files.ts";
import { isAlive, type ProcessIdentity } from "../../src/adapters/process/identity.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { kill, processesOf } from "../support/e2e-processes.ts";
import { type End, endOfCompleted, killCoordinator, openSessions } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { livingHost } from "../support/end-host.ts";
import { eventually } from "../support/eventually.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { scriptedModel } from "../support/scripted-model.ts";

const ID = "relay-20260220-001";
/** Two slots, one barrier, and a gate for each of the three deliverables. */
const RELAY = `workflow: Relay
slug: relay
criticality: C2
judge: { samples: 1 }
pipelines:
  a: { alias: left }
  b: { alias: right }
stages:
  - phase: Research
    slots:
      - { in: a, role: ps-researcher, makes: research, brief: What the left side knows }
  - barrier: Exchange
    a -> b: Findings of the left side
  - phase: Analysis
    slots:
      - { in: b, role: ps-analyst, makes: analysis, brief: What follows for the right side }
`;
const SCENARIO = { delayMs: 500, deliverables: { "*": { scores: [0.95] } } };
const missing = realClaudeMissing();

type Adapter = "claude" | "claude-cli";

/** The workflow under way with real agents, whose model is a script on this machine. */
async function started(use: Adapter): Promise<World> {
  const endpoint = await startEndpoint({ scenario: SCENARIO });
  onTestFinished(() => endpoint.close());
  const world = await openWorld({
    env: scriptedModel(endpoint.url),
  });
  const definition = await world.define("relay", RELAY);
  await world.ok("run", definition, "--use", use, "--id", ID, "--yes", "--detach");
  return world;
}

async function finished(world: World): Promise<{ readonly end: End; readonly state: WorkflowState }> {
  const end = await endOfCompleted(world, ID, 120_000);
  return { end, state: (await world.state(ID)) ?? expect.fail("no state") };
}

interface Agent {
  readonly session: string;
  readonly process: ProcessIdentity;
}

/** The agent of the one open session of that purpose, once its process is known. */
async function runningAgent(world: World, purpose: string, subject: string): Promise<Agent> {
  return eventually(
    `an agent runs for ${purpose} of ${subject}`,
    async () => {
      const state = await world.state(ID);
      const session =
        state === null ? undefined : openSessions(state, purpose).find((id) => id.includes(`/${subject}/`));
      if (session === undefined) return false;
      const process = (await loadHostRecord(sessionFolder(world.commonDir, ID, session)))?.processes.at(-1);
      return process !== undefined && { session, process };
    },
    60_000,
  );
}

async function startsOf(world: World, session: string): Promise<readonly number[]> {
  const events = await loadEvents(sessionFolder(world.commonDir, ID, session));
  return events.flatMap((event) => (event.type === "started" ? [event.pid] : []));
}

let reference: Promise<End> | undefined;

/** What an undisturbed run leaves; the words of the script do not depend on the adapter. */
function undisturbed(): Promise<End> {
  reference ??= started("claude")
    .then(finished)
    .then(({ end }) => end);
  return reference;
}

describe.skipIf(missing !== null)("the real claude program in a workflow", () => {
  it.each<Adapter>(["claude", "claude-cli"])(
    "through %s: agents outlive a killed coordinator, and resume reaches the same end with nothing done twice",
    async (use) => {
      const expected = await undisturbed();
      const world = await started(use);
      const met: Agent[] = [];
      for (const [purpose, subject] of [
        ["create", "agent-a-001"],
        ["judge", "agent-a-001"],
        ["handoff", "barrier-1.a-to-b"],
        ["critique", "agent-b-001"],
      ] as const) {
        const agent = await runningAgent(world, purpose, subject);
        await killCoordinator(world);
        expect([purpose, isAlive(agent.process)]).toEqual([purpose, true]);
        met.push(agent);
        await world.ok("resume", ID, "--detach");
      }
      const { end, state } = await finished(world);
      expect(end).toEqual(expected);
      expect(state.spend.retries).toBe(0);
      expect(
        Object.values(state.sessions).every(
          (session) => session.outcome?.kind === "ok" && session.adapter === use,
        ),
      ).toBe(true);
      for (const { session, process } of met) expect(await startsOf(world, session)).toEqual([process.pid]);
      await eventually("no process is left", () => processesOf(world.folder).length === 0, 30_000);
    },
  );

  it("ends with a killed host, and the same attempt takes its conversation up again", async () => {
    const expected = await undisturbed();
    const world = await started("claude");
    const agent = await runningAgent(world, "create", "agent-a-001");
    const host = (await livingHost(world.commonDir)) ?? expect.fail("no session host runs");
    kill(host.pid, "SIGKILL");
    await eventually("the agent is gone", () => !isAlive(agent.process));
    const { end, state } = await finished(world);
    expect(end).toEqual(expected);
    const creations = Object.values(state.sessions).filter(
      (s) => s.subject === "agent-a-001" && s.purpose === "create",
    );
    expect(creations.map((s) => [s.attempt, s.outcome?.kind])).toEqual([
      [1, "crashed"],
      [1, "ok"],
    ]);
    expect(new Set(creations.map((s) => s.conversation)).size).toBe(1);
  });
});
