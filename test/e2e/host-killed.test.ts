import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive, type ProcessIdentity, processIdentity } from "../../src/adapters/process/identity.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { kill, processesOf } from "../support/e2e-processes.ts";
import { endOfCompleted, killCoordinator } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { livingHost } from "../support/end-host.ts";
import { eventually } from "../support/eventually.ts";

const ID = "pair-20260220-001";
const PAIR = `workflow: Pair
slug: pair
use: command:slow
checks: ["true"]
stages:
  - phase: Fix
    slots:
      - { id: left, brief: The left one }
      - { id: right, brief: The right one }
`;

/**
 * An agent that starts a helper outside its own process group and then waits; once the folder has a file `go`, it does
 * its work at once.
 */
const agent = (folder: string): string => `name=$(basename "$PWD" | cut -d. -f1)
if [ ! -e ${folder}/go ]; then
  setsid tail -f /dev/null &
  echo "$$ $!" > ${folder}/pids-$name.tmp && mv ${folder}/pids-$name.tmp ${folder}/pids-$name
  wait
  exit 1
fi
echo "$name" > "$name.txt"
`;

/** Both agents wait, each with its helper. */
async function bothRunning(): Promise<{
  readonly world: World;
  readonly agents: readonly ProcessIdentity[];
}> {
  const world = await openWorld();
  writeFileSync(join(world.folder, "agent.sh"), agent(world.folder));
  world.write("signalbox.yaml", `commands:\n  slow: [bash, ${join(world.folder, "agent.sh")}]\n`);
  await world.git("add", "signalbox.yaml");
  const definition = await world.define("pair", PAIR);
  await world.ok("run", definition, "--id", ID, "--detach");
  const pids = await eventually("two agents and two helpers run", () => {
    const found = readdirSync(world.folder).filter((name) => /^pids-\w+$/.test(name));
    const all = found.flatMap((name) =>
      readFileSync(join(world.folder, name), "utf8").trim().split(" ").map(Number),
    );
    return all.length === 4 && all;
  });
  return { world, agents: pids.map((pid) => processIdentity(pid) ?? expect.fail(`agent ${pid} is gone`)) };
}

async function killHost(world: World): Promise<ProcessIdentity> {
  const host = (await livingHost(world.commonDir)) ?? expect.fail("no session host runs");
  kill(host.pid, "SIGKILL");
  await eventually("the host is dead", () => !isAlive(host));
  return host;
}

async function completed(world: World): Promise<WorkflowState> {
  writeFileSync(join(world.folder, "go"), "");
  expect((await endOfCompleted(world, ID)).merges).toHaveLength(2);
  return (await world.state(ID)) ?? expect.fail("no state");
}

function expectOneRetryEach(state: WorkflowState): void {
  for (const id of ["left", "right"]) {
    const sessions = Object.values(state.sessions).filter((session) => session.subject === id);
    expect(sessions.map(({ outcome, attempt }) => [attempt, outcome?.kind])).toEqual([
      [1, "crashed"],
      [1, "ok"],
    ]);
    expect(state.deliverables[id]?.attempt).toBe(1);
  }
}

describe("a session host that is killed", () => {
  it("takes its agents with it, helpers too, and the coordinator does the work again in the same attempt", async () => {
    const { world, agents } = await bothRunning();
    await killHost(world);
    await eventually("no agent is left", () => agents.every((agent) => !isAlive(agent)));
    expectOneRetryEach(await completed(world));
    expect(await world.git("show", `signalbox/${ID}/main:left.txt`)).toBe("left");
  });

  it("leaves no agent behind without a coordinator either, and resume completes", async () => {
    const { world, agents } = await bothRunning();
    await killCoordinator(world);
    await killHost(world);
    await eventually("no agent is left", () => agents.every((agent) => !isAlive(agent)));
    await eventually("the watchdog has left", () => processesOf(world.folder).length === 0);
    expect(existsSync(join(world.folder, "go"))).toBe(false);
    await world.ok("resume", ID, "--detach");
    expectOneRetryEach(await completed(world));
  });

  it("and a watchdog and a coordinator that die with it leave orphans, which resume ends before it does their work again", async () => {
    const { world, agents } = await bothRunning();
    const watchdog =
      processesOf(world.folder).find(({ command }) => command.includes("/host/watchdog.js {")) ??
      expect.fail("no watchdog runs");
    kill(watchdog.pid, "SIGSTOP");
    await killCoordinator(world);
    await killHost(world);
    kill(watchdog.pid, "SIGKILL");
    await eventually("the watchdog is dead", () => !isAlive(watchdog));
    expect(agents.every(isAlive)).toBe(true);
    await world.ok("resume", ID, "--detach");
    await eventually("no agent is left", () => agents.every((agent) => !isAlive(agent)));
    expectOneRetryEach(await completed(world));
  });
});
