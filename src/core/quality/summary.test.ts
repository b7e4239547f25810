import { describe, expect, it } from "vitest";
import { parseReport, summaryOf } from "./summary.ts";

describe("the summary of a session", () => {
  it.each([
    ["the labelled line", "Done.\n\nSummary: Two options compared.\nChanges: none", "Two options compared."],
    ["the last labelled line", "Summary: old\n\n**Summary:** new", "new"],
    ["the first line that says something", "\n\n## Result\n\nThe rest", "Result"],
    ["text without marks of Markdown", "- **Bold** claim", "Bold claim"],
    ["nothing for nothing", " \n ", ""],
  ])("is %s", (_, text, summary) => {
    expect(summaryOf(text)).toBe(summary);
  });

  it("is one line of at most 200 characters", () => {
    const summary = summaryOf(`Summary: ${"word ".repeat(100)}`);
    expect(summary.length).toBeLessThanOrEqual(200);
    expect(summary.endsWith("…")).toBe(true);
  });
});

describe("a closing report", () => {
  it("is read with its self-review and changes", () => {
    const text =
      "Summary: All done.\nChanges: Added costs.\nSelf-review:\n- brief: covered\n- sources: mended\n\nBye";
    expect(parseReport(text)).toEqual({
      summary: "All done.",
      changes: "Added costs.",
      leftOut: [],
      selfReview: ["brief: covered", "sources: mended"],
      answers: [],
    });
  });

  it("without a self-review has no record of one", () => {
    expect(parseReport("I did it.")).toEqual({
      summary: "I did it.",
      changes: null,
      leftOut: [],
      selfReview: [],
      answers: [],
    });
  });

  it("is read with what became of each remark, the last word on it", () => {
    const text =
      "Summary: Done.\nAnswers:\n- F-1-2: trimmed first\n- [f-1-3] — kept: it is tested\n- C-001: as asked\n- F-9: no\nSelf-review:\n- brief: covered";
    expect(parseReport(text)).toMatchObject({
      selfReview: ["brief: covered"],
      answers: [
        { finding: "F-1-2", text: "trimmed first" },
        { finding: "F-1-3", text: "kept: it is tested" },
        { finding: "C-001", text: "as asked" },
      ],
    });
  });

  it("names lines that were left out of a join as they were, each with its reason", () => {
    const text =
      "Summary: Joined.\nLeft out:\n- src/a.ts: const x = **2**; -- the other one sets it\n\nThe end.";
    expect(parseReport(text).leftOut).toEqual(["src/a.ts: const x = **2**; -- the other one sets it"]);
  });
});
