import { expect, it } from "vitest";
import { isJoining } from "../../src/cli/joining.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aWorkflow } from "../builders/state.ts";

const SLOT = "agent-a-001";

/** A slot whose worktree is a person's, after they said this word. */
function handedOver(word: "resolve" | "write"): WorkflowState {
  const state = aWorkflow().upTo(0).build();
  const at = "2026-02-20T10:00:00Z";
  const question = {
    id: "Q-001",
    subject: SLOT,
    kind: "user-artifact" as const,
    reason: "A person works",
    options: ["done" as const],
    askedAt: at,
    blocking: true,
  };
  const decision = {
    id: "RD-001",
    question: null,
    subject: SLOT,
    word,
    text: "",
    by: "ana",
    at,
    constraint: false,
  };
  return { ...state, questions: [question], decisions: [decision] };
}

it("a person who only writes the work joins nothing, so no merge is begun in their worktree", () => {
  expect(isJoining(handedOver("write"), SLOT)).toBe(false);
  expect(isJoining(handedOver("resolve"), SLOT)).toBe(true);
  expect(isJoining({ ...handedOver("resolve"), questions: [] }, SLOT)).toBe(false);
});
