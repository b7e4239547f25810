/** What every run of Claude Code gets, through the SDK or the command: environment, tools, settings and system prompt. */
import type { SessionSpec } from "../../ports/session-host.ts";
import type { WriteBoundary } from "./write-boundary.ts";

/**
 * Tools that no session has, whatever it is allowed: sub-agents and background work outlive our limits, worktree tools leave
 * the boundary, and questions have nobody to answer them.
 */
const NEVER = [
  "Agent",
  "Task",
  "EnterWorktree",
  "ExitWorktree",
  "EnterPlanMode",
  "ExitPlanMode",
  "CronCreate",
  "CronDelete",
  "CronList",
  "ScheduleWakeup",
  "AskUserQuestion",
  "SendMessage",
  "Workflow",
  "RemoteTrigger",
  "Monitor",
  "PushNotification",
] as const;

/** How long a question waits for a person unless the session says otherwise. */
const ANSWER_MS = 3_600_000;

/** Reach the network; denied unless named in the session's tools. */
const WEB = ["WebFetch", "WebSearch"] as const;

/** Defaults that the session's own environment may replace. */
const ENVIRONMENT = {
  // A refusal is waited for by the whole workflow; more tries of each session would be a storm.
  CLAUDE_CODE_MAX_RETRIES: "2",
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
  // Without the watchdog a stream that goes silent is noticed after five minutes at the earliest.
  CLAUDE_ENABLE_BYTE_WATCHDOG: "1",
  CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS: "120000",
  DISABLE_AUTOUPDATER: "1",
} as const;

/** Write tools as a hook matcher. */
export const WRITE_MATCHER = "Write|Edit|MultiEdit|NotebookEdit";

export function claudeEnvironment(spec: SessionSpec): Readonly<Record<string, string>> {
  return { ...claudeDefaults(spec), ...spec.env };
}

/** What it gets beside the session's own environment. */
export function claudeDefaults(spec: SessionSpec): Readonly<Record<string, string>> {
  return { ...ENVIRONMENT, ...patience(spec) };
}

/** A question to a person is a tool call that may take an hour: it must neither time out nor be moved into the background. */
function patience({ limits }: SessionSpec): Readonly<Record<string, string>> {
  const ms = String((limits.answerMs ?? ANSWER_MS) + 600_000);
  return {
    MCP_TOOL_TIMEOUT: ms,
    CLAUDE_CODE_MCP_TOOL_IDLE_TIMEOUT: ms,
    CLAUDE_CODE_SDK_MCP_TOOL_IDLE_TIMEOUT: ms,
    CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS: "0",
    // The tools are there with the first request, not some time later.
    MCP_CONNECTION_NONBLOCKING: "0",
  };
}

/** Offered beside the allowed ones where a person can be asked about each call. */
const ASKABLE = ["Bash", ...WEB] as const;

/**
 * Built-in tools on offer: the allowed ones without their rules (`Bash(git *)` is `Bash`), and those that a person may allow where `asks`.
 * Empty for a judge.
 */
export function offeredTools(spec: SessionSpec, asks = false): readonly string[] {
  const names = [...spec.tools.map((tool) => tool.replace(/\(.*$/s, "")), ...(asks ? ASKABLE : [])];
  return [...new Set(names)].filter((name) => !name.startsWith("mcp__") && !isNever(name));
}

export function allowedTools(spec: SessionSpec): readonly string[] {
  return spec.tools.filter((tool) => !isNever(tool.replace(/\(.*$/s, "")));
}

export function disallowedTools(spec: SessionSpec, asks = false): readonly string[] {
  const offered = offeredTools(spec, asks);
  return [...NEVER, ...WEB.filter((tool) => !offered.includes(tool))];
}

/** Text appended to Claude Code's own system prompt; empty when there is none. */
export function appendedPrompt(spec: SessionSpec): string {
  return [spec.charter, spec.instructions].filter((part) => part.trim() !== "").join("\n\n");
}

export function boundaryOf(spec: SessionSpec): WriteBoundary {
  return { boundary: spec.boundary, writes: spec.writes };
}

/** Settings that leave no trace of the agent in commit messages. */
export const QUIET_SETTINGS = { attribution: { commit: "", pr: "" }, includeCoAuthoredBy: false } as const;

function isNever(tool: string): boolean {
  return (NEVER as readonly string[]).includes(tool);
}

/** Our own tools are for sessions that make something; reviewers have nothing to report beside their answer. */
export function hasOwnTools(spec: SessionSpec): boolean {
  return spec.boundary !== null && spec.tools.length > 0;
}
