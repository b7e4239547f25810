/** Defects these would catch: a server that an agent's program does not understand, a bad call that runs, a bridge that loses lines or stays. */
import { afterEach, expect, it } from "vitest";
import { buildBridge, makePlace, type Place } from "../../../test/support/agent-sessions.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { spawnProcess } from "../process/spawn.ts";
import type { EventBody } from "./session-io.ts";
import { answer, openToolSocket } from "./session-mcp.ts";
import { SESSION_TOOL_NAMES, SESSION_TOOLS, type ToolReach } from "./session-tools.ts";

const events: EventBody[] = [];
const places: Place[] = [];
afterEach(() => {
  events.length = 0;
  for (const place of places.splice(0)) place.remove();
});

const REACH: ToolReach = {
  emit: (event) => events.push(event),
  ask: ({ question }) => Promise.resolve({ word: "answer", text: `about ${question}`, by: "ana" }),
};
const send = (method: string, params: object = {}, id: number | undefined = 1) =>
  answer(JSON.stringify({ jsonrpc: "2.0", id, method, params }), REACH);
const call = (name: string, input: object) => send("tools/call", { name, arguments: input });

it("introduces itself in the protocol of the client and lists the same tools as the SDK gets", async () => {
  expect(await send("initialize", { protocolVersion: "2024-11-05" })).toMatchObject({
    id: 1,
    result: { protocolVersion: "2024-11-05", serverInfo: { name: "signalbox" } },
  });
  const listed = await send("tools/list");
  const { tools } = (listed?.result ?? { tools: [] }) as {
    readonly tools: readonly { readonly name: string; readonly inputSchema: object }[];
  };
  expect(tools.map(({ name }) => `mcp__signalbox__${name}`)).toEqual(SESSION_TOOL_NAMES);
  expect(tools.find(({ name }) => name === "ask_user")?.inputSchema).toMatchObject({
    type: "object",
    required: ["question"],
    properties: { question: { type: "string" }, options: { type: "array" } },
  });
  expect(JSON.stringify(listed)).not.toContain("$schema");
});

it("runs a call as the SDK would", async () => {
  expect(await call("register_artifact", { path: "out/a.md" })).toMatchObject({
    result: { content: [{ type: "text" }] },
  });
  expect(events).toEqual([{ type: "note", text: "register_artifact: out/a.md" }]);
  expect(await call("ask_user", { question: "sizes" })).toMatchObject({
    result: { content: [{ type: "text", text: "ana answers: about sizes" }] },
  });
});

it("refuses what it does not know or cannot use, and answers nothing to a notification or to noise", async () => {
  expect(await call("ask_user", {})).toMatchObject({ result: { isError: true } });
  expect(await call("format_disk", {})).toMatchObject({ error: { code: -32602 } });
  expect(await send("resources/list")).toMatchObject({ error: { code: -32601 } });
  expect(await answer('{"jsonrpc":"2.0","method":"notifications/initialized"}', REACH)).toBeNull();
  expect(await answer("not json", REACH)).toBeNull();
  expect(events).toEqual([]);
});

it("tells an agent to be careful where nobody can be asked", async () => {
  const ask = SESSION_TOOLS.find(({ name }) => name === "ask_user");
  const reply = await ask?.run({ question: "sizes" }, { emit: REACH.emit });
  expect(reply).toMatch(/^Nobody can be asked here/);
  expect(events).toEqual([{ type: "note", text: "ask_user: sizes" }]);
});

it("is reached through the bridge, which ends with the session", async () => {
  const place = makePlace();
  places.push(place);
  const socket = await openToolSocket(REACH);
  const child = spawnProcess(process.execPath, [buildBridge(place.root), socket.path], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH },
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n{"jsonrpc":"2.0","id":2,"method":"ping"}\n');
  await eventually("both answers", () => said.split("\n").length === 3);
  expect(said).toBe('{"jsonrpc":"2.0","id":1,"result":{}}\n{"jsonrpc":"2.0","id":2,"result":{}}\n');
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.stdin?.end();
  expect(await ended).toBe(0);
  socket.close();
});
