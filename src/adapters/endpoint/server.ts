/**
 * A scripted model service on loopback that speaks the Messages API, so that real agent programs can be rehearsed and
 * tested without a model. Answers follow from each request alone; any number of sessions may talk to it at one time.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createPacer } from "../scenario/delay.ts";
import { EMPTY_SCENARIO, parseScenario, type Scenario, settingsFor } from "../scenario/scenario.ts";
import { sendFault } from "./fault.ts";
import {
  createPlay,
  type EndpointLogEntry,
  faultOf,
  type Play,
  record,
  replaceScenario,
  sampleOf,
} from "./play.ts";
import { nextReply } from "./reply.ts";
import { readRequest } from "./request.ts";
import { sendError, sendJson, sendReply } from "./wire.ts";

export interface Endpoint {
  /** Base URL for `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  readonly port: number;
  readonly log: readonly EndpointLogEntry[];
  /** Replaces the scenario and forgets how often faults have struck. */
  readonly control: (scenario: Scenario) => void;
  readonly close: () => Promise<void>;
}

/** Starts the service on 127.0.0.1. `port` 0 (default) takes a free one. */
export async function startEndpoint(
  options: { readonly scenario?: Scenario; readonly port?: number } = {},
): Promise<Endpoint> {
  const play = createPlay(options.scenario ?? EMPTY_SCENARIO);
  const server = createServer((request, response) => {
    handle(play, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 500, "api_error", String(error));
      else response.destroy();
    });
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    log: play.log,
    control: (scenario) => replaceScenario(play, scenario),
    close: () => close(server),
  };
}

async function handle(play: Play, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = await readBody(request);
  if (request.method === "POST" && url.pathname === "/__control") {
    replaceScenario(play, parseScenario(body, "request body"));
    return sendJson(response, 200, { ok: true });
  }
  if (url.pathname.endsWith("/v1/messages/count_tokens"))
    return sendJson(response, 200, { input_tokens: tokensIn(body) });
  if (url.pathname.endsWith("/v1/messages")) return reply(play, request, response, body);
  if (url.pathname.endsWith("/v1/models")) return sendJson(response, 200, { data: [], has_more: false });
  sendJson(response, 200, {});
}

async function reply(
  play: Play,
  http: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const request = readRequest(jsonOf(body), headerOf(http, "x-claude-code-session-id"));
  const tokens = { input: tokensIn(body), output: 200 };
  if (request.facts === null) {
    record(play, request, null, []);
    sendReply(response, { text: "Scripted reply.", tools: [] }, request.model, tokens, request.stream);
    return;
  }
  const { facts } = request;
  const sample = facts.sample ?? sampleOf(play, request);
  const fault = faultOf(play, request, sample);
  const { delayMs } = settingsFor(play.scenario, facts);
  const key = [
    play.scenario.seed,
    facts.deliverable,
    facts.task,
    facts.epoch,
    facts.round,
    sample,
    play.log.length,
  ].join("/");
  await wait(createPacer(delayMs, key, 0)(), response);
  if (response.destroyed || sendFault(response, fault)) {
    record(play, request, fault, []);
    return;
  }
  const answer = nextReply({ request, facts, scenario: play.scenario, sample, fault });
  record(
    play,
    request,
    fault,
    answer.tools.map((call) => call.name),
  );
  const output = fault === "overspend" ? 4_000_000 : 200 + Math.round(JSON.stringify(answer).length / 4);
  sendReply(response, answer, request.model, { ...tokens, output }, request.stream);
}

function headerOf(http: IncomingMessage, name: string): string | null {
  const value = http.headers[name];
  return typeof value === "string" ? value : null;
}

function tokensIn(body: string): number {
  return Math.ceil(body.length / 40);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function wait(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
