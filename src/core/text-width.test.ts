import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { textWidth } from "./text-width.ts";

describe("the width of a text", () => {
  test.each([
    ["", 0],
    ["plain text", 10],
    ["┌─ déjà vu ─┐", 13],
    ["✓ ○ ● → … – ·", 13],
    ["\u001b[32m✓\u001b[39m done", 6],
    ["\u001b]8;;https://localhost\u0007link\u001b]8;;\u0007", 4],
    ["漢字", 4],
    ["한국어", 6],
    ["ｆｕｌｌ", 8],
    ["👍🏽", 2],
    ["👩‍💻 works", 8],
    ["🇩🇪", 2],
    ["☂️", 2],
    ["☂", 1],
    ["1️⃣", 2],
    ["e\u0301", 1],
    ["a\u200bb", 2],
    ["two\nlines", 8],
  ])("%j is %i columns", (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });

  test("is what a full table of Unicode says, for text as people write it", () => {
    const letters = fc.constantFrom(
      ...Array.from(
        "abc ÄßñøПривет─│┌┘═║█░→←↑↓✓✗●○◐…–—“”‘’•·€漢字かなカナ한글ｆ　、。★☂☎✂❤⚠✅❌⏰🚀👍🎉😀éà",
      ),
      "नमस्ते",
      "ก็",
      "👩‍💻",
      "👍🏽",
      "🇩🇪",
      "❤️",
      "1️⃣",
      "\u001b[1m",
      "\u001b[39m",
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        expect(textWidth(text)).toBe(stringWidth(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("is that of the table for every single character that is assigned and no joining letter", () => {
    const differing: string[] = [];
    for (let code = 0x20; code < 0x20000; code += 1) {
      const text = String.fromCodePoint(code);
      if (/[\p{Cn}\p{Cs}\p{Co}]/u.test(text)) continue;
      if (textWidth(text) !== stringWidth(text)) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });
});
