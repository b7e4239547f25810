import { describe, expect, it } from "vitest";
import type { NotifyChannel } from "../../core/notify.ts";
import type { Question } from "../../core/workflow/question.ts";
import { bellFor } from "./bell.ts";

const DESKTOP: NotifyChannel = { channel: "desktop", kinds: ["review"] };
const QUESTION: Question = {
  id: "Q-001",
  kind: "review",
  subject: "login",
  askedAt: "2026-03-01T10:00:00Z",
  reason: "accepted\u0007\u001b]0;owned\u0007\nby an agent",
  options: ["land"],
};

function aTerminal(isTTY = true) {
  let written = "";
  const stderr = {
    isTTY,
    write: (text: string): void => {
      written += text;
    },
  };
  return { io: { env: { PATH: "/nonexistent" }, stderr }, written: () => written };
}

describe("the bell of a viewer", () => {
  it("rings for a question with a notice that nothing in its words can break out of", () => {
    const { io, written } = aTerminal();
    bellFor(io, [DESKTOP])?.(QUESTION);
    expect(written()).toBe("\u0007\u001b]9;signalbox: login waits: accepted]0;owned by an agent\u0007");
  });

  it("is silent for other kinds, where nobody asked for notices, and without a terminal", () => {
    const { io, written } = aTerminal();
    bellFor(io, [DESKTOP])?.({ ...QUESTION, kind: "limit" });
    expect(written()).toBe("");
    expect(bellFor(io, [])).toBe(null);
    expect(bellFor(aTerminal(false).io, [DESKTOP])).toBe(null);
  });
});
