/**
 * A small agent that speaks the Agent Client Protocol by the library's own agent side, and does what its orders say. Started as a program of
 * its own: `ACP_ORDERS` in its environment is JSON of `AcpOrders`. Conversations are files below its HOME, as real agents keep them.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import {
  type AgentContext,
  agent,
  type McpServer,
  ndJsonStream,
  RequestError,
  type RequestPermissionRequest,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";

export interface AcpStep {
  readonly say?: string;
  /** File that it writes: through us, or by itself after asking (`asks`) or without. */
  readonly write?: string;
  readonly way?: "client" | "asks" | "silent";
  /** Shell command that it asks to run, then runs. */
  readonly run?: string;
  /** USD of the whole conversation so far. */
  readonly cost?: number;
  readonly currency?: string;
  /** Call of a tool of the first MCP server, by a line of JSON-RPC. */
  readonly call?: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** Process that it leaves running. */
  readonly leaves?: string;
  readonly fail?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** Waits until the turn is cancelled, or for ever where `deaf`. */
  readonly wait?: "cancel" | "deaf";
  readonly exit?: number;
}

export interface AcpOrders {
  /** Steps of each turn; the last list is that of all later ones. */
  readonly turns?: readonly (readonly AcpStep[])[];
  /** `works` (default), `claims` says it continues conversations and cannot, `none` says that it does not. */
  readonly memory?: "works" | "claims" | "none";
  /** Never answers this method. */
  readonly mute?: string;
  readonly version?: number;
  /** Where every prompt is appended. */
  readonly heard?: string;
}

const orders = JSON.parse(process.env.ACP_ORDERS ?? "{}") as AcpOrders;
const memory = orders.memory ?? "works";
/** The turn that runs: aborted when it is cancelled. */
let running = new AbortController();
const servers = new Map<string, readonly McpServer[]>();
let turn = 0;

function fileOf(id: string): string {
  return path.join(process.env.HOME ?? "/nowhere", "conversations", id);
}

async function muted(method: string): Promise<void> {
  if (orders.mute === method) await new Promise(() => setInterval(() => {}, 1000));
}

async function perform(step: AcpStep, client: AgentContext, sessionId: string): Promise<void> {
  const update = (update: SessionUpdate): Promise<void> =>
    client.notify("session/update", { sessionId, update });
  if (step.say !== undefined) {
    for (const part of step.say.match(/.{1,20}/gs) ?? [])
      await update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: part } });
  }
  if (step.cost !== undefined)
    await update({
      sessionUpdate: "usage_update",
      used: 10,
      size: 1000,
      cost: { amount: step.cost, currency: step.currency ?? "USD" },
    });
  if (step.write !== undefined) await write(step, client, sessionId);
  if (step.run !== undefined) await run(step.run, client, sessionId);
  if (step.call !== undefined) {
    const text = await callTool(servers.get(sessionId)?.[0], step.call);
    await update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
  }
  if (step.leaves !== undefined)
    spawn("sh", ["-c", step.leaves], { detached: true, stdio: "ignore" }).unref();
  if (step.fail !== undefined) throw new RequestError(step.fail.code, step.fail.message, step.fail.data);
  if (step.exit !== undefined) process.exit(step.exit);
  if (step.wait !== undefined)
    await new Promise<void>((resolve) => {
      setInterval(() => {}, 1000);
      if (step.wait === "cancel") running.signal.addEventListener("abort", () => resolve());
    });
}

async function write({ write: file = "", way = "client" }: AcpStep, client: AgentContext, sessionId: string) {
  const toolCallId = randomUUID();
  const target = path.resolve(file);
  const call = { toolCallId, title: `Write ${file}`, kind: "edit" as const, locations: [{ path: target }] };
  await client.notify("session/update", {
    sessionId,
    update: { sessionUpdate: "tool_call", status: "pending", ...call },
  });
  const done = (status: "completed" | "failed") =>
    client.notify("session/update", {
      sessionId,
      update: { sessionUpdate: "tool_call_update", toolCallId, status },
    });
  try {
    if (way === "asks" && !(await allowed(client, sessionId, call))) return await done("failed");
    if (way === "client")
      await client.request("fs/write_text_file", { sessionId, path: target, content: "# Alpha\n" });
    else {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, "# Alpha\n");
    }
    await done("completed");
  } catch {
    await done("failed");
  }
}

