import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { specOf } from "../../../test/support/agent-sessions.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import type { SessionSpec } from "../../ports/session-host.ts";
import { type HostRecord, loadHostRecord, writeHostRecord, writeSpec } from "./session-files.ts";
import { settleDead } from "./settle.ts";

/** A session whose host died before its agent had told anything. */
async function settled(over: Partial<SessionSpec>) {
  const folder = await tempFolder();
  const spec = specOf(folder, over);
  const record: HostRecord = {
    v: 1,
    host: { pid: spawnSync("true").pid, startTime: "1", bootId: "gone" },
    instance: "one",
    marker: "SIGNALBOX_SESSION_KEY=of-nobody",
    processes: [],
    conversation: spec.conversation,
    acceptedAt: "2026-02-20T10:00:00Z",
  };
  await writeSpec(folder, spec);
  await writeHostRecord(folder, record);
  return (await settleDead(folder, (await loadHostRecord(folder)) ?? record)).usage;
}

const limits = specOf("/").limits;

it.each([
  ["one large request", { limits: { ...limits, usd: 5 } }, 0.5],
  ["no more than its limit", { limits: { ...limits, usd: 0.2 } }, 0.2],
  ["nothing that is known, where no money limits it", { limits: { ...limits, usd: null } }, null],
  ["nothing that is known, for a program of an argv template", { adapter: "command:mine" }, null],
] as const)("an agent that was killed before it told of a request has spent %s", async (_, over, usd) => {
  const usage = await settled(over);
  expect(usage.costUsd).toBe(usd);
  expect(usage.estimatedUsd ?? null).toBe(usd);
});
