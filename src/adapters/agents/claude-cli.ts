/** Claude Code through the user's own `claude` command: stream-json both ways, so that a person can speak to it while it runs. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AgentAdapter, SessionSpec } from "../../ports/session-host.ts";
import { temporaryPrefix } from "../fs/temporary.ts";
import { type Confined, confine } from "../sandbox/confine.ts";
import { findClaude, namedInVain } from "./claude-binary.ts";
import { openInterrupts } from "./claude-interrupt.ts";
import { exitText, type Launch, runClaude, stopOnAbort } from "./claude-run.ts";
import {
  allowedTools,
  appendedPrompt,
  boundaryOf,
  claudeEnvironment,
  disallowedTools,
  hasOwnTools,
  offeredTools,
  QUIET_SETTINGS,
  WRITE_MATCHER,
} from "./claude-settings.ts";
import { claudeFolder } from "./claude-transcript.ts";
import { isFields } from "./foreign-data.ts";
import { findHook, findProgram } from "./hook-program.ts";
import { interruptedBy, saidBy, userMessage } from "./prompt-stream.ts";
import { openToolSocket } from "./session-mcp.ts";
import { SESSION_TOOL_NAMES, TOOL_SERVER } from "./session-tools.ts";
import { lineReader, tailReader } from "./streams.ts";
import type { WriteBoundary } from "./write-boundary.ts";

/** Longest text that is passed as an argument; the system allows 128 KiB for one. */
const ARGUMENT_BYTES = 100_000;

/** Programs of ours that the agent starts; null where they were not built. */
interface Programs {
  readonly hook: string | null;
  readonly tools: string | null;
}

/** The `claude-cli` adapter. Paths of our programs are found beside the installed one by default. */
export function createAdapter(
  options: { readonly hookProgram?: string; readonly toolProgram?: string } = {},
): AgentAdapter {
  const hookProgram = options.hookProgram ?? findHook();
  const programs = { hook: hookProgram, tools: options.toolProgram ?? findProgram("session-tools") };
  return {
    name: "claude-cli",
    capabilities: {
      resume: true,
      fork: true,
      budget: true,
      cost: true,
      structured: true,
      permissionCallback: false,
      choosesSessionId: true,
      steer: true,
      interrupt: true,
    },
    available: () => Promise.resolve(unavailable(hookProgram)),
    run: (spec, io) => runClaude(spec, io, (launch) => runCommand(launch, programs)),
  };
}

function unavailable(hookProgram: string | null): { readonly reason: string; readonly hint: string } | null {
  const vain = namedInVain(process.env);
  if (vain !== null) return vain;
  if (findClaude(process.env, "path") === null) {
    return {
      reason: "the claude command was not found",
      hint: "Install it with: npm install -g @anthropic-ai/claude-code, or name it in SIGNALBOX_CLAUDE_BIN",
    };
  }
  if (hookProgram === null) {
    return { reason: "the write-boundary hook is missing", hint: "Build the program with: npm run build" };
  }
  return null;
}

async function runCommand(launch: Launch, { hook, tools }: Programs): Promise<string> {
  const { spec } = launch;
  const binary = findClaude({ ...process.env, ...spec.env }, "path");
  if (binary === null) throw new Error("the claude command was not found");
  if (hook === null) throw new Error("the write-boundary hook is missing, so no session is started");
  const socket = tools === null || !hasOwnTools(spec) ? null : await openToolSocket(launch);
  const server = socket === null || tools === null ? null : [process.execPath, tools, socket.path];
  const long = longPromptFile(spec);
  try {
    const files = [binary, process.execPath, hook, ...(server ?? []), long?.file];
    const confined = await confine(spec, {
      readable: files.filter((file) => file !== undefined),
      claudeFolder: claudeFolder(spec.env),
    });
    const args = argumentsOf(spec, hook, { promptFile: long?.file, server });
    return await converse(launch, confined, [binary, ...args]).finally(() => confined.close());
  } finally {
    long?.remove();
    socket?.close();
  }
}

