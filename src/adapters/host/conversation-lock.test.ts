/** Defects these would catch: two processes that continue one conversation, a lock that outlives its holder. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { conversationHolder, takeConversation } from "./conversation-lock.ts";

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

it.each([
  ["of a process that is gone", { pid: 2 ** 22 - 1 }],
  ["of another process with its pid", { startTime: "1" }],
  ["of an earlier boot", { bootId: "an-earlier-boot" }],
])("that was left %s holds nothing", async (_, changes) => {
  await takeConversation(conversation());
  const folder = join(commonDir, "signalbox", "wf-001", "conversations", "c-1");
  const [name = ""] = await readdir(folder);
  const holder = JSON.parse(await readFile(join(folder, name), "utf8")) as object;
  await writeFile(join(folder, name), JSON.stringify({ ...holder, ...changes }));
  expect(await conversationHolder(conversation())).toBeNull();
  expect((await takeConversation(conversation())).ok).toBe(true);
});
