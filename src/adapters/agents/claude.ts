/** Claude Code through the Agent SDK: hooks in our own process, chosen conversation id, budget, structured answers. */
import type { CanUseTool, HookCallback, Options, SpawnedProcess } from "@anthropic-ai/claude-agent-sdk";
import type { AgentAdapter, SessionSpec } from "../../ports/session-host.ts";
import { type Confined, confine } from "../sandbox/confine.ts";
import { findClaude, namedInVain, SDK_PACKAGE, sdkEntry } from "./claude-binary.ts";
import { targetOf } from "./claude-messages.ts";
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
import { interruptedBy, promptStream, saidBy } from "./prompt-stream.ts";
import { SESSION_TOOL_NAMES, sessionToolServer } from "./session-tools.ts";
import { tailReader } from "./streams.ts";
import { refuseWrite, writeTarget } from "./write-boundary.ts";

/** The `claude` adapter. The SDK is optional and is loaded with the first session. */
export function createAdapter(): AgentAdapter {
  return {
    name: "claude",
    capabilities: {
      resume: true,
      fork: true,
      budget: true,
      cost: true,
      structured: true,
      permissionCallback: true,
      choosesSessionId: true,
      steer: true,
      interrupt: true,
    },
    available: () => Promise.resolve(unavailable()),
    run: (spec, io) => runClaude(spec, io, runQuery),
  };
}

function unavailable(): { readonly reason: string; readonly hint: string } | null {
  if (sdkEntry() === null) {
    return {
      reason: `the package ${SDK_PACKAGE} is not installed`,
      hint: `Install it with: npm install ${SDK_PACKAGE}, or use the installed command with: use: claude-cli`,
    };
  }
  const vain = namedInVain(process.env);
  if (vain !== null) return vain;
  if (findClaude(process.env, "bundled") === null) {
    return {
      reason: "the Agent SDK is installed without its program for this platform",
      hint: `Install it with its optional packages: npm install --include=optional ${SDK_PACKAGE}`,
    };
  }
  return null;
}

/** The process as it is known once the SDK has started it. */
interface Started {
  readonly confined: Confined;
  ended: Promise<string>;
  release: () => void;
}

async function runQuery(launch: Launch): Promise<string> {
  const sdk = await import("@anthropic-ai/claude-agent-sdk");
  const { spec } = launch;
  const binary = findClaude({ ...process.env, ...spec.env }, "bundled");
  const confined = await confine(spec, {
    readable: binary === null ? [] : [binary],
    claudeFolder: claudeFolder(spec.env),
  });
  try {
    return await runConfined(launch, sdk, {
      confined,
      ended: Promise.resolve("claude was not started"),
      release: () => {},
    });
  } finally {
    await confined.close();
  }
}

async function runConfined(
  launch: Launch,
  sdk: typeof import("@anthropic-ai/claude-agent-sdk"),
  started: Started,
): Promise<string> {
  const input = promptStream(launch.spec.prompt);
  let failure = "";
  try {
    const options = { ...optionsOf(launch, started), ...ownTools(sdk, launch) };
    const messages = sdk.query({ prompt: input, options });
    let interrupted = 0;
    launch.listen?.((text, by, how) => {
      if (how !== "interrupt") return input.push(saidBy(text, by));
      if (!input.isOpen()) return false;
      interrupted += 1;
      // Said after the turn has ended: before, it could be taken for a part of it.
      const say = (): void => void input.push(interruptedBy(text, by));
      messages.interrupt().then(say, say);
      return true;
    });
    for await (const message of messages) {
      if (message.type === "result" && interrupted > 0) {
        interrupted -= 1; // the end of the turn that was interrupted, not of the session
        continue;
      }
      launch.onMessage(message);
      // The turn is over: the program ends once it has read to the end, what was said before that included.
      if (message.type === "result") input.close();
    }
  } catch (error) {
    // Error results are yielded first and thrown then; the reader has kept them.
    failure = error instanceof Error ? error.message : String(error);
  }
  input.close();
  const exit = await started.ended;
  started.release();
  return failure === "" ? exit : `${exit} ${failure}`;
}

