/**
 * Our tools as an MCP server: JSON-RPC 2.0, one message a line. The agent's program starts a small bridge that carries the lines to this
 * process over a socket, so that the tools run where the session is hosted, by the same code as with the Agent SDK.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { temporaryPrefix } from "../fs/temporary.ts";
import { type Fields, fieldsOf, isFields, textOf } from "./foreign-data.ts";
import { SESSION_TOOLS, type SessionTool, TOOL_SERVER, type ToolReach } from "./session-tools.ts";
import { lineReader } from "./streams.ts";

/** Spoken where the client names none. */
const PROTOCOL = "2025-06-18";
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

export interface ToolSocket {
  /** Path of the socket, in a folder that only the user can enter. */
  readonly path: string;
  close(): void;
}

/** Serves the tools of one session on a socket of its own. Rejects when no socket can be opened. */
export async function openToolSocket(
  reach: ToolReach,
  tools: readonly SessionTool[] = SESSION_TOOLS,
): Promise<ToolSocket> {
  const folder = mkdtempSync(temporaryPrefix("tools", shortTemp()));
  const file = path.join(folder, "tools.sock");
  const server = createServer((socket) => serveTools(socket, reach, tools));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(file, resolve);
  });
  return {
    path: file,
    close: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A socket's path may have about 100 bytes, and temporary folders of some systems are longer. */
function shortTemp(): string {
  return Buffer.byteLength(os.tmpdir()) <= 55 ? os.tmpdir() : "/tmp";
}

function serveTools(socket: Socket, reach: ToolReach, tools: readonly SessionTool[]): void {
  socket.on("error", () => socket.destroy()); // the agent has ended
  lineReader(socket, (line) => {
    void answer(line, reach, tools).then((reply) => {
      if (reply !== null && socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
}

/** The answer to one message; null for notifications and for what is no request. */
export async function answer(
  line: string,
  reach: ToolReach,
  tools: readonly SessionTool[] = SESSION_TOOLS,
): Promise<Fields | null> {
  const request = parsed(line);
  if (request === null || request.id === undefined || typeof request.method !== "string") return null;
  const { id } = request;
  const params = fieldsOf(request.params);
  switch (request.method) {
    case "initialize":
      return result(id, {
        protocolVersion: textOf(params.protocolVersion) || PROTOCOL,
        capabilities: { tools: {} },
        serverInfo: { name: TOOL_SERVER, version: "1.0.0" },
      });
    case "ping":
      return result(id, {});
    case "tools/list":
      return result(id, { tools: tools.map(listed) });
    case "tools/call":
      return call(id, params, { reach, tools });
    default:
      return failure(id, METHOD_NOT_FOUND, `no method ${request.method}`);
  }
}

interface Offer {
  readonly reach: ToolReach;
  readonly tools: readonly SessionTool[];
}

async function call(id: unknown, params: Fields, { reach, tools }: Offer): Promise<Fields> {
  const tool = tools.find((one) => one.name === params.name);
  if (tool === undefined) return failure(id, INVALID_PARAMS, `no tool ${textOf(params.name)}`);
  const given = fieldsOf(params.arguments);
  const input = usable(tool, given);
  if ("problem" in input) return result(id, { ...textContent(input.problem), isError: true });
  return result(id, textContent(await tool.run(input.value, reach)));
}

function usable(
  { shape, refuse }: SessionTool,
  given: Fields,
): { readonly value: Fields } | { readonly problem: string } {
  if (refuse !== undefined) {
    const problem = refuse(given);
    return problem === null ? { value: given } : { problem };
  }
  const input = z.object(shape).safeParse(given);
  return input.success ? { value: input.data } : { problem: z.prettifyError(input.error) };
}

function listed({ name, description, shape, inputSchema: own }: SessionTool): Fields {
  if (own !== undefined) return { name, description, inputSchema: own };
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(z.object(shape));
  return { name, description, inputSchema };
}

function textContent(text: string): Fields {
  return { content: [{ type: "text", text }] };
}

function result(id: unknown, value: Fields): Fields {
  return { jsonrpc: "2.0", id, result: value };
}

function failure(id: unknown, code: number, message: string): Fields {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

function parsed(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
