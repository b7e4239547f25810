/** Claude Code through the user's own `claude` command: stream-json on stdout, prompt on stdin. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { AgentAdapter, SessionSpec } from "../../ports/session-host.ts";
import { spawnProcess } from "../process/spawn.ts";
import { findClaude, namedInVain } from "./claude-binary.ts";
import { exitText, type Launch, runClaude, stopOnAbort } from "./claude-run.ts";
import {
  allowedTools,
  appendedPrompt,
  boundaryOf,
  claudeEnvironment,
  disallowedTools,
  offeredTools,
  QUIET_SETTINGS,
  WRITE_MATCHER,
} from "./claude-settings.ts";
import { findHook } from "./hook-program.ts";
import { lineReader, tailReader } from "./streams.ts";

/** Longest text that is passed as an argument; the system allows 128 KiB for one. */
const ARGUMENT_BYTES = 100_000;

/** The `claude-cli` adapter. `hookProgram`: path of the write-boundary hook, found beside the installed program by default. */
export function createAdapter(options: { readonly hookProgram?: string } = {}): AgentAdapter {
  const hookProgram = options.hookProgram ?? findHook();
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
    },
    available: () => Promise.resolve(unavailable(hookProgram)),
    run: (spec, io) => runClaude(spec, io, (launch) => runCommand(launch, hookProgram)),
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

function runCommand(launch: Launch, hookProgram: string | null): Promise<string> {
  const { spec } = launch;
  const binary = findClaude({ ...process.env, ...spec.env }, "path");
  if (binary === null) throw new Error("the claude command was not found");
  if (hookProgram === null) throw new Error("the write-boundary hook is missing, so no session is started");
  const long = longPromptFile(spec);
  const child = spawnProcess(binary, argumentsOf(spec, hookProgram, long?.file ?? null), {
    cwd: spec.cwd,
    env: { ...claudeEnvironment(spec) },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) launch.onProcess(child.pid);
  const release = stopOnAbort(child.pid, launch.signal);
  const tail = tailReader(child.stderr);
  lineReader(child.stdout, (line) => launch.onMessage(messageOf(line)));
  child.stdin?.on("error", () => {}); // it may end before it has read the prompt
  child.stdin?.end(spec.prompt);
  return new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(exitText(code, signal, tail())));
  }).finally(() => {
    release();
    long?.remove();
  });
}

/** Arguments of a run. Lists are given with a comma, so that no flag swallows its neighbours. */
export function argumentsOf(
  spec: SessionSpec,
  hookProgram: string,
  promptFile: string | null,
): readonly string[] {
  const append = appendedPrompt(spec);
  return [
    "-p",
    "--output-format=stream-json",
    "--verbose",
    "--include-partial-messages",
    "--permission-mode=dontAsk",
    "--setting-sources=",
    "--strict-mcp-config",
    `--settings=${JSON.stringify(settingsOf(spec, hookProgram))}`,
    spec.resume ? `--resume=${spec.conversation}` : `--session-id=${spec.conversation}`,
    `--max-turns=${spec.limits.turns}`,
    ...(spec.limits.usd === null ? [] : [`--max-budget-usd=${spec.limits.usd}`]),
    ...(spec.model === undefined ? [] : [`--model=${spec.model}`]),
    ...(spec.effort === undefined ? [] : [`--effort=${spec.effort}`]),
    ...(spec.schema === undefined ? [] : [`--json-schema=${JSON.stringify(withoutDialect(spec.schema))}`]),
    ...(promptFile !== null
      ? [`--append-system-prompt-file=${promptFile}`]
      : append === ""
        ? []
        : [`--append-system-prompt=${append}`]),
    `--tools=${offeredTools(spec).join(",")}`,
    `--disallowedTools=${disallowedTools(spec).join(",")}`,
    ...(spec.tools.length === 0 ? [] : [`--allowedTools=${allowedTools(spec).join(",")}`]),
  ];
}

/**
 * Any failure of the hook blocks the call: by `onFailure` where the program knows it, and by the shell's `|| exit 2` where
 * it does not.
 */
function settingsOf(spec: SessionSpec, hookProgram: string) {
  const rule = Buffer.from(JSON.stringify(boundaryOf(spec))).toString("base64url");
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
  const folder = mkdtempSync(path.join(os.tmpdir(), "signalbox-claude-"));
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
