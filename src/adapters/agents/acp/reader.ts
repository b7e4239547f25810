/**
 * Follows what an ACP agent says while it works: turns its updates into session events and keeps what the outcome needs. Updates are foreign
 * data; unknown ones are passed over. Turns are counted here, because the protocol has none: a reply of the model begins with its first
 * word or call after the start or after results.
 */
import { createHash } from "node:crypto";
import type { Denial } from "../../../core/workflow/outcome.ts";
import type { SessionSpec } from "../../../ports/session-host.ts";
import { type Fields, fieldsOf, numberOf, textOf } from "../foreign-data.ts";
import { type Emit, shorten } from "../session-io.ts";
import {
  absolute,
  filesOf,
  isChange,
  isTelling,
  type KnownCall,
  targetOf,
  toolOf,
  UNKNOWN_CALL,
  withUpdate,
} from "./tool-call.ts";

export interface ReaderParts {
  readonly spec: SessionSpec;
  readonly emit: Emit;
  /** Called with what this run has cost and how many turns it took, whenever either grows. */
  readonly onSpent: (costUsd: number | null, turns: number) => void;
  readonly now?: () => number;
}

/** A sign of life while the model streams, so that a long answer is not taken for silence. Milliseconds. */
const HEARTBEAT_MS = 10_000;

export class AcpReader {
  /** What a person reads in the end: the words since the last tool call. */
  text = "";
  turns = 0;
  /** Of this run alone, USD; null as long as the agent has said nothing of it. */
  costUsd: number | null = null;
  wrote = false;
  readonly denials: Denial[] = [];
  private readonly calls = new Map<string, KnownCall>();
  private readonly told = new Set<string>();
  private readonly open = new Set<string>();
  private unsaid = "";
  private message = "";
  private replied = true;
  private lastBeat = 0;
  private deaf = true;
  private readonly parts: ReaderParts;
  private readonly now: () => number;

  constructor(parts: ReaderParts) {
    this.parts = parts;
    this.now = parts.now ?? Date.now;
  }

  /** Before it, updates repeat what was said in an earlier run. */
  listen(): void {
    this.deaf = false;
    this.lastBeat = this.now();
  }

  onUpdate(params: Fields): void {
    const update = fieldsOf(params.update);
    if (update.sessionUpdate === "usage_update") return this.onUsage(fieldsOf(update.cost));
    if (this.deaf) return;
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
        return this.onText(textOf(fieldsOf(update.content).text), textOf(update.messageId));
      case "agent_thought_chunk":
        this.onReply();
        return this.beat();
      case "tool_call":
      case "tool_call_update":
        return this.onCall(update);
      default:
        return;
    }
  }

  /** The call as it is known so far, with what a request for permission says of it. */
  callOf(update: Fields): KnownCall {
    const known = this.calls.get(textOf(update.toolCallId)) ?? UNKNOWN_CALL;
    const call = withUpdate(known, update);
    this.calls.set(call.id, call);
    this.tell(call);
    return call;
  }

  deny(tool: string, target: string, reason: string): void {
    const short = shorten(target, 300);
    this.denials.push({ tool, target: short });
    this.parts.emit({ type: "denied", tool, target: short, reason: shorten(reason, 500) });
  }

  /** The words so far become an event; called wherever something else follows them. */
  flush(): void {
    if (this.unsaid.trim() !== "") this.parts.emit({ type: "text", text: shorten(this.unsaid) });
    this.unsaid = "";
  }

  /** A new prompt begins a new answer. */
  prompted(): void {
    this.flush();
    this.text = "";
    this.replied = true;
  }

  private onText(text: string, message: string): void {
    this.onReply();
    if (message !== this.message) this.flush();
    this.message = message;
    this.unsaid += text;
    this.text += text;
    this.beat();
  }

  private onCall(update: Fields): void {
    this.onReply();
    this.text = "";
    const call = this.callOf(update);
    if (call.status !== "completed" && call.status !== "failed") return;
    if (!this.open.delete(call.id)) return;
    const error = call.status === "failed";
    const [file] = isChange(call) && !error ? filesOf(call) : [];
    if (!error && (file !== undefined || call.kind === "execute")) this.wrote = true;
    this.parts.emit({
      type: "tool-result",
      tool: toolOf(call),
      error,
      target: targetOf(call),
      ...(error ? { failure: hashOf(call.output) } : {}),
      ...(file === undefined ? {} : { wrote: absolute(this.parts.spec.cwd, file) }),
    });
    if (this.open.size === 0) this.replied = true;
  }

  private tell(call: KnownCall): void {
    if (call.id === "" || this.told.has(call.id) || !isTelling(call)) return;
    this.told.add(call.id);
    this.flush();
    this.open.add(call.id);
    const input = hashOf(JSON.stringify([call.title, call.input, call.paths]));
    this.parts.emit({ type: "tool", tool: toolOf(call), target: targetOf(call), input });
  }

  private onReply(): void {
    if (!this.replied) return;
    this.replied = false;
    this.turns += 1;
    this.parts.onSpent(this.costUsd, this.turns);
  }

  /** Agents count over the whole conversation; money in another currency is money that we do not know. */
  private onUsage(cost: Fields): void {
    const total = numberOf(cost.amount);
    if (total === null || cost.currency !== "USD") return this.deaf ? undefined : this.beat();
    if (this.deaf) return;
    const { costBefore } = this.parts.spec;
    const costUsd = Math.round((total >= costBefore ? total - costBefore : total) * 1e6) / 1e6;
    if (costUsd === this.costUsd) return;
    this.costUsd = costUsd;
    this.sayUsage();
    this.parts.onSpent(costUsd, this.turns);
  }

  private beat(): void {
    if (this.now() - this.lastBeat >= HEARTBEAT_MS) this.sayUsage();
  }

  private sayUsage(): void {
    this.lastBeat = this.now();
    this.parts.emit({ type: "usage", costUsd: this.costUsd, turns: this.turns });
  }
}

/** Tells two texts apart without keeping them. */
function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
