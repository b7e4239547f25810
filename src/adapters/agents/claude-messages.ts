/**
 * Reads the message stream of Claude Code, the same through the SDK and through the command: turns messages into session
 * events and keeps what the classifier needs. Messages are foreign data; unknown types and fields are passed over.
 */
import { createHash } from "node:crypto";
import type { Denial } from "../../core/workflow/outcome.ts";
import { CostEstimate } from "./claude-estimate.ts";
import { type Fields, fieldsOf, isFields, listOf, numberOf, textOf } from "./foreign-data.ts";
import { type Emit, shorten } from "./session-io.ts";
import { WRITE_TOOLS, writeTarget } from "./write-boundary.ts";

/** The fields of the final message that count. */
export interface ClaudeResult {
  readonly subtype: string;
  readonly isError: boolean;
  readonly text: string;
  readonly errors: readonly string[];
  readonly apiStatus: number | null;
  readonly structured?: unknown;
  readonly turns: number;
  /** Cumulative over resumes of the conversation. */
  readonly totalCostUsd: number | null;
}

export interface ClaudeTranscript {
  readonly result: ClaudeResult | null;
  readonly denials: readonly Denial[];
  /** True when a tool that can change files succeeded at least once. */
  readonly wrote: boolean;
  /** When a spent usage window opens again, milliseconds since 1970; null when none was reported. */
  readonly resetsAtMs: number | null;
  /** How long the program waited before its last try, which the service may have asked for; null when it tried once. Milliseconds. */
  readonly retryDelayMs: number | null;
  readonly turns: number;
  /** Money so far as guessed from tokens, USD; 0 when nothing is known. */
  readonly estimatedUsd: number;
}

interface PendingTool {
  readonly tool: string;
  readonly target: string;
  /** The file that a file tool is about to change. */
  readonly file: string | null;
}