async function run(command: string, client: AgentContext, sessionId: string): Promise<void> {
  const call = { toolCallId: randomUUID(), title: command, kind: "execute" as const, rawInput: { command } };
  const status = (await allowed(client, sessionId, call)) ? "completed" : "failed";
  if (status === "completed")
    await new Promise((resolve) => spawn("sh", ["-c", command], { stdio: "ignore" }).on("exit", resolve));
  await client.notify("session/update", {
    sessionId,
    update: { sessionUpdate: "tool_call_update", ...call, status },
  });
}

async function allowed(
  client: AgentContext,
  sessionId: string,
  toolCall: RequestPermissionRequest["toolCall"],
): Promise<boolean> {
  const options: RequestPermissionRequest["options"] = [
    { optionId: "always", name: "Always", kind: "allow_always" },
    { optionId: "yes", name: "Yes", kind: "allow_once" },
    { optionId: "no", name: "No", kind: "reject_once" },
  ];
  const { outcome } = await client.request("session/request_permission", { sessionId, toolCall, options });
  return outcome.outcome === "selected" && outcome.optionId === "yes";
}

/** As real agents do: the server is a program, spoken to by lines. */
function callTool(server: McpServer | undefined, call: NonNullable<AcpStep["call"]>): Promise<string> {
  if (server === undefined || !("command" in server)) return Promise.resolve("no server");
  const child = spawn(server.command, server.args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call })}\n`);
  return new Promise((resolve) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (!said.endsWith("\n")) return;
      child.kill();
      resolve(`tool: ${said.trim()}`);
    });
  });
}

const app = agent({ name: "scripted" })
  .onRequest("initialize", async () => {
    await muted("initialize");
    const resumes = memory !== "none";
    return {
      protocolVersion: orders.version ?? 1,
      agentCapabilities: {
        loadSession: resumes,
        sessionCapabilities: memory === "works" ? { resume: {} } : {},
      },
      agentInfo: { name: "scripted", version: "1.2.3" },
    };
  })
  .onRequest("session/new", ({ params }) => {
    const sessionId = randomUUID();
    servers.set(sessionId, params.mcpServers);
    mkdirSync(path.dirname(fileOf(sessionId)), { recursive: true });
    writeFileSync(fileOf(sessionId), "");
    return { sessionId };
  })
  .onRequest("session/load", ({ params }) => {
    throw RequestError.internalError({ details: `no session ${params.sessionId}` });
  })
  .onRequest("session/resume", ({ params }) => {
    if (!existsSync(fileOf(params.sessionId))) throw RequestError.sessionNotFound(params.sessionId);
    servers.set(params.sessionId, params.mcpServers ?? []);
    turn = readFileSync(fileOf(params.sessionId), "utf8").length;
    return {};
  })
  .onRequest("session/prompt", async ({ params, client }) => {
    const { sessionId, prompt } = params;
    appendFileSync(fileOf(sessionId), ".");
    const words = prompt.map((block) => (block.type === "text" ? block.text : "")).join("\n");
    if (orders.heard !== undefined) appendFileSync(orders.heard, `${JSON.stringify(words)}\n`);
    const steps = orders.turns?.[Math.min(turn, orders.turns.length - 1)] ?? [];
    turn += 1;
    running = new AbortController();
    for (const step of steps) if (!running.signal.aborted) await perform(step, client, sessionId);
    await muted("session/prompt");
    return { stopReason: running.signal.aborted ? "cancelled" : "end_turn" };
  })
  .onNotification("session/cancel", () => running.abort());

app.connect(
  ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
);
process.stdin.on("end", () => process.exit(0));
