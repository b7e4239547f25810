/** Defects these would catch: two processes that continue one conversation, a lock that outlives its holder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { conversationHolder, conversationMark, takeConversation } from "./conversation-lock.ts";

let commonDir: string;

beforeEach(async () => {
  commonDir = await mkdtemp(join(tmpdir(), "signalbox-lock-"));
});
afterEach(() => rm(commonDir, { recursive: true, force: true }));

const conversation = () => ({ commonDir, workflow: "wf-001", key: "c-1" });

it("is one process's at a time, and free again when that is done", async () => {
  expect(await conversationHolder(conversation())).toBeNull();
  const takers = await Promise.all([1, 2, 3].map(() => takeConversation(conversation())));
  const winners = takers.filter((taken) => taken.ok);
  expect(winners).toHaveLength(1);
  expect(takers).toContainEqual(expect.objectContaining({ ok: false, pid: process.pid }));
  expect(await conversationHolder(conversation())).toBe(process.pid);
  expect((await takeConversation({ ...conversation(), key: "c-2" })).ok).toBe(true);
  for (const winner of winners) await winner.release();
  expect(await conversationHolder(conversation())).toBeNull();
  expect((await takeConversation(conversation())).ok).toBe(true);
});

/** Takes it, and then says of its holder that it was another process. */
async function takenBy(changes: object): Promise<void> {
  await takeConversation(conversation());
  const folder = join(commonDir, "signalbox", "wf-001", "conversations", "c-1");
  const [name = ""] = await readdir(folder);
  const holder = JSON.parse(await readFile(join(folder, name), "utf8")) as object;
  await writeFile(join(folder, name), JSON.stringify({ ...holder, ...changes }));
}

const GONE = { pid: 2 ** 22 - 1 };

it.each([
  ["of a process that is gone", GONE],
  ["of another process with its pid", { startTime: "1" }],
  ["of an earlier boot", { bootId: "an-earlier-boot" }],
])("that was left %s holds nothing", async (_, changes) => {
  await takenBy(changes);
  expect(await conversationHolder(conversation())).toBeNull();
  expect((await takeConversation(conversation())).ok).toBe(true);
});

it("is that of a program which goes on after its holder has died, until it ends", async () => {
  await takenBy(GONE);
  const env = { PATH: process.env.PATH, ...conversationMark(conversation()) };
  const survivor = spawn("sleep", ["600"], { stdio: "ignore", env });
  onTestFinished(() => void survivor.kill("SIGKILL"));
  await once(survivor, "spawn");
  expect(await conversationHolder(conversation())).toBe(survivor.pid);
  expect(await takeConversation(conversation())).toMatchObject({ ok: false, pid: survivor.pid });
  survivor.kill("SIGKILL");
  await once(survivor, "exit");
  expect((await takeConversation(conversation())).ok).toBe(true);
});