/** Starts the program and speaks with it to its end. */
async function converse(
  launch: Launch,
  confined: Confined,
  [file = "", ...args]: readonly string[],
): Promise<string> {
  const { spec } = launch;
  const child = confined.start(file, args, {
    cwd: spec.cwd,
    env: { ...claudeEnvironment(spec) },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) launch.onProcess(child.pid);
  const release = stopOnAbort(child.pid, launch.signal, confined.signal);
  const tail = tailReader(child.stderr);
  const write = (message: unknown): boolean => {
    if (child.stdin?.writable !== true) return false;
    child.stdin.write(`${JSON.stringify(message)}\n`);
    return true;
  };
  const send = (text: string): boolean => write(userMessage(text));
  const interrupts = openInterrupts(write);
  lineReader(child.stdout, (line) => {
    const message = messageOf(line);
    if (interrupts.takes(message)) return;
    launch.onMessage(message);
    // The turn is over: the program ends once it has read to the end, what was said before that included.
    if (isFields(message) && message.type === "result") child.stdin?.end();
  });
  child.stdin?.on("error", () => {}); // it may end before it has read the prompt
  send(spec.prompt);
  launch.listen?.((text, by, how) =>
    how === "interrupt" ? interrupts.begin(interruptedBy(text, by)) : send(saidBy(text, by)),
  );
  return new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(exitText(code, signal, tail())));
  }).finally(release);
}

/** Arguments of a run. Lists are given with a comma, so that no flag swallows its neighbours. */
export function argumentsOf(
  spec: SessionSpec,
  hookProgram: string,
  {
    promptFile,
    server = null,
  }: { readonly promptFile?: string | undefined; readonly server?: readonly string[] | null } = {},
): readonly string[] {
  const append = appendedPrompt(spec);
  const allowed = [...allowedTools(spec), ...(server === null ? [] : SESSION_TOOL_NAMES)];
  return [
    "-p",
    "--input-format=stream-json",
    "--output-format=stream-json",
    "--verbose",
    "--include-partial-messages",
    "--permission-mode=dontAsk",
    "--setting-sources=",
    "--strict-mcp-config",
    ...(server === null ? [] : [`--mcp-config=${JSON.stringify(mcpConfig(server))}`]),
    `--settings=${JSON.stringify(settingsOf(boundaryOf(spec), hookProgram))}`,
    ...conversationOf(spec),
    `--max-turns=${spec.limits.turns}`,
    ...(spec.limits.usd === null ? [] : [`--max-budget-usd=${spec.limits.usd}`]),
    ...(spec.model === undefined ? [] : [`--model=${spec.model}`]),
    ...(spec.effort === undefined ? [] : [`--effort=${spec.effort}`]),
    ...(spec.schema === undefined ? [] : [`--json-schema=${JSON.stringify(withoutDialect(spec.schema))}`]),
    ...(promptFile !== undefined
      ? [`--append-system-prompt-file=${promptFile}`]
      : append === ""
        ? []
        : [`--append-system-prompt=${append}`]),
    `--tools=${offeredTools(spec).join(",")}`,
    `--disallowedTools=${disallowedTools(spec).join(",")}`,
    ...(allowed.length === 0 ? [] : [`--allowedTools=${allowed.join(",")}`]),
  ];
}

function conversationOf({ conversation, resume, forkOf }: SessionSpec): readonly string[] {
  if (forkOf !== undefined) return [`--resume=${forkOf}`, "--fork-session", `--session-id=${conversation}`];
  return [resume ? `--resume=${conversation}` : `--session-id=${conversation}`];
}

function mcpConfig([command = "", ...args]: readonly string[]) {
  return { mcpServers: { [TOOL_SERVER]: { type: "stdio", command, args } } };
}

/**
 * Any failure of the hook blocks the call: by `onFailure` where the program knows it, and by the shell's `|| exit 2` where
 * it does not.
 */
export function settingsOf(boundary: WriteBoundary, hookProgram: string) {
  const rule = Buffer.from(JSON.stringify(boundary)).toString("base64url");
  const command = `${quoted(process.execPath)} ${quoted(hookProgram)} ${rule} || exit 2`;
  const hook = { type: "command", command, timeout: 30, onFailure: "block" };
  return { ...QUIET_SETTINGS, hooks: { PreToolUse: [{ matcher: WRITE_MATCHER, hooks: [hook] }] } };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A schema that names its dialect is refused at start. */
function withoutDialect(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}

function longPromptFile(spec: SessionSpec): { readonly file: string; readonly remove: () => void } | null {
  const append = appendedPrompt(spec);
  if (Buffer.byteLength(append) <= ARGUMENT_BYTES) return null;
  const folder = mkdtempSync(temporaryPrefix("claude"));
  const file = path.join(folder, "system-prompt.md");
  writeFileSync(file, append, { mode: 0o600 });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function messageOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // a line that is not JSON is talk of the program, not a message
  }
}
