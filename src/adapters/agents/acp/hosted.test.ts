/** An ACP agent that hangs, in a session host with its limits. Defects it would catch: a silent agent that holds its place, work that is lost with it. */
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isAlive, makePlace, type Place } from "../../../../test/support/agent-sessions.ts";
import { eventually } from "../../../../test/support/eventually.ts";
import { type AcpPrograms, buildAcpPrograms, openAcpWorld } from "../../../../test/support/scripted-acp.ts";
import { createInProcessHost } from "../../host/in-process.ts";
import { createAdapter } from "./adapter.ts";

let built: Place;
let programs: AcpPrograms;
beforeAll(() => {
  built = makePlace();
  programs = buildAcpPrograms(built.root);
});
afterAll(() => built.remove());

it.concurrent.each([
  ["before it says a word", { mute: "initialize" }, "startup"],
  ["in the middle of its turn", { turns: [[{ write: "kept.md" }, { say: "hm" }, { wait: "deaf" }]] }, "idle"],
  [
    "after its last word",
    { turns: [[{ write: "kept.md" }, { say: "Done." }]], mute: "session/prompt" },
    "idle",
  ],
] as const)("an agent that hangs %s is ended in time, and its work stays", async (_, orders, which) => {
  const { place, spec } = openAcpWorld(programs);
  const loadAdapter = async () => createAdapter({ toolProgram: programs.tools, cancelMs: 100 });
  // Below the place of the test: what ends with "the test" ends with any of those that run at one time.
  const commonDir = path.join(place.root, "common");
  mkdirSync(commonDir);
  const host = createInProcessHost({ commonDir, loadAdapter, graceMs: 300 });
  const limits = {
    wallMs: 60_000,
    idleMs: 3000,
    startupMs: which === "startup" ? 3000 : 60_000,
    turns: 30,
    usd: 5,
  };
  const session = spec(orders, { limits });
  await host.start(session);
  const outcome = await host.outcome(session.workflow, session.id, new AbortController().signal);
  expect(outcome).toMatchObject({ kind: "limit", which, retry: "backoff" });
  const events = await host.events(session.workflow, session.id);
  const chosen = events.find((event) => event.type === "conversation");
  expect(outcome.sessionId).toBe(chosen?.type === "conversation" ? chosen.id : "");
  expect(existsSync(path.join(place.cwd, "kept.md"))).toBe(which === "idle");
  const pids = events.flatMap((event) => (event.type === "started" ? [event.pid] : []));
  await eventually("no process left", () => pids.length > 0 && !pids.some(isAlive));
  place.remove();
});
