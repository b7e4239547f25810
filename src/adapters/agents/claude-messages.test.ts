import { expect, it } from "vitest";
import { ClaudeReader } from "./claude-messages.ts";
import type { EventBody } from "./session-io.ts";

function read(lines: readonly unknown[], now: () => number = () => 0) {
  const events: EventBody[] = [];
  const reader = new ClaudeReader((event) => events.push(event), now);
  for (const line of lines) reader.onMessage(line);
  return { events, transcript: reader.transcript() };
}

function call(id: string, name: string, input: unknown) {
  return { type: "assistant", message: { id: `m-${id}`, content: [{ type: "tool_use", id, name, input }] } };
}

function result(id: string, content: unknown, isError = false) {
  return {
    type: "user",
    message: { content: [{ type: "tool_result", tool_use_id: id, content, is_error: isError }] },
  };
}

it("turns text, tool calls and their results into events in order", () => {
  const { events, transcript } = read([
    { type: "assistant", message: { id: "m", content: [{ type: "text", text: "Looks around." }] } },
    call("t1", "Bash", { command: "ls", description: "list" }),
    result("t1", [{ type: "text", text: "a b" }]),
  ]);
  expect(events).toEqual([
    { type: "text", text: "Looks around." },
    { type: "tool", tool: "Bash", target: "ls", input: expect.stringMatching(/^[0-9a-f]{12}$/) },
    { type: "tool-result", tool: "Bash", error: false, target: "ls" },
  ]);
  expect(transcript).toMatchObject({ wrote: true, turns: 2, result: null });
});

it("reports a call that the hook refused once, with the reason alone, though it comes again in the final message", () => {
  const text =
    "PreToolUse:Write hook error: ['/usr/bin/node' '/x/hook.js' abc || exit 2]: /out.md is outside the worktree\n";
  const { events, transcript } = read([
    call("t1", "Write", { file_path: "/out.md" }),
    result("t1", text, true),
    {
      type: "result",
      subtype: "success",
      is_error: false,
      permission_denials: [{ tool_use_id: "t1", tool_name: "Write", tool_input: { file_path: "/out.md" } }],
    },
  ]);
  expect(events.filter((event) => event.type === "denied")).toEqual([
    { type: "denied", tool: "Write", target: "/out.md", reason: "/out.md is outside the worktree" },
  ]);
  expect(transcript.denials).toEqual([{ tool: "Write", target: "/out.md" }]);
  expect(transcript.wrote).toBe(false);
});

it("does not take a failing command that talks of permissions for a refusal", () => {
  const { transcript } = read([
    call("t1", "Bash", { command: "cat /root/x" }),
    result("t1", "Exit code 1\nPermission to use /root/x has been denied", true),
  ]);
  expect(transcript.denials).toEqual([]);
});

it("reports retries of the model service with their delay", () => {
  const line = {
    type: "system",
    subtype: "api_retry",
    attempt: 1,
    max_retries: 4,
    retry_delay_ms: 512,
    error_status: 529,
  };
  expect(read([line]).events).toEqual([
    { type: "retry", message: "model service: 529, retry 1 of 4", delayMs: 512 },
  ]);
});

it("gives a sign of life while the model streams, at most every ten seconds", () => {
  const times = [20_000, 20_500, 29_000, 30_500];
  const stream = times.map(() => ({ type: "stream_event", event: {} }));
  expect(read(stream, () => times.shift() ?? 0).events).toHaveLength(2);
});

it("passes over what it does not know", () => {
  expect(
    read([
      null,
      7,
      "x",
      [],
      { type: "new_kind" },
      { type: "assistant" },
      { type: "user", message: { content: "hi" } },
    ]).events,
  ).toEqual([]);
});

it("names the file that a file tool has changed, and tells equal failures from different ones", () => {
  const { events } = read([
    call("t1", "Write", { file_path: "/w/a.md", content: "a" }),
    result("t1", "ok"),
    ...["x", "x", "y"].flatMap((said, n) => [
      call(`e${n}`, "Edit", { file_path: "/w/a.md", old_string: said }),
      result(`e${n}`, `no ${said}`, true),
    ]),
  ]);
  const results = events.filter((event) => event.type === "tool-result");
  expect(results.map((event) => event.wrote)).toEqual(["/w/a.md", undefined, undefined, undefined]);
  const failures = results.map((event) => event.failure);
  expect(failures[0]).toBeUndefined();
  expect(failures[1]).toBe(failures[2]);
  expect(failures[3]).not.toBe(failures[2]);
});

it("guesses the money from the tokens of the stream, each reply once", () => {
  const usage = { input_tokens: 100_000, cache_read_input_tokens: 1_000_000, output_tokens: 1 };
  const reply = [
    { type: "message_start", message: { model: "claude-opus-5-5", usage } },
    { type: "message_delta", usage: { output_tokens: 4_000 } },
    { type: "message_delta", usage: { output_tokens: 20_000 } },
  ].map((event) => ({ type: "stream_event", event }));
  const { events } = read([...reply, ...reply]);
  const told = events.flatMap((event) => (event.type === "usage" ? [event.estimateUsd] : []));
  expect(told.at(-1)).toBe(3);
});