/** A sign of life while the model streams, so that a long answer is not taken for silence. Milliseconds. */
const HEARTBEAT_MS = 10_000;
const WORTH_TELLING_USD = 0.1;
const CHANGING_TOOLS: readonly string[] = [...WRITE_TOOLS, "Bash"];
const HOOK_PREFIX = /^PreToolUse:\S+ hook (?:blocking )?error:\s*(?:\['[^\]]*\]:\s*)?/;
const DENIAL = /^(?:PreToolUse:\S+ hook |Permission to use |Claude requested permissions? to )/;

/** Follows one run of the agent. `onMessage` takes messages in order. */
export class ClaudeReader {
  private result: ClaudeResult | null = null;
  private readonly denials = new Map<string, Denial>();
  private readonly pending = new Map<string, PendingTool>();
  private readonly messages = new Set<string>();
  private wrote = false;
  private resetsAtMs: number | null = null;
  private retryDelayMs: number | null = null;
  private lastBeat = 0;
  private readonly estimate = new CostEstimate();
  private toldUsd = 0;
  private readonly emit: Emit;
  private readonly now: () => number;

  constructor(emit: Emit, now: () => number = Date.now) {
    this.emit = emit;
    this.now = now;
  }

  onMessage(message: unknown): void {
    if (!isFields(message)) return;
    switch (message.type) {
      case "system":
        this.onSystem(message);
        break;
      case "assistant":
        this.onAssistant(message);
        break;
      case "user":
        this.onToolResults(message);
        break;
      case "stream_event":
        this.onStreamEvent(fieldsOf(message.event));
        break;
      case "rate_limit_event":
        this.onRateLimit(fieldsOf(message.rate_limit_info));
        break;
      case "result":
        this.onResult(message);
        break;
      default:
        break;
    }
  }

  transcript(): ClaudeTranscript {
    return {
      result: this.result,
      denials: [...this.denials.values()],
      wrote: this.wrote,
      resetsAtMs: this.resetsAtMs,
      retryDelayMs: this.retryDelayMs,
      estimatedUsd: Math.round(this.estimate.usd * 1e6) / 1e6,
      turns: this.result?.turns ?? this.messages.size,
    };
  }

  private onSystem(message: Fields): void {
    if (message.subtype === "init") {
      const version = textOf(message.claude_code_version) || "of unknown version";
      this.emit({ type: "note", text: `Claude Code ${version}, model ${textOf(message.model)}` });
    }
    if (message.subtype === "api_retry") {
      const status = message.error_status ?? message.error ?? "network";
      const attempt = `${String(message.attempt ?? "?")} of ${String(message.max_retries ?? "?")}`;
      this.retryDelayMs = numberOf(message.retry_delay_ms);
      this.emit({
        type: "retry",
        message: `model service: ${String(status)}, retry ${attempt}`,
        delayMs: numberOf(message.retry_delay_ms) ?? 0,
      });
    }
    if (message.subtype === "permission_denied") {
      this.deny(textOf(message.tool_use_id), textOf(message.tool_name), undefined, textOf(message.message));
    }
  }

  private onAssistant(message: Fields): void {
    const body = fieldsOf(message.message);
    this.messages.add(textOf(body.id));
    for (const block of listOf(body.content)) {
      if (block.type === "text" && textOf(block.text).trim() !== "") {
        this.emit({ type: "text", text: shorten(textOf(block.text)) });
      }
      if (block.type === "tool_use") this.onToolUse(block);
    }
  }

  private onToolUse(block: Fields): void {
    const call = { tool: textOf(block.name), target: callTarget(fieldsOf(block.input)) };
    const isWrite = (WRITE_TOOLS as readonly string[]).includes(call.tool);
    this.pending.set(textOf(block.id), { ...call, file: isWrite ? writeTarget(block.input) : null });
    this.emit({ type: "tool", ...call, input: hashOf(JSON.stringify(block.input ?? null)) });
  }

  private onToolResults(message: Fields): void {
    for (const block of listOf(fieldsOf(message.message).content)) {
      if (block.type !== "tool_result") continue;
      const id = textOf(block.tool_use_id);
      const call = this.pending.get(id);
      const error = block.is_error === true;
      const text = contentOf(block.content);
      if (error && DENIAL.test(text)) this.deny(id, call?.tool ?? "", undefined, text);
      if (!error && call !== undefined && CHANGING_TOOLS.includes(call.tool)) this.wrote = true;
      this.emit({
        type: "tool-result",
        tool: call?.tool ?? "unknown",
        error,
        ...(call === undefined ? {} : { target: call.target }),
        ...(error ? { failure: hashOf(text) } : {}),
        ...(error || call === undefined || call.file === null ? {} : { wrote: call.file }),
      });
    }
  }

  /** A sign of life now and then, and whenever the money so far has grown by something worth telling. */
  private onStreamEvent(event: Fields): void {
    const now = this.now();
    const ended = this.estimate.onStreamEvent(event);
    const usd = Math.round(this.estimate.usd * 100) / 100;
    const dearer = ended && usd >= this.toldUsd + WORTH_TELLING_USD;
    if (!dearer && now - this.lastBeat < HEARTBEAT_MS) return;
    this.lastBeat = now;
    this.toldUsd = usd;
    this.emit({ type: "usage", costUsd: null, turns: this.messages.size, estimateUsd: usd });
  }

  private onRateLimit(info: Fields): void {
    if (info.status !== "rejected") return;
    const resetsAt = numberOf(info.resetsAt);
    if (resetsAt !== null) this.resetsAtMs = resetsAt * 1000;
  }

  private onResult(message: Fields): void {
    for (const denial of listOf(message.permission_denials)) {
      this.deny(
        textOf(denial.tool_use_id),
        textOf(denial.tool_name),
        fieldsOf(denial.tool_input),
        "refused by the permission rules",
      );
    }
    this.result = {
      subtype: textOf(message.subtype),
      isError: message.is_error === true,
      text: textOf(message.result),
      errors: Array.isArray(message.errors) ? message.errors.map(String) : [],
      apiStatus: numberOf(message.api_error_status),
      ...(message.structured_output === undefined ? {} : { structured: message.structured_output }),
      turns: numberOf(message.num_turns) ?? this.messages.size,
      totalCostUsd: numberOf(message.total_cost_usd),
    };
  }

  /** The same refusal is reported up to three times: by a message of its own, as the call's result, and in the final message. */
  private deny(id: string, tool: string, input: Fields | undefined, reason: string): void {
    if (this.denials.has(id)) return;
    const call = this.pending.get(id);
    const target = shorten(call?.target ?? callTarget(input ?? {}), TARGET_LENGTH);
    const denial = { tool: call?.tool ?? tool, target };
    this.denials.set(id, denial);
    this.emit({
      type: "denied",
      ...denial,
      reason: shorten(reason.replace(HOOK_PREFIX, "").trim(), 500),
    });
  }
}

/** For people. */
const TARGET_LENGTH = 300;
/** A command says what it changes, and that may stand at its end. */
const COMMAND_LENGTH = 8000;

/** What a tool call is about, for people: its file, command, pattern or address. */
export function targetOf(input: Fields): string {
  return shorten(callTarget(input), TARGET_LENGTH);
}

function callTarget(input: Fields): string {
  const keys = ["file_path", "notebook_path", "command", "pattern", "path", "url", "query", "description"];
  const key = keys.find((name) => typeof input[name] === "string");
  return key === undefined
    ? ""
    : shorten(textOf(input[key]), key === "command" ? COMMAND_LENGTH : TARGET_LENGTH);
}

function contentOf(value: unknown): string {
  if (typeof value === "string") return value;
  return listOf(value)
    .map((block) => textOf(block.text))
    .join("\n");
}

/** Tells two texts apart without keeping them. */
function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
