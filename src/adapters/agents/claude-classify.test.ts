import { describe, expect, it } from "vitest";
import { type ClaudeEnd, classifyClaude, claudeUsage } from "./claude-classify.ts";
import { ClaudeReader } from "./claude-messages.ts";

/** Final messages as Claude Code 2.1.330 prints them. */
const RESULT = {
  type: "result",
  session_id: "s",
  num_turns: 2,
  total_cost_usd: 0.25,
  permission_denials: [],
};

function endOf(lines: readonly unknown[], over: Partial<ClaudeEnd> = {}): ClaudeEnd {
  const reader = new ClaudeReader(() => {});
  for (const line of lines) reader.onMessage(line);
  return {
    transcript: reader.transcript(),
    exit: "claude ended with exit code 1.",
    schemaAsked: false,
    stopped: null,
    nowMs: 0,
    ...over,
  };
}

function failed(status: number | null, result: string) {
  return { ...RESULT, subtype: "success", is_error: true, api_error_status: status, result };
}

describe("how a run of Claude Code is classified", () => {
  it("is ok with a clean final message, whatever the exit code", () => {
    const end = classifyClaude(endOf([{ ...RESULT, subtype: "success", is_error: false, result: "done" }]));
    expect(end).toEqual({ kind: "ok", text: "done", denials: [] });
  });

  it.each([
    ["error_max_turns", "turns", "backoff"],
    ["error_max_budget_usd", "usd", "never"],
    ["error_max_structured_output_retries", "structured", "backoff"],
  ])("takes %s for the limit %s", (subtype, which, retry) => {
    const end = classifyClaude(
      endOf([{ ...RESULT, subtype, is_error: true, errors: ["Reached the limit"] }]),
    );
    expect(end).toEqual({ kind: "limit", which, message: "Reached the limit", retry });
  });

  it.each([
    [401, "Invalid API key · Fix external API key", "auth", "never"],
    [403, "forbidden", "auth", "never"],
    [null, "Not logged in · Please run /login", "auth", "never"],
    [400, "bad request", "bad-request", "never"],
    [404, "model: no such model", "bad-request", "never"],
    [429, "API Error: too many requests", "rate-limit", "backoff"],
    [500, "API Error: internal", "overloaded", "backoff"],
    [529, "Overloaded", "overloaded", "backoff"],
    [null, "Connection dropped (ECONNRESET)", "network", "backoff"],
    [null, "API Error: response exceeded the 128000 output token maximum", "bad-request", "never"],
  ])(
    "takes a failed answer of the model service with status %s and text %j for %s",
    (status, text, errorClass, retry) => {
      const end = classifyClaude(endOf([failed(status, text)]));
      expect(end).toEqual({ kind: "api", errorClass, status, message: text, retry });
    },
  );

  it("waits for a spent usage window until the time that was reported", () => {
    const limit = { type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt: 5000 } };
    const end = classifyClaude(endOf([limit, failed(429, "You've hit your limit")], { nowMs: 4_000_000 }));
    expect(end).toMatchObject({ kind: "api", errorClass: "usage-window", retry: { afterMs: 1_000_000 } });
  });

  it("is a limit when a structured answer was asked for and none came", () => {
    const end = classifyClaude(
      endOf([{ ...RESULT, subtype: "success", is_error: false, result: "prose" }], { schemaAsked: true }),
    );
    expect(end).toMatchObject({ kind: "limit", which: "structured" });
  });

  it("is crashed without a final message, and says how the process ended", () => {
    const end = classifyClaude(endOf([], { exit: "claude was ended by SIGKILL." }));
    expect(end).toEqual({ kind: "crashed", message: "claude was ended by SIGKILL.", retry: "backoff" });
  });

  it("is crashed after an interrupt that nobody asked for, although that exits with 0", () => {
    const line = { ...RESULT, subtype: "error_during_execution", is_error: true, errors: ["aborted"] };
    expect(classifyClaude(endOf([line], { exit: "claude ended with exit code 0." }))).toMatchObject({
      kind: "crashed",
    });
  });

  it("is cancelled when it was stopped, but keeps an answer that was complete before", () => {
    const aborted = { ...RESULT, subtype: "error_during_execution", is_error: true, errors: [] };
    expect(classifyClaude(endOf([aborted], { stopped: "wall" }))).toEqual({
      kind: "cancelled",
      reason: "wall",
    });
    const done = { ...RESULT, subtype: "success", is_error: false, result: "done" };
    expect(classifyClaude(endOf([done], { stopped: "wall" }))).toMatchObject({ kind: "ok" });
  });

  it("is blocked when a refusal left no work, and ok when the agent went on to write", () => {
    const denial = { tool_name: "Write", tool_use_id: "t1", tool_input: { file_path: "/x" } };
    const done = {
      ...RESULT,
      subtype: "success",
      is_error: false,
      result: "end",
      permission_denials: [denial],
    };
    expect(classifyClaude(endOf([done]))).toEqual({
      kind: "blocked",
      text: "end",
      denials: [{ tool: "Write", target: "/x" }],
      retry: "never",
    });
    const wrote = [
      {
        type: "assistant",
        message: {
          id: "m",
          content: [{ type: "tool_use", id: "t2", name: "Write", input: { file_path: "a" } }],
        },
      },
      {
        type: "user",
        message: { content: [{ type: "tool_result", tool_use_id: "t2", content: "written" }] },
      },
    ];
    expect(classifyClaude(endOf([...wrote, done]))).toMatchObject({
      kind: "ok",
      denials: [{ tool: "Write", target: "/x" }],
    });
  });
});

describe("what a run of Claude Code has cost", () => {
  const transcript = endOf([{ ...RESULT, subtype: "success", is_error: false }]).transcript;

  it("is the conversation's total less what it had cost before", () => {
    expect(claudeUsage(transcript, 0.2, 5)).toEqual({ costUsd: 0.05, turns: 2, durationMs: 5 });
  });

  it("is unknown for a run that was killed", () => {
    expect(claudeUsage(endOf([]).transcript, 0.2, 5).costUsd).toBeNull();
  });
});
