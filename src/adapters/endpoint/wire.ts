/** The Messages API on the wire: one message as JSON or as a stream of server-sent events. */
import type { ServerResponse } from "node:http";
import type { Reply } from "./reply.ts";

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

interface Block {
  readonly start: Readonly<Record<string, unknown>>;
  readonly deltas: readonly Readonly<Record<string, unknown>>[];
  readonly whole: Readonly<Record<string, unknown>>;
}

let counter = 0;

/** Sends a reply as an event stream or, for non-streaming requests, as one JSON document. */
export function sendReply(
  response: ServerResponse,
  reply: Reply,
  model: string,
  tokens: Tokens,
  stream: boolean,
): void {
  const blocks = [...(reply.text === "" ? [] : [textBlock(reply.text)]), ...reply.tools.map(toolBlock)];
  const stop = reply.tools.length > 0 ? "tool_use" : "end_turn";
  const message = { id: nextId("msg"), type: "message", role: "assistant", model, stop_sequence: null };
  const usage = usageOf(tokens);
  if (!stream) {
    sendJson(response, 200, {
      ...message,
      content: blocks.map((block) => block.whole),
      stop_reason: stop,
      usage,
    });
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (type: string, data: Readonly<Record<string, unknown>>): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  send("message_start", {
    message: { ...message, content: [], stop_reason: null, usage: usageOf({ ...tokens, output: 1 }) },
  });
  blocks.forEach((block, index) => {
    send("content_block_start", { index, content_block: block.start });
    for (const delta of block.deltas) send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  });
  send("message_delta", {
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: tokens.output },
  });
  send("message_stop", {});
  response.end();
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** An error in the API's own shape. */
export function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers = {},
): void {
  sendJson(response, status, { type: "error", error: { type, message } }, headers);
}

function textBlock(text: string): Block {
  const deltas = text.match(/[\s\S]{1,400}/g) ?? [];
  return {
    start: { type: "text", text: "" },
    deltas: deltas.map((part) => ({ type: "text_delta", text: part })),
    whole: { type: "text", text },
  };
}

function toolBlock(call: Reply["tools"][number]): Block {
  const use = { type: "tool_use", id: nextId("toolu"), name: call.name };
  return {
    start: { ...use, input: {} },
    deltas: [{ type: "input_json_delta", partial_json: JSON.stringify(call.input) }],
    whole: { ...use, input: call.input },
  };
}

function usageOf(tokens: Tokens): Readonly<Record<string, number>> {
  return {
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
}

function nextId(prefix: string): string {
  counter += 1;
  return `${prefix}_scripted${String(counter).padStart(8, "0")}`;
}
