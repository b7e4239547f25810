/** Scripted agents against the prompts, schemas and readers that are really used: a change on either side shows here. */
import { describe, expect, it } from "vitest";
import { MULTI } from "../../../test/builders/worlds.ts";
import type { PlannedDeliverable } from "../../core/plan/plan.ts";
import { planContext } from "../../core/prompts/context.ts";
import { creatorPrompt } from "../../core/prompts/creator.ts";
import { handoffPrompt } from "../../core/prompts/handoff.ts";
import type { PromptRequest } from "../../core/prompts/request.ts";
import { critiquePrompt, judgePrompt } from "../../core/prompts/reviewer.ts";
import { parseCritique, parseJudgement } from "../../core/quality/answers.ts";
import { parseHandoff } from "../../core/quality/handoff.ts";
import { structuredAnswer } from "./answer.ts";
import { artifactText } from "./artifact.ts";
import { type PromptFacts, readPrompt } from "./header.ts";

function factsOf(request: PromptRequest): PromptFacts {
  const facts = readPrompt(request.prompt);
  if (facts === null) throw new Error("the prompt has no header that can be read");
  return facts;
}

function answerTo(request: PromptRequest): unknown {
  const schema = request.schema ?? {};
  return structuredAnswer({ facts: factsOf(request), schema, scenario: {}, sample: 1 });
}

const made = MULTI.deliverables.filter((planned) => !planned.byPerson);
const byId = (planned: PlannedDeliverable) => [planned.id, planned] as const;
const judged = made.filter((planned) => planned.gate.judged);

describe("scripted answers to real prompts", () => {
  it.each(judged.map(byId))("judge %s validly", (_, planned) => {
    const context = planContext(MULTI, planned);
    const reviewer = planned.gate.reviewers[0]?.role ?? "";
    const read = parseJudgement(answerTo(judgePrompt(context, reviewer)), planned.gate);
    expect(read).toMatchObject({ ok: true });
  });

  it.each(made.filter((planned) => planned.gate.critic !== null).map(byId))(
    "criticise %s validly",
    (_, planned) => {
      const request = critiquePrompt(planContext(MULTI, planned), {});
      expect(parseCritique(answerTo(request), planned.gate)).toMatchObject({ ok: true });
    },
  );

  it.each(made.filter((planned) => planned.kind === "handoff").map(byId))(
    "hand over %s validly",
    (_, planned) => {
      const sources = ["orchestration/x/a.md", "orchestration/x/b.md"];
      const request = handoffPrompt({ ...planContext(MULTI, planned), sources }, false);
      const limits = { sources, criticality: planned.criticality.effective };
      expect(parseHandoff(answerTo(request), limits)).toMatchObject({ ok: true });
    },
  );
});

describe("scripted artifacts for real prompts", () => {
  const files = made.filter((planned) => planned.makes.kind === "file" && planned.kind !== "handoff");
  it.each(files.map(byId))(
    "write %s where it belongs, with the levels and inputs it was asked for",
    (_, planned) => {
      const request = creatorPrompt(planContext(MULTI, planned), "first");
      const facts = factsOf(request);
      const text = artifactText(facts, "");
      expect(facts.artifact).toBe(planned.makes.kind === "file" ? planned.makes.path : "");
      expect(facts.writes).toEqual(request.writes);
      for (const heading of ["## L0: Summary", "## L1: Findings", "## L2: Detail"])
        expect(text).toContain(heading);
      for (const input of planned.inputs) expect(text).toContain(input);
      expect(text.split("\n").length).toBeGreaterThan(60);
    },
  );
});
