import { describe, expect, it } from "vitest";
import { plainLine, plainText, plainValue } from "./plain.ts";

const ESC = String.fromCharCode(27);

describe("text that agents wrote", () => {
  it("cannot move the cursor, colour, or set the title of a terminal", () => {
    expect(
      plainText(`a${ESC}[2Jb${ESC}]0;owned${String.fromCharCode(7)}c${String.fromCharCode(0x9b)}31md`),
    ).toBe("a[2Jb]0;ownedc31md");
  });

  it("keeps tabs and line breaks, and loses carriage returns that would paint over a line", () => {
    expect(plainText("a\tb\nc\rd")).toBe("a\tb\ncd");
    expect(plainLine("first\n  second\r\nthird")).toBe("first second third");
  });

  it("cannot turn the direction of writing", () => {
    expect(plainText("approve \u202eevorppa")).toBe("approve evorppa");
  });

  it("is made plain wherever it stands in a value", () => {
    expect(plainValue({ a: [`${ESC}x`, 1, null], b: { c: `y${ESC}` } })).toEqual({
      a: ["x", 1, null],
      b: { c: "y" },
    });
  });
});