function optionsOf(launch: Launch, started: Started): Options {
  const { spec } = launch;
  const binary = findClaude({ ...process.env, ...spec.env }, "bundled");
  const append = appendedPrompt(spec);
  const canUseTool = permissionDesk(launch);
  const asks = canUseTool !== null;
  return {
    cwd: spec.cwd,
    env: { ...claudeEnvironment(spec) },
    ...(binary === null ? {} : { pathToClaudeCodeExecutable: binary }),
    spawnClaudeCodeProcess: (request) => spawnClaude(request, launch, started),
    settingSources: [],
    strictMcpConfig: true,
    settings: { ...QUIET_SETTINGS },
    permissionMode: asks ? "default" : "dontAsk",
    ...(asks ? { canUseTool } : {}),
    tools: [...offeredTools(spec, asks)],
    allowedTools: [...allowedTools(spec)],
    disallowedTools: [...disallowedTools(spec, asks)],
    hooks: { PreToolUse: [{ matcher: WRITE_MATCHER, onFailure: "block", hooks: [boundaryHook(spec)] }] },
    systemPrompt: { type: "preset", preset: "claude_code", ...(append === "" ? {} : { append }) },
    includePartialMessages: true,
    maxTurns: spec.limits.turns,
    ...conversationOf(spec),
    ...(spec.limits.usd === null ? {} : { maxBudgetUsd: spec.limits.usd }),
    ...(spec.model === undefined ? {} : { model: spec.model }),
    ...(spec.effort === undefined ? {} : { effort: spec.effort as NonNullable<Options["effort"]> }),
    ...(spec.schema === undefined
      ? {}
      : { outputFormat: { type: "json_schema", schema: withoutDialect(spec.schema) } }),
  };
}

function conversationOf({ conversation, resume, forkOf }: SessionSpec): Partial<Options> {
  if (forkOf !== undefined) return { resume: forkOf, forkSession: true, sessionId: conversation };
  return resume ? { resume: conversation } : { sessionId: conversation };
}

function ownTools(sdk: typeof import("@anthropic-ai/claude-agent-sdk"), launch: Launch): Partial<Options> {
  const { spec } = launch;
  if (!hasOwnTools(spec)) return {};
  return {
    mcpServers: { ...sessionToolServer(sdk, launch) },
    allowedTools: [...allowedTools(spec), ...SESSION_TOOL_NAMES],
  };
}

/**
 * Asks a person about calls that the rules leave open; null where nobody is to be asked. What the write boundary denies never comes here,
 * and reviewers ask nothing: they are to look, not to act.
 */
function permissionDesk({ spec, ask }: Launch): CanUseTool | null {
  if (ask === undefined || spec.permissions !== "ask" || !hasOwnTools(spec)) return null;
  return async (tool, input, { decisionReason }) => {
    const question = decisionReason ?? "";
    const reply = await ask({ kind: "permission", question, choices: [], tool, target: targetOf(input) });
    if (reply.word === "allow") return { behavior: "allow", updatedInput: input };
    const by = reply.by === null ? "" : `${reply.by} denied it. `;
    return { behavior: "deny", message: `${by}${reply.text}`.trim() };
  };
}

type SpawnRequest = Parameters<NonNullable<Options["spawnClaudeCodeProcess"]>>[0];

/** Starts the program in a process group of its own and tells the host about it before its first output. */
function spawnClaude(request: SpawnRequest, launch: Launch, started: Started): SpawnedProcess {
  const child = started.confined.start(request.command, request.args, {
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    env: request.env as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) launch.onProcess(child.pid);
  const tail = tailReader(child.stderr);
  started.release = stopOnAbort(child.pid, launch.signal, started.confined.signal);
  started.ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(exitText(code, signal, tail())));
  });
  // All three streams are pipes, so the child has what the SDK asks for.
  return child as unknown as SpawnedProcess;
}

function boundaryHook(spec: SessionSpec): HookCallback {
  return (input) => {
    if (input.hook_event_name !== "PreToolUse") return Promise.resolve({});
    const reason = refuseWrite(boundaryOf(spec), input.cwd, writeTarget(input.tool_input));
    if (reason === null) return Promise.resolve({});
    return Promise.resolve({
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason: reason,
      },
    });
  };
}

/** A schema that names its dialect is refused at start. */
function withoutDialect(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}
