import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { specOf } from "../../../test/support/agent-sessions.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { eventsPath, type HostRecord, loadHostRecord, writeHostRecord, writeSpec } from "./session-files.ts";
import { settleDead } from "./settle.ts";

/** A session whose host died before its agent had told what it cost; `replies` = lines of the agent's own file. */
async function settledWhole(replies: readonly unknown[], events: readonly object[] = []) {
  const folder = await tempFolder();
  const spec = specOf(folder, { adapter: "claude" });
  const record: HostRecord = {
    v: 1,
    host: { pid: spawnSync("true").pid, startTime: "1", bootId: "gone" },
    instance: "one",
    marker: "SIGNALBOX_SESSION_KEY=of-nobody",
    processes: [],
    conversation: spec.conversation,
    acceptedAt: "2026-02-20T10:00:00Z",
    agentFolder: join(folder, "agent"),
  };
  await writeSpec(folder, spec);
  await writeHostRecord(folder, record);
  await mkdir(join(folder, "agent", "projects", "here"), { recursive: true });
  const lines = replies.map((line) => `${JSON.stringify(line)}\n`).join("");
  await writeFile(join(folder, "agent", "projects", "here", `${spec.conversation}.jsonl`), lines);
  await writeFile(eventsPath(folder), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return settleDead(folder, (await loadHostRecord(folder)) ?? record);
}

async function settled(replies: readonly unknown[]) {
  return (await settledWhole(replies)).usage;
}

it("an agent that was killed with its host has spent what its own file tells", async () => {
  const message = { id: "m", model: "claude-opus-5-5", usage: { input_tokens: 1000, output_tokens: 1000 } };
  expect(await settled([{ type: "assistant", message }])).toMatchObject({
    costUsd: 0.03,
    estimatedUsd: 0.03,
    turns: 1,
  });
});

it("an agent that was killed before it told of a request has spent what nobody knows", async () => {
  expect(await settled([])).toMatchObject({ costUsd: null, turns: 0 });
});

it("the conversation of an agent that chooses its id itself goes on by that id, or not at all", async () => {
  const at = "2026-02-20T10:00:01Z";
  const chosen = await settledWhole([], [{ at, type: "conversation", id: "its-own" }]);
  expect(chosen.sessionId).toBe("its-own");
  const none = await settledWhole([], [{ at, type: "conversation", id: "" }]);
  expect(none.sessionId).toBe("");
});
