import { afterEach, describe, expect, it } from "vitest";
import { promptOf } from "../../../test/support/agent-sessions.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Endpoint, startEndpoint } from "./server.ts";

let endpoint: Endpoint | undefined;
afterEach(() => endpoint?.close());

async function serve(scenario: Scenario = {}): Promise<Endpoint> {
  endpoint = await startEndpoint({ scenario });
  return endpoint;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

const WRITE_TOOLS = [{ name: "Read" }, { name: "Write" }];
const CWD: Message = { role: "system", content: "Environment\nPrimary working directory: /work/tree\n" };

async function ask(at: Endpoint, messages: readonly Message[], more: object = {}, session = "s-1") {
  const response = await fetch(`${at.url}/v1/messages?beta=true`, {
    method: "POST",
    headers: { "x-claude-code-session-id": session },
    body: JSON.stringify({ model: "m", messages, tools: WRITE_TOOLS, ...more }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : null };
}

/** One round of a tool call: the call as the model made it, and its result. */
function turn(
  body: { content: { type: string; id?: string }[] },
  output: string,
  error = false,
): readonly Message[] {
  const use = body.content.find((block) => block.type === "tool_use");
  const result = { type: "tool_result", tool_use_id: use?.id, content: output, is_error: error };
  return [
    { role: "assistant", content: body.content },
    { role: "user", content: [result] },
  ];
}

function callOf(body: { content: { type: string }[] }) {
  return body.content.find((block) => block.type === "tool_use");
}

const CREATE: readonly Message[] = [
  CWD,
  { role: "user", content: [{ type: "text", text: promptOf({ artifact: "out/a.md" }) }] },
];

describe("the scripted model endpoint", () => {
  it("reads and then writes the artifact in the session's folder, step by step from the messages alone", async () => {
    const at = await serve();
    const first = await ask(at, CREATE);
    expect(callOf(first.body)).toMatchObject({ name: "Read", input: { file_path: "/work/tree/out/a.md" } });
    const afterRead = [...CREATE, ...turn(first.body, "File does not exist", true)];
    const second = await ask(at, afterRead);
    expect(callOf(second.body)).toMatchObject({ name: "Write", input: { file_path: "/work/tree/out/a.md" } });
    const third = await ask(at, [...afterRead, ...turn(second.body, "File created")]);
    expect(third.body).toMatchObject({
      stop_reason: "end_turn",
      content: [{ type: "text", text: expect.stringContaining("Summary: ") }],
    });
  });

  it("says so when its write is refused, instead of trying for ever", async () => {
    const at = await serve();
    let messages = CREATE;
    for (let step = 0; step < 2; step += 1) {
      const reply = await ask(at, messages);
      messages = [...messages, ...turn(reply.body, "PreToolUse:Write hook error: outside", true)];
    }
    const last = await ask(at, messages);
    expect(last.body).toMatchObject({
      stop_reason: "end_turn",
      content: [{ text: expect.stringContaining("could not be written") }],
    });
  });

  it("answers the last prompt of a conversation, not the first", async () => {
    const at = await serve();
    const revise = promptOf({ "signalbox-task": "revise", round: "2 of 3", artifact: "out/b.md" });
    const written = {
      content: [{ type: "tool_use", id: "t", name: "Write", input: { file_path: "/work/tree/out/a.md" } }],
    };
    const messages = [...CREATE, ...turn(written, "ok"), { role: "user", content: revise }];
    expect(callOf((await ask(at, messages)).body)).toMatchObject({
      name: "Read",
      input: { file_path: "/work/tree/out/b.md" },
    });
  });

  it("keeps what a file already says when a commit is asked for", async () => {
    const at = await serve({
      deliverables: { alpha: { edits: [{ path: "src/a.ts", line: 2, text: "changed" }] } },
    });
    const messages = [CWD, { role: "user", content: promptOf({ artifact: "commit" }) }];
    const read = await ask(at, messages);
    const write = await ask(at, [...messages, ...turn(read.body, "     1→one\n     2→two\n     3→three")]);
    expect(callOf(write.body)).toMatchObject({
      input: { file_path: "/work/tree/src/a.ts", content: "one\nchanged\nthree\n" },
    });
  });

  it("answers a structured question through the answer tool, in the shape of its schema", async () => {
    const at = await serve({ deliverables: { "*": { scores: [0.9] } } });
    const schema = {
      type: "object",
      properties: { scores: { type: "object", properties: { clarity: { type: "number" } } } },
    };
    const tools = [{ name: "StructuredOutput", input_schema: schema }];
    const messages = [{ role: "user", content: promptOf({ "signalbox-task": "judge" }) }];
    const reply = await ask(at, messages, { tools });
    expect(callOf(reply.body)).toMatchObject({
      name: "StructuredOutput",
      input: { scores: { clarity: 0.9 } },
    });
  });

  it("numbers the samples of a panel by the sessions that ask", async () => {
    const at = await serve({ deliverables: { alpha: { scores: [0.9], samples: [null, "over-one"] } } });
    const schema = {
      type: "object",
      properties: { scores: { type: "object", properties: { a: { type: "number" } } } },
    };
    const tools = [{ name: "StructuredOutput", input_schema: schema }];
    const messages = [{ role: "user", content: promptOf({ "signalbox-task": "judge" }) }];
    const scores: unknown[] = [];
    for (const session of ["one", "two", "one", "three"]) {
      const reply = await ask(at, messages, { tools }, session);
      scores.push((callOf(reply.body) as { input?: { scores?: { a?: number } } }).input?.scores?.a);
    }
    expect(scores).toEqual([0.9, 1.7, 0.9, 0.9]);
  });

  it("streams the same reply as events", async () => {
    const at = await serve();
    const { text } = await ask(at, CREATE, { stream: true });
    const types = [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    expect(types[0]).toBe("message_start");
    expect(types.at(-1)).toBe("message_stop");
    expect(text).toContain('"partial_json"');
    expect(text).toContain('"stop_reason":"tool_use"');
  });

  it.each([
    ["api-401", 401, "authentication_error"],
    ["api-429", 429, "rate_limit_error"],
    ["api-529", 529, "overloaded_error"],
  ] as const)("fails as the service would: %s", async (fault, status, type) => {
    const at = await serve({ deliverables: { "*": { fail: [{ fault }] } } });
    expect(await ask(at, CREATE)).toMatchObject({ status, body: { type: "error", error: { type } } });
  });

  it("fails as often as told, counting the agent's own retries", async () => {
    const at = await serve({ deliverables: { "*": { fail: [{ fault: "api-529", times: 2 }] } } });
    const statuses: number[] = [];
    for (let run = 0; run < 3; run += 1) statuses.push((await ask(at, CREATE)).status);
    expect(statuses).toEqual([529, 529, 200]);
    expect(at.log.map((entry) => entry.fault)).toEqual(["api-529", "api-529", null]);
  });

  it("drops the connection when told to", async () => {
    const at = await serve({ deliverables: { "*": { fail: [{ fault: "network" }] } } });
    await expect(ask(at, CREATE)).rejects.toThrow("fetch failed");
  });

  it("takes another scenario while it runs", async () => {
    const at = await serve();
    const scenario = JSON.stringify({ deliverables: { "*": { fail: [{ fault: "api-400" }] } } });
    expect((await fetch(`${at.url}/__control`, { method: "POST", body: scenario })).status).toBe(200);
    expect((await ask(at, CREATE)).status).toBe(400);
  });

  it("answers everything else that an agent program asks", async () => {
    const at = await serve();
    expect((await fetch(at.url, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${at.url}/api/hello`, { method: "HEAD" })).status).toBe(200);
    const count = await fetch(`${at.url}/v1/messages/count_tokens`, { method: "POST", body: "{}" });
    expect(await count.json()).toEqual({ input_tokens: expect.any(Number) });
    expect(await (await fetch(`${at.url}/v1/models`)).json()).toMatchObject({ data: [] });
    const helper = await ask(at, [{ role: "user", content: "Give this a title" }], { tools: [] });
    expect(helper.body).toMatchObject({ stop_reason: "end_turn" });
  });
});
