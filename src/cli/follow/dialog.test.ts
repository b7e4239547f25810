import { describe, expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { createStyle } from "../output/style.ts";
import { type Dialog, dialogLines, openDialog, type Pressed, press } from "./dialog.ts";
import { keysIn } from "./keys.ts";

const STYLE = createStyle({ write: () => {}, isTTY: true }, {}, "never");
const UP = "\u001b[A";
const DOWN = "\u001b[B";
const ESCAPE = "\u001b";
const BACKSPACE = "\u007f";

function asked(changes: Partial<Question> = {}): Dialog {
  const question: Question = {
    id: "Q-001",
    kind: "unverified",
    subject: "login",
    askedAt: "2026-02-20T10:00:00Z",
    reason: "No check looked at it",
    options: ["approve", "reject", "skip"],
    ...changes,
  };
  const state: WorkflowState = { ...new World(THREE).now, questions: [question] };
  return openDialog(state, question);
}

function typed(dialog: Dialog, ...chunks: readonly string[]): Pressed {
  return chunks
    .flatMap(keysIn)
    .reduce<Pressed>((last, key) => (last.kind === "open" ? press(last.dialog, key) : last), {
      kind: "open",
      dialog,
    });
}

function picture(pressed: Pressed): string {
  if (pressed.kind !== "open") return pressed.kind;
  const now = Date.parse("2026-02-20T10:00:12Z");
  return dialogLines(pressed.dialog, { style: STYLE, width: 80, now }).join("\n");
}

describe("a question below the board", () => {
  it("lists every answer with what it does, and marks the one that Enter takes", () => {
    expect(picture(typed(asked({ commit: "4601a5a0ffff" }), DOWN))).toMatchInlineSnapshot(`
      "? login  No check looked at it  12s ago
          look at it: signalbox review login
          approve  go on
        › reject   send it back with a note
          skip     leave it out, with a reason
          later    leave it open"
    `);
  });

  it("leaves accepted work open at Enter, and says how it is landed", () => {
    const review = asked({ kind: "review", options: ["land", "send-back", "drop"] });
    expect(picture({ kind: "open", dialog: review })).toContain(
      "› later      leave it open; to land it: signalbox land login",
    );
    expect(typed(review, "\r")).toEqual({ kind: "later" });
    expect(typed(review, DOWN, "\r", "use the helper", "\r")).toEqual({
      kind: "answer",
      word: "send-back",
      text: "use the helper",
    });
  });

  it("gives the marked answer, round and round", () => {
    expect(typed(asked(), "\r")).toEqual({ kind: "answer", word: "approve", text: "" });
    expect(typed(asked(), UP, "\r")).toEqual({ kind: "later" });
    expect(typed(asked(), UP, DOWN, "\r")).toEqual({ kind: "answer", word: "approve", text: "" });
    expect(typed(asked(), "j", "k", "\r")).toEqual({ kind: "answer", word: "approve", text: "" });
  });

  it("asks for the words that an answer needs, and shows them as they are written", () => {
    const writing = typed(asked(), DOWN, "\r", "rename its", BACKSPACE);
    expect(picture(writing)).toMatchInlineSnapshot(`
      "? login  No check looked at it  12s ago
          look at it: signalbox review login
          Why, and what must be different?
        › rename it▏"
    `);
    expect(typed(asked(), DOWN, "\r", "rename it", "\r")).toEqual({
      kind: "answer",
      word: "reject",
      text: "rename it",
    });
  });

  it("takes pasted lines as one text, without what could move the cursor", () => {
    expect(typed(asked(), DOWN, "\r", "first\nsecond\u009b2J\u001b[2J", "\r")).toEqual({
      kind: "answer",
      word: "reject",
      text: "first second2J",
    });
  });

  it("is left step by step with Escape and at once with Ctrl+C", () => {
    expect(picture(typed(asked(), DOWN, "\r", "half", ESCAPE))).toContain("› reject");
    expect(typed(asked(), ESCAPE)).toEqual({ kind: "later" });
    expect(typed(asked(), DOWN, "\r", "half", "\u0003")).toEqual({ kind: "leave" });
  });

  it("takes a new limit only when it is above what was spent", () => {
    const limit = asked({ kind: "limit", subject: "workflow", options: ["add", "finish", "stop"] });
    const spent = { ...limit, spentUsd: 1.5 };
    expect(picture(typed(spent, "\r", "1", "\r"))).toContain("a number above $1.50 is needed");
    expect(picture(typed(spent, "\r", "lots", "\r"))).toContain("a number above $1.50 is needed");
    expect(typed(spent, "\r", "$3", "\r")).toEqual({ kind: "answer", word: "add", text: "", usd: 3 });
  });
});
