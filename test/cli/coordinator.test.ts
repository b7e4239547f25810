/** Defects it would catch: two coordinators at once, a stale socket in the way, lost or doubled updates, leaving while somebody looks. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimCoordinator, claimFolder, livingClaims } from "../../src/adapters/coordinator/claim.ts";
import { type CoordinatorClient, dialCoordinator } from "../../src/adapters/coordinator/client.ts";
import { connectCoordinator, coordinatorLog } from "../../src/adapters/coordinator/connect.ts";
import { PROTOCOL, type Push } from "../../src/adapters/coordinator/protocol.ts";
import { startCoordinator } from "../../src/adapters/coordinator/run.ts";
import { serveCoordinator } from "../../src/adapters/coordinator/server.ts";
import { socketPath } from "../../src/adapters/coordinator/socket-path.ts";
import { createMemoryJournalStore } from "../../src/adapters/journal/memory.ts";
import { ownIdentity, processIdentity } from "../../src/adapters/process/identity.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { eventually } from "../support/eventually.ts";
import { FakeEngine } from "./fake-engine.ts";

const INFO = { protocol: PROTOCOL, version: "test", pid: process.pid, since: "2026-02-20T10:00:00Z" };

let folder: string;
let engine: FakeEngine;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sbx-"));
  engine = new FakeEngine(createMemoryJournalStore());
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

function aPlan(id = "demo-20260220-001") {
  return planOf(multiInstance(), aPlanContext({ id })).plan;
}

async function served(lingerMs = 60_000): Promise<{ readonly path: string; readonly left: Promise<string> }> {
  const path = join(folder, "c.sock");
  const server = await serveCoordinator({ engine, socketPath: path, info: INFO, lingerMs });
  closing.push(() => server.stop());
  return { path, left: server.left };
}

async function dialled(path: string): Promise<CoordinatorClient> {
  const client = await dialCoordinator(path);
  if (client === null) throw new Error("nobody answers");
  closing.push(() => client.close());
  return client;
}

describe("the coordinator's socket", () => {
  it("creates a workflow and answers with its state", async () => {
    const { path } = await served();
    const client = await dialled(path);
    const state = await client.create(aPlan(), "ada");
    expect(state.id).toBe("demo-20260220-001");
    expect(state.status).toBe("ACTIVE");
  });

  it("gives a subscriber the state, then every later event once and in order", async () => {
    const { path } = await served();
    const client = await dialled(path);
    const { id } = await client.create(aPlan(), "ada");
    const pushes: Push[] = [];
    const state = await client.subscribe(id, (push) => pushes.push(push));
    const other = await dialled(path);
    for (let n = 0; n < 20; n += 1)
      await other.submit(id, {
        type: "note",
        by: "bob",
        subject: "workflow",
        text: `note ${n}`,
        lesson: false,
      });
    await eventually("20 pushes", () => pushes.length === 20);
    const texts = pushes.flatMap((push) =>
      push.events.map((event) => (event.type === "note.added" ? event.note.text : event.type)),
    );
    expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => `note ${n}`));
    expect(pushes.map((push) => push.seq)).toEqual(
      Array.from({ length: 20 }, (_, n) => (pushes[0]?.seq ?? 0) + n),
    );
    expect(state.notes).toEqual([]);
  });

  it("sends nothing of other workflows to a subscriber", async () => {
    const { path } = await served();
    const client = await dialled(path);
    const one = await client.create(aPlan("one-20260220-001"), "ada");
    const two = await client.create(aPlan("two-20260220-001"), "ada");
    const seen: string[] = [];
    await client.subscribe(one.id, (push) => seen.push(push.workflow));
    await client.submit(two.id, { type: "pause", by: "ada", reason: "lunch" });
    await client.submit(one.id, { type: "pause", by: "ada", reason: "lunch" });
    await eventually("a push", () => seen.length > 0);
    expect(seen).toEqual([one.id]);
  });

  it("passes a refusal of the core on as a value", async () => {
    const { path } = await served();
    const client = await dialled(path);
    const { id } = await client.create(aPlan(), "ada");
    const result = await client.submit(id, { type: "approve", subject: "CP-009", by: "ada", note: "" });
    expect(result.ok).toBe(false);
  });

  it("refuses what only the engine's own ports may report", async () => {
    const { path } = await served();
    const client = await dialled(path);
    const { id } = await client.create(aPlan(), "ada");
    const forged = { type: "committed", effect: "x", report: {} } as never;
    await expect(client.submit(id, forged)).rejects.toMatchObject({ code: "not-a-command" });
  });

  it("keeps kind, code and hints of an error", async () => {
    const { path } = await served();
    const client = await dialled(path);
    await expect(client.open("nothing-20260220-001")).rejects.toMatchObject({
      kind: "user",
      code: "unknown-workflow",
    });
  });

  it("rejects what is under way when the coordinator goes", async () => {
    const path = join(folder, "c.sock");
    const server = await serveCoordinator({ engine, socketPath: path, info: INFO, lingerMs: 60_000 });
    const client = await dialled(path);
    engine.open = () => new Promise<WorkflowState>(() => {});
    const asked = client.open("demo-20260220-001");
    const expected = expect(asked).rejects.toMatchObject({ code: "coordinator-gone" });
    server.stop();
    await expected;
    await client.closed;
  });

  it("survives a viewer that sends garbage", async () => {
    const { path } = await served();
    const { connect } = await import("node:net");
    const bad = connect(path);
    bad.on("error", () => {});
    bad.write("this is no message\n");
    await new Promise((resolve) => bad.on("close", resolve));
    expect((await (await dialled(path)).status()).busy).toBe(false);
  });
});

describe("how long a coordinator stays", () => {
  it("leaves when nothing runs and nobody looks", async () => {
    const { left } = await served(30);
    expect(await left).toBe("idle");
  });

  it("stays while somebody is connected, and while something runs", async () => {
    engine.busyNow = true;
    const { path, left } = await served(30);
    const client = await dialled(path);
    let gone = false;
    void left.then(() => {
      gone = true;
    });
    await client.status();
    engine.busyNow = false;
    for (let n = 0; n < 20; n += 1) await client.status();
    expect(gone).toBe(false);
    client.close();
    expect(await left).toBe("idle");
  });

  it("refuses to stop while something runs when asked to stop only when idle", async () => {
    engine.busyNow = true;
    const { path, left } = await served();
    const client = await dialled(path);
    expect(await client.stop({ onlyIdle: true })).toBe(false);
    expect(await client.stop({ onlyIdle: false })).toBe(true);
    expect(await left).toBe("stopped");
  });

  it("stays until workflows of an earlier life are taken up", async () => {
    let finish: () => void = () => {};
    const reopen = () =>
      new Promise<readonly never[]>((resolve) => {
        finish = () => resolve([]);
      });
    const path = join(folder, "c.sock");
    const server = await serveCoordinator({ engine, socketPath: path, info: INFO, lingerMs: 20, reopen });
    const client = await dialled(path);
    expect(await client.stop({ onlyIdle: true })).toBe(false);
    client.close();
    finish();
    expect(await server.left).toBe("idle");
  });
});

describe("who is the coordinator", () => {
  const start = (log: string[] = [], lingerMs = 60_000) =>
    startCoordinator({
      commonDir: folder,
      env: { XDG_RUNTIME_DIR: folder },
      version: "test",
      since: INFO.since,
      lingerMs,
      compose: async () => ({ engine, reopen: async () => [] }),
      log: (line) => log.push(line),
    });

  it("is one process: a second start says who runs", async () => {
    const first = await start();
    if (!first.ok) throw new Error("held");
    closing.push(() => first.coordinator.stop());
    // The claim names this very process, so the second candidate is told apart by a file of another living process.
    const rival = { ...(await livingClaims(folder))[0], pid: process.ppid };
    expect(rival.socket).toBe(first.coordinator.socket);
    const connected = await connectCoordinator({
      commonDir: folder,
      root: folder,
      env: {},
      self: [],
      start: false,
    });
    expect(connected?.info.pid).toBe(process.pid);
    connected?.close();
  });

  it("yields to a living holder and takes over from a dead one", async () => {
    const parent = processIdentity(process.ppid);
    if (parent === null) throw new Error("no parent");
    await claimCoordinator(folder, "x", INFO.since, "test").then((result) =>
      result.ok ? result.claim.release() : undefined,
    );
    const record = (changes: object) =>
      JSON.stringify({
        ...ownIdentity(),
        host: hostname(),
        socket: "s",
        since: INFO.since,
        version: "test",
        ...changes,
      });
    await writeFile(join(claimFolder(folder), "dead.json"), record({ pid: process.pid, startTime: "1" }));
    const taken = await claimCoordinator(folder, "x", INFO.since, "test");
    expect(taken.ok).toBe(true);
    expect((await readdir(claimFolder(folder))).filter((name) => name === "dead.json")).toEqual([]);
    if (taken.ok) await taken.claim.release();
    await writeFile(join(claimFolder(folder), "living.json"), record({ ...parent }));
    const refused = await claimCoordinator(folder, "x", INFO.since, "test");
    expect(refused).toMatchObject({ ok: false, holder: { pid: process.ppid } });
  });

  it("never calls a holder on another machine dead", async () => {
    await claimCoordinator(folder, "x", INFO.since, "test").then((result) =>
      result.ok ? result.claim.release() : undefined,
    );
    const elsewhere = {
      ...ownIdentity(),
      bootId: "other",
      host: "elsewhere",
      socket: "s",
      since: INFO.since,
      version: "test",
    };
    await writeFile(join(claimFolder(folder), "elsewhere.json"), JSON.stringify(elsewhere));
    await expect(
      connectCoordinator({ commonDir: folder, root: folder, env: {}, self: [], start: true }),
    ).rejects.toMatchObject({
      kind: "lease",
      code: "coordinator-elsewhere",
    });
  });

  it("removes the socket that a killed coordinator left behind, and none that answers", async () => {
    const own = socketPath(folder, { XDG_RUNTIME_DIR: folder });
    const dead = own.replace(/-\d+\.sock$/, "-1.sock");
    const living = own.replace(/-\d+\.sock$/, "-2.sock");
    const killed = await runProgram(
      process.execPath,
      [
        "-e",
        `require("net").createServer().listen(${JSON.stringify(dead)}, () => process.kill(process.pid, "SIGKILL"))`,
      ],
      { cwd: folder, env: {} },
    );
    expect(killed.signal).toBe("SIGKILL");
    const other = createServer().listen(living);
    closing.push(() => other.close());
    const started = await start();
    if (!started.ok) throw new Error("held");
    closing.push(() => started.coordinator.stop());
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(living)).toBe(true);
    expect((await dialled(own)).info.version).toBe("test");
  });

  it("removes the sockets of other repositories whose coordinators are gone, and asks no living one", async () => {
    const own = socketPath(folder, { XDG_RUNTIME_DIR: folder });
    const elsewhere = join(dirname(own), "0123456789abcdef-");
    const killed = await runProgram(
      process.execPath,
      [
        "-e",
        `const path = ${JSON.stringify(elsewhere)} + process.pid + ".sock";
         require("net").createServer().listen(path, () => { console.log(path); process.kill(process.pid, "SIGKILL"); })`,
      ],
      { cwd: folder, env: {} },
    );
    const dead = killed.stdout.toString("utf8").trim();
    expect(existsSync(dead)).toBe(true);
    let asked = 0;
    const living = `${elsewhere}${process.pid}.sock`;
    const other = createServer(() => {
      asked += 1;
    }).listen(living);
    closing.push(() => other.close());
    const started = await start();
    if (!started.ok) throw new Error("held");
    closing.push(() => started.coordinator.stop());
    expect([existsSync(dead), existsSync(living), asked]).toEqual([false, true, 0]);
  });

  it("that does not start tells the lines of its own log, none of an earlier one's", async () => {
    const log = coordinatorLog(folder);
    await mkdir(dirname(log), { recursive: true });
    await writeFile(log, "an earlier one had trouble\n");
    const starting = connectCoordinator({
      commonDir: folder,
      root: folder,
      env: {},
      self: [process.execPath, "-e", "console.error('no room'); process.exit(3)"],
      start: true,
    });
    await expect(starting).rejects.toMatchObject({
      code: "coordinator-did-not-start",
      message: "The coordinator ended with code 3:\n  no room",
    });
  });

  it("leaves when the repository under it is replaced", async () => {
    const started = await start();
    if (!started.ok) throw new Error("held");
    await rm(claimFolder(folder), { recursive: true });
    await started.coordinator.ended;
    expect(engine.closed).toBe(true);
  });

  it("is not the one of a repository that stood at the path before", async () => {
    const started = await start();
    if (!started.ok) throw new Error("held");
    closing.push(() => started.coordinator.stop());
    const [claim] = await livingClaims(folder);
    const parent = processIdentity(process.ppid);
    await rm(claimFolder(folder), { recursive: true });
    await mkdir(claimFolder(folder));
    await writeFile(join(claimFolder(folder), "new.json"), JSON.stringify({ ...claim, ...parent }));
    await expect(
      connectCoordinator({
        commonDir: folder,
        root: folder,
        env: {},
        self: [],
        start: false,
        timeoutMs: 300,
      }),
    ).rejects.toMatchObject({ code: "coordinator-silent" });
  });

  it("gives socket, claim and engine back when it leaves", async () => {
    const started = await start([], 20);
    if (!started.ok) throw new Error("held");
    await started.coordinator.ended;
    expect(engine.closed).toBe(true);
    expect(await livingClaims(folder)).toEqual([]);
    expect(await dialCoordinator(started.coordinator.socket)).toBe(null);
  });

  it("keeps the socket's path short enough for the system", () => {
    const path = socketPath("/a/very/long/path/".repeat(30), {
      XDG_RUNTIME_DIR: join(folder, "x".repeat(90)),
    });
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103);
  });
});
