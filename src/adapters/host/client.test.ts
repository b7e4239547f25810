/**
 * The detached host under kill -9. Would catch: agents that outlive their host, sessions that die with the coordinator,
 * two hosts for one repository, a crash that is not told, secrets on disk.
 */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { FAMILY, printedProcess } from "../../../test/contracts/process-host-contract.ts";
import { aSpec, NEVER } from "../../../test/contracts/session-host-contract.ts";
import { type BuiltHost, buildHost } from "../../../test/support/build-host.ts";
import { endHost, livingHost } from "../../../test/support/end-host.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { bundleScript, runScript, writeScript } from "../../../test/support/script.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { loadAdapter } from "../../../test/support/test-agent.ts";
import type { SessionHost, SessionSpec } from "../../ports/session-host.ts";
import { isAlive, type ProcessIdentity, processIdentity } from "../process/identity.ts";
import { processTable } from "../process/table.ts";
import { createSessionHost, type SessionHostOptions } from "./client.ts";
import { createInProcessHost } from "./in-process.ts";
import { hostFolder, sessionFolder } from "./paths.ts";
import { loadHostRecord } from "./session-files.ts";

let folder: string;
let built: BuiltHost;
let adaptersModule: string;
let clientScript: string;

const CLIENT = `
import { createSessionHost } from "./src/adapters/host/client.ts";
const { options, spec } = JSON.parse(process.argv[2]);
await createSessionHost(options).start(spec);
console.log("started");
setInterval(() => {}, 1000);`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-build-"));
  built = await buildHost(folder);
  adaptersModule = await bundleScript(
    folder,
    "agents",
    `export { loadAdapter } from "./test/support/test-agent.ts";`,
  );
  clientScript = await bundleScript(folder, "client", CLIENT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function aRepository(
  changes: Partial<SessionHostOptions> = {},
): Promise<{ options: SessionHostOptions; host: SessionHost }> {
  const commonDir = await tempFolder();
  onTestFinished(() => endHost(commonDir));
  const options = { commonDir, ...built, adaptersModule, graceMs: 300, idleExitMs: 3_000, ...changes };
  return { options, host: createSessionHost(options) };
}

async function requireHost(options: SessionHostOptions): Promise<ProcessIdentity> {
  const host = await livingHost(options.commonDir);
  if (host === null) throw new Error("no host runs");
  return host;
}

/** The watchdog is the host's only child that is not an agent. */
function watchdogOf(host: ProcessIdentity, agents: readonly number[]): ProcessIdentity | null {
  const row = processTable().find((it) => it.parent === host.pid && !agents.includes(it.pid) && !it.dead);
  return row === undefined ? null : processIdentity(row.pid);
}

/** Waits for the record, which is written beside the agent's start: an agent that is not in it would be taken for the watchdog. */
function agentsOf(options: SessionHostOptions, spec: SessionSpec): Promise<readonly number[]> {
  return eventually("the agent is recorded", async () => {
    const record = await loadHostRecord(sessionFolder(options.commonDir, spec.workflow, spec.id));
    return record !== null && record.processes.length > 0 && record.processes.map((it) => it.pid);
  });
}

async function startFamily(
  host: SessionHost,
): Promise<{ spec: SessionSpec; family: readonly ProcessIdentity[] }> {
  const usage = { type: "usage", costUsd: 0.5, turns: 7 } as const;
  const spec = await aSpec({ shell: FAMILY, ending: "hang", events: [usage as never] });
  await host.start(spec);
  const family = await Promise.all(
    ["child", "grandchild", "bare"].map((name) => printedProcess(host, spec, name)),
  );
  return { spec, family };
}

const kill = (identity: ProcessIdentity): void => void process.kill(identity.pid, "SIGKILL");
const noneAlive = (family: readonly ProcessIdentity[]): boolean => !family.some(isAlive);

describe("when the session host is killed", () => {
  test("its watchdog ends the agents' whole trees, and the outcome is a crash to be retried", async () => {
    const { options, host } = await aRepository();
    const { spec, family } = await startFamily(host);
    kill(await requireHost(options));
    await eventually("the family is gone without anybody asking", () => noneAlive(family));
    expect(await host.status(spec.workflow, spec.id)).toMatchObject({ state: "ended" });
    const outcome = await host.outcome(spec.workflow, spec.id, NEVER);
    expect(outcome).toMatchObject({ kind: "crashed", retry: "backoff", sessionId: spec.conversation });
    expect(outcome.usage).toMatchObject({ costUsd: 0.5, turns: 7 });
    await host.start(spec);
    expect(await host.outcome(spec.workflow, spec.id, NEVER)).toEqual(outcome);
    expect(await host.running()).toEqual([]);
  });

  test("the trees are ended even when the session's files are gone", async () => {
    const { options, host } = await aRepository();
    const { spec, family } = await startFamily(host);
    const identity = await requireHost(options);
    process.kill(identity.pid, "SIGSTOP"); // so that it does not write into the folder again
    await rm(sessionFolder(options.commonDir, spec.workflow, spec.id), { recursive: true });
    kill(identity);
    await eventually("the family is gone", () => noneAlive(family));
  });

  test("somebody who waits for the outcome is told", async () => {
    const { options, host } = await aRepository();
    const spec = await aSpec({ ending: "hang" });
    await host.start(spec);
    const outcome = host.outcome(spec.workflow, spec.id, NEVER);
    kill(await requireHost(options));
    expect(await outcome).toMatchObject({ kind: "crashed" });
  });

  test("a killed watchdog had been replaced before", async () => {
    const { options, host } = await aRepository();
    const { spec, family } = await startFamily(host);
    const identity = await requireHost(options);
    const agents = await agentsOf(options, spec);
    const first = await eventually("a watchdog", () => watchdogOf(identity, agents));
    kill(first);
    const second = await eventually("a new watchdog", () => {
      const found = watchdogOf(identity, agents);
      return found !== null && found.pid !== first.pid ? found : null;
    });
    kill(identity);
    await eventually("the family is gone", () => noneAlive(family));
    await eventually("the watchdog is gone", () => !isAlive(second));
  });

  test("together with its watchdog, whoever asks for the outcome ends the trees first", async () => {
    const { options, host } = await aRepository();
    const { spec, family } = await startFamily(host);
    const identity = await requireHost(options);
    const agents = await agentsOf(options, spec);
    const watchdog = await eventually("a watchdog", () => watchdogOf(identity, agents));
    process.kill(identity.pid, "SIGSTOP"); // so that it cannot replace the watchdog
    kill(watchdog);
    kill(identity);
    await eventually("the host is gone", () => !isAlive(identity));
    expect(family.map(isAlive)).toEqual([true, true, true]);
    expect(await host.outcome(spec.workflow, spec.id, NEVER)).toMatchObject({ kind: "crashed" });
    expect(noneAlive(family)).toBe(true);
  });

  test("a stop afterwards is a cancellation", async () => {
    const { options, host } = await aRepository();
    const { spec, family } = await startFamily(host);
    kill(await requireHost(options));
    await host.stop(spec.workflow, spec.id, "rewind");
    expect(noneAlive(family)).toBe(true);
    expect(await host.outcome(spec.workflow, spec.id, NEVER)).toMatchObject({
      kind: "cancelled",
      reason: "rewind",
    });
  });
});

describe("when the coordinator is killed", () => {
  test("host and agents go on, and the next one gets the outcome", async () => {
    const { options } = await aRepository();
    const spec = await aSpec({ shell: "echo begin $$; while [ ! -e go ]; do sleep 0.05; done; echo end" });
    const client = runScript(clientScript, [JSON.stringify({ options, spec })]);
    await eventually("the session is accepted", () => client.lines().includes("started"));
    process.kill(client.pid, "SIGKILL");
    await client.ended;
    const next = createSessionHost(options);
    const agent = await printedProcess(next, spec, "begin");
    expect(await next.status(spec.workflow, spec.id)).toMatchObject({ state: "running", pid: agent.pid });
    expect(await next.running()).toEqual([{ workflow: spec.workflow, id: spec.id }]);
    await next.start(spec);
    const outcome = next.outcome(spec.workflow, spec.id, NEVER);
    await writeFile(join(spec.cwd, "go"), "");
    expect(await outcome).toMatchObject({ kind: "ok" });
  });
});

describe("the host process", () => {
  test("is one, however many processes start sessions at the same moment", async () => {
    const { options, host } = await aRepository();
    const specs = await Promise.all(
      [1, 2, 3, 4].map((n) => aSpec({ ending: "hang" }, { id: `wf-001/${n}` })),
    );
    const clients = specs.map((spec) => runScript(clientScript, [JSON.stringify({ options, spec })]));
    await eventually("all are accepted", () => clients.every((it) => it.lines().includes("started")));
    const records = await Promise.all(
      specs.map((it) => loadHostRecord(sessionFolder(options.commonDir, it.workflow, it.id))),
    );
    expect(new Set(records.map((it) => it?.host.pid)).size).toBe(1);
    expect(await host.running()).toHaveLength(4);
  });

  test("leaves with its watchdog when it has nothing to do, and the next session gets a new one", async () => {
    const { options, host } = await aRepository({ idleExitMs: 300 });
    const spec = await aSpec({ shell: "sleep 1" });
    await host.start(spec);
    const first = await requireHost(options);
    const agents = await agentsOf(options, spec);
    const watchdog = await eventually("a watchdog", () => watchdogOf(first, agents));
    expect(await host.outcome(spec.workflow, spec.id, NEVER)).toMatchObject({ kind: "ok" });
    await eventually("both have left", () => !isAlive(first) && !isAlive(watchdog));
    expect(await host.running()).toEqual([]);
    const again = await aSpec({ shell: "true" }, { id: "wf-001/again" });
    await host.start(again);
    expect(await host.outcome(again.workflow, again.id, NEVER)).toMatchObject({ kind: "ok" });
  });

  test("answers again when its socket was removed", async () => {
    const { options, host } = await aRepository();
    const spec = await aSpec({ ending: "hang" });
    await host.start(spec);
    const before = await requireHost(options);
    const address = join(hostFolder(options.commonDir), "address.json");
    const { socket } = JSON.parse(await readFile(address, "utf8")) as { socket: string };
    await rm(socket);
    await host.stop(spec.workflow, spec.id, "enough");
    expect(await requireHost(options)).toEqual(before);
    expect(await host.outcome(spec.workflow, spec.id, NEVER)).toMatchObject({ kind: "cancelled" });
  });

  test("that cannot run is an error with what it said", async () => {
    const hostScript = await writeScript(
      await tempFolder(),
      "broken.mjs",
      `console.error("no luck today"); process.exit(3);`,
    );
    const { host } = await aRepository({ hostScript });
    await expect(host.start(await aSpec({}))).rejects.toMatchObject({
      kind: "environment",
      code: "session-host-unreachable",
      message: expect.stringContaining("no luck today"),
    });
  });

  test("loads the built-in adapters from its bundle", async () => {
    const commonDir = await tempFolder();
    onTestFinished(() => endHost(commonDir));
    const host = createSessionHost({ commonDir, ...built, idleExitMs: 1_000 });
    const spec = await aSpec(
      {},
      { adapter: "command:hello", command: ["sh", "-c", "echo hello from $SIGNALBOX_SESSION"] },
    );
    await host.start(spec);
    expect(await host.outcome(spec.workflow, spec.id, NEVER)).toMatchObject({ kind: "ok" });
    expect(await host.events(spec.workflow, spec.id)).toContainEqual(
      expect.objectContaining({ type: "text", text: `hello from ${spec.id}` }),
    );
  });
});

test("nothing on disk can be read by others, and values of the environment are not there at all", async () => {
  const { options, host } = await aRepository();
  const spec = await aSpec({ shell: `test $(echo -n $SECRET | wc -c) = 6 && echo it has the secret` });
  await host.start(spec);
  await host.outcome(spec.workflow, spec.id, NEVER);
  expect(await host.events(spec.workflow, spec.id)).toContainEqual(
    expect.objectContaining({ text: "it has the secret" }),
  );
  const session = sessionFolder(options.commonDir, spec.workflow, spec.id);
  expect((await stat(session)).mode & 0o077).toBe(0);
  for (const name of await readdir(session)) {
    expect(await readFile(join(session, name), "utf8"), name).not.toContain("s3cret");
    expect((await stat(join(session, name))).mode & 0o077, name).toBe(0);
  }
});

test("a session whose host ran in a process that is gone, or before a reboot, has crashed", async () => {
  const commonDir = await tempFolder();
  const spec = await aSpec({ ending: "hang" });
  await createInProcessHost({ commonDir, loadAdapter, graceMs: 100 }).start(spec);
  const next = createInProcessHost({ commonDir, loadAdapter, graceMs: 100 });
  expect(await next.outcome(spec.workflow, spec.id, NEVER)).toMatchObject({
    kind: "crashed",
    retry: "backoff",
  });

  const other = await aSpec({ ending: "hang" }, { id: "wf-001/other" });
  await createInProcessHost({ commonDir, loadAdapter, graceMs: 100 }).start(other);
  const file = join(sessionFolder(commonDir, other.workflow, other.id), "host.json");
  await writeFile(
    file,
    (await readFile(file, "utf8")).replace(/"bootId": "[^"]*"/, '"bootId": "another boot"'),
  );
  expect(await createSessionHost({ commonDir }).outcome(other.workflow, other.id, NEVER)).toMatchObject({
    kind: "crashed",
  });
});
