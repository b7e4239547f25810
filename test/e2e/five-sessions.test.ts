/** Five real agents at work when processes die (P4): what they do meanwhile counts, and only what was in flight is done again. */
import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { sessionFolder } from "../../src/adapters/host/paths.ts";
import { loadHostRecord, loadResult } from "../../src/adapters/host/session-files.ts";
import { isAlive } from "../../src/adapters/process/identity.ts";
import type { SessionRecord } from "../../src/core/workflow/session-record.ts";
import { kill, processesOf } from "../support/e2e-processes.ts";
import { killCoordinator, openSessions } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { scriptedModel } from "../support/scripted-model.ts";

const NAMES = ["one", "two", "three", "four", "five"] as const;

/** Five tasks, each with a real agent whose model thinks `delayMs` before each answer; all of them have begun. */
async function fiveAtWork(delayMs: number): Promise<{ readonly world: World; readonly id: string }> {
  const deliverables = Object.fromEntries(
    NAMES.map((name) => [name, { edits: [{ path: `${name}.txt`, text: name }] }]),
  );
  const endpoint = await startEndpoint({ scenario: { delayMs, deliverables } });
  onTestFinished(() => endpoint.close());
  const world = await openWorld({ env: scriptedModel(endpoint.url) });
  const argv = ["--use", "claude", "--parallel", "5", "--check", "true", "--yes", "--detach"];
  const id = (await world.ok("dispatch", ...NAMES, ...argv)).trim();
  await eventually("five agents were started", () => allStarted(world, id), 120_000);
  return { world, id };
}

async function openIds(world: World, id: string): Promise<readonly string[]> {
  const state = await world.state(id);
  return state === null ? [] : openSessions(state);
}

async function allStarted(world: World, id: string): Promise<boolean> {
  const sessions = Object.keys((await world.state(id))?.sessions ?? {});
  const records = await Promise.all(
    sessions.map((session) => loadHostRecord(sessionFolder(world.commonDir, id, session))),
  );
  return records.filter((record) => (record?.processes.length ?? 0) > 0).length === NAMES.length;
}

async function finished(world: World, id: string): Promise<readonly SessionRecord[]> {
  const state = await world.until(
    id,
    "all are accepted",
    (now) => NAMES.every((name) => now.deliverables[name]?.step === "merged"),
    120_000,
  );
  const branch = `signalbox/${id}/main`;
  for (const name of NAMES) expect(await world.git("show", `${branch}:${name}.txt`)).toBe(name);
  expect((await world.git("log", "--merges", "--format=%s", branch)).split("\n")).toHaveLength(5);
  expect(Object.values(state.deliverables).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
  return Object.values(state.sessions);
}

describe.skipIf(realClaudeMissing() !== null)("five real agents at work", () => {
  it("end while nobody coordinates them; resume takes their results over and runs none again", async () => {
    const { world, id } = await fiveAtWork(1500);
    await killCoordinator(world);
    const open = await openIds(world, id);
    await eventually(
      "all have ended by themselves",
      async () => {
        const results = await Promise.all(
          open.map((it) => loadResult(sessionFolder(world.commonDir, id, it))),
        );
        return results.every((result) => result?.kind === "ok");
      },
      120_000,
    );
    await world.ok("resume", id, "--detach");
    const sessions = await finished(world, id);
    expect(sessions.map(({ outcome }) => outcome?.kind)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
  });

  it("die with everything else; resume does again what was in flight, in the same conversations, and leaves nobody behind", async () => {
    const { world, id } = await fiveAtWork(1500);
    const all = processesOf(world.folder);
    for (const { pid } of all) kill(pid, "SIGSTOP");
    const inFlight = await openIds(world, id);
    expect(inFlight).not.toEqual([]);
    for (const { pid } of all) kill(pid, "SIGKILL");
    await eventually("all are dead", () => all.every((process) => !isAlive(process)));
    await world.ok("resume", id, "--detach");
    const sessions = await finished(world, id);
    const again = sessions.filter((session) => session.outcome?.kind === "crashed");
    expect(again.map((session) => session.id).sort()).toEqual([...inFlight].sort());
    expect(sessions).toHaveLength(5 + inFlight.length);
    for (const { subject, conversation } of again)
      expect(sessions.filter((it) => it.subject === subject).map((it) => it.conversation)).toEqual([
        conversation,
        conversation,
      ]);
    await world.ok("coordinator", "--stop");
    await eventually("no process is left", () => processesOf(world.folder).length === 0, 60_000);
  });
});
