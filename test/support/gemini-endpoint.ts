/** The scripted model in the dialect of Gemini: requests are turned into those of the Messages API, replies are turned back. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createPlay, faultOf, record, replaceScenario, sampleOf } from "../../src/adapters/endpoint/play.ts";
import { nextReply, type Reply } from "../../src/adapters/endpoint/reply.ts";
import { readRequest } from "../../src/adapters/endpoint/request.ts";
import type { Endpoint } from "../../src/adapters/endpoint/server.ts";
import { createPacer } from "../../src/adapters/scenario/delay.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import { settingsFor } from "../../src/adapters/scenario/scenario.ts";

type Json = Readonly<Record<string, unknown>>;

const TOOLS: Readonly<Record<string, string>> = {
  write_file: "Write",
  read_file: "Read",
  run_shell_command: "Bash",
};
const USAGE = { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 };

export async function startGeminiEndpoint(scenario: Scenario): Promise<Endpoint> {
  const play = createPlay(scenario);
  const server = createServer((http, response) => {
    const chunks: Buffer[] = [];
    http.on("data", (chunk: Buffer) => chunks.push(chunk));
    http.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Json;
      void answer(http.url ?? "", body, response);
    });
  });

  async function answer(url: string, body: Json, response: ServerResponse): Promise<void> {
    if (!url.includes("streamGenerateContent")) return helper(url, response);
    const names = toolNames(body);
    const request = readRequest(asMessages(body, names), null);
    const { facts } = request;
    if (facts === null) return stream(response, { text: "Scripted reply.", tools: [] }, names);
    const sample = facts.sample ?? sampleOf(play, request);
    const fault = faultOf(play, request, sample);
    const pace = createPacer(settingsFor(play.scenario, facts).delayMs, "", 0);
    await new Promise((resolve) => setTimeout(resolve, pace()));
    if (fault === "stall" || response.destroyed) return; // the stream stays open without a word
    const reply = nextReply({ request, facts, scenario: play.scenario, sample, fault });
    record(
      play,
      request,
      fault,
      reply.tools.map((call) => call.name),
    );
    stream(response, reply, names);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    log: play.log,
    control: (next) => replaceScenario(play, next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Tokens are counted and models are chosen beside the conversation. */
function helper(url: string, response: ServerResponse): void {
  response.setHeader("content-type", "application/json");
  if (url.includes("countTokens")) return void response.end(JSON.stringify({ totalTokens: 10 }));
  const text = JSON.stringify({ complexity_reasoning: "scripted", complexity_score: 50 });
  response.end(JSON.stringify(candidate([{ text }])));
}

function stream(response: ServerResponse, { text, tools }: Reply, names: ReadonlyMap<string, string>): void {
  const calls = tools.map(({ name, input }) => ({
    functionCall: { name: [...names].find(([, ours]) => ours === name)?.[0] ?? name, args: input },
  }));
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`data: ${JSON.stringify(candidate([...(text === "" ? [] : [{ text }]), ...calls]))}\n\n`);
}

function candidate(parts: readonly Json[]): Json {
  const content = { role: "model", parts };
  return { candidates: [{ content, finishReason: "STOP", index: 0 }], usageMetadata: USAGE };
}

/** Names of the tools on offer, by what they are called in our scenarios. */
function toolNames(body: Json): ReadonlyMap<string, string> {
  const declared = list(body.tools).flatMap((tool) => list(tool.functionDeclarations));
  return new Map(
    declared.map((one) => {
      const name = String(one.name);
      const own = /^(?:mcp_)?signalbox_{1,2}(\w+)$/.exec(name)?.[1];
      return [name, TOOLS[name] ?? (own === undefined ? name : `mcp__signalbox__${own}`)] as const;
    }),
  );
}

function asMessages(body: Json, names: ReadonlyMap<string, string>): Json {
  let calls = 0;
  let results = 0;
  const block = (part: Json): Json => {
    const call = part.functionCall as Json | undefined;
    const result = part.functionResponse as Json | undefined;
    if (call !== undefined) {
      calls += 1;
      return {
        type: "tool_use",
        id: `call-${calls}`,
        name: names.get(String(call.name)) ?? call.name,
        input: call.args,
      };
    }
    if (result === undefined) return { type: "text", text: String(part.text ?? "") };
    results += 1;
    const { error, output } = (result.response ?? {}) as Json;
    return {
      type: "tool_result",
      tool_use_id: `call-${results}`,
      is_error: error !== undefined,
      content: String(error ?? output ?? ""),
    };
  };
  const messages = list(body.contents).map((one) => ({
    role: one.role === "model" ? "assistant" : "user",
    content: list(one.parts).map(block),
  }));
  const tools = list(body.tools)
    .flatMap((tool) => list(tool.functionDeclarations))
    .map((one) => ({
      name: names.get(String(one.name)),
      input_schema: one.parametersJsonSchema ?? one.parameters,
    }));
  const texts = messages.flatMap(({ content }) => content.map((one) => String(one.text ?? "")));
  const folder = /^\s*(\/\S+?)\/?$/m.exec(texts.find((text) => text.includes("session_context")) ?? "")?.[1];
  const system = folder === undefined ? "" : `working directory: ${folder}`;
  return { messages, tools, system, stream: true };
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
