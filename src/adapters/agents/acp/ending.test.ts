/** What agents really say when they fail, as seen. Defects these would catch: a login that is tried again, a refusal that is taken for a crash. */
import { RequestError } from "@agentclientprotocol/sdk";
import { expect, it } from "vitest";
import { endOfError, endOfStop } from "./ending.ts";
import { ProcessGone } from "./link.ts";

it.each([
  [-32000, "Authentication required", undefined, { kind: "api", errorClass: "auth", retry: "never" }],
  [
    -32603,
    "Internal error",
    { details: "429 too many requests" },
    { kind: "api", errorClass: "rate-limit", status: 429 },
  ],
  [
    -32603,
    "Internal error: API Error: 529 overloaded",
    undefined,
    { kind: "api", errorClass: "overloaded", status: 529 },
  ],
  [
    -32603,
    "Internal error",
    { status: 400, details: "no" },
    { kind: "api", errorClass: "bad-request", retry: "never" },
  ],
  [-32603, "fetch failed", undefined, { kind: "api", errorClass: "network", retry: "backoff" }],
  [-32603, "You have hit your usage limit", undefined, { kind: "api", errorClass: "usage-window" }],
  [-32603, "Reached maximum budget ($1)", undefined, { kind: "limit", which: "usd", retry: "never" }],
  [
    -32603,
    "Reached maximum number of turns (2)",
    undefined,
    { kind: "limit", which: "turns", retry: "backoff" },
  ],
  [-32603, "something odd", undefined, { kind: "crashed", retry: "backoff", message: "something odd" }],
])("an error %i %s %j is told by its code and its words", (code, message, data, end) => {
  expect(endOfError(new RequestError(code, message, data))).toMatchObject(end);
});

it.each([
  ["node ended with exit code 3. boom", "backoff"],
  ["agent ended with exit code 2. unknown option", "never"],
  ["agent could not be started: ENOENT", "never"],
])("a process that is gone has crashed: %s", (text, retry) => {
  expect(endOfError(new ProcessGone(text))).toEqual({ kind: "crashed", message: text, retry });
});

it("only the end of a turn is an answer", () => {
  expect(endOfStop("end_turn")).toBeNull();
  expect(endOfStop("max_turn_requests")).toMatchObject({ kind: "limit", which: "turns" });
  expect(endOfStop("max_tokens")).toMatchObject({ kind: "api", errorClass: "bad-request" });
  expect(endOfStop("refusal")).toMatchObject({ kind: "api", errorClass: "bad-request" });
  expect(endOfStop("cancelled")).toMatchObject({ kind: "crashed", retry: "backoff" });
});
