import fc from "fast-check";
import { expect, test } from "vitest";
import { type DroppedLines, droppedLines } from "./kept-lines.ts";

const NOTHING: DroppedLines = { ours: [], theirs: [] };
const file = (text: string): ReadonlyMap<string, string> => new Map([["a.md", text]]);

/** One file, each letter a line. */
function dropped(base: string, ours: string, theirs: string, result: string): readonly string[] {
  const text = (letters: string): ReadonlyMap<string, string> => file([...letters].join("\n"));
  const found = droppedLines(text(base), text(ours), text(theirs), text(result));
  return [
    ...found.ours.map((one) => `ours ${one.line} ${one.text}`),
    ...found.theirs.map((one) => `theirs ${one.line} ${one.text}`),
  ];
}

test("a result with the lines of both sides drops nothing, in whatever order they stand", () => {
  expect(dropped("ab", "axb", "ayb", "axyb")).toEqual([]);
  expect(dropped("ab", "axb", "ayb", "bayx")).toEqual([]);
});

test("a line that one side added and the result lacks is named with its file, place and side", () => {
  expect(droppedLines(file("a\n"), file("a\nmine\n"), file("yours\na\n"), file("yours\na\n"))).toEqual({
    ours: [{ path: "a.md", line: 2, text: "mine" }],
    theirs: [],
  });
  expect(dropped("ab", "axb", "ayb", "ab")).toEqual(["ours 2 x", "theirs 2 y"]);
});

test("a line that a side wrote twice is missed when the result has it once", () => {
  expect(dropped("ab", "axbx", "ab", "axb")).toEqual(["ours 4 x"]);
  expect(dropped("}", "}x}y}", "}", "}x}y")).toEqual(["ours 5 }"]);
});

test("an equal line of the base does not stand in for an added one", () => {
  expect(dropped("a}", "a}b}", "a}", "a}b")).toEqual(["ours 4 }"]);
});

test("the same line that both added is due once at one place and twice at two", () => {
  expect(dropped("ab", "axb", "axb", "axb")).toEqual([]);
  expect(dropped("abcd", "axbcd", "abcxd", "axbcd")).toEqual(["ours 2 x", "theirs 4 x"]);
  expect(dropped("abcd", "axbcd", "abcxd", "axbcxd")).toEqual([]);
});

test("what a side took away is not due, also where the other side left it", () => {
  expect(dropped("abc", "ac", "abcx", "acx")).toEqual([]);
  expect(dropped("}}", "}}}", "}", "}}")).toEqual([]);
});

test("of two new texts of one line both are due", () => {
  expect(dropped("abc", "axc", "ayc", "ayc")).toEqual(["ours 2 x"]);
});

test("spaces, carriage returns and blank lines count", () => {
  const missing = (ours: string, result: string): readonly string[] =>
    droppedLines(file("a\n"), file(ours), file("a\n"), file(result)).ours.map(({ text }) => text);
  expect(missing("a\n  x\n", "a\n x\n")).toEqual(["  x"]);
  expect(missing("a\nx \n", "a\nx\n")).toEqual(["x "]);
  expect(missing("a\nx\r\n", "a\nx\n")).toEqual(["x\r"]);
  expect(missing("a\n\nx\n", "a\nx\n")).toEqual([""]);
});

test("a last line without its line feed is the same line", () => {
  expect(droppedLines(file("a\n"), file("a\nx"), file("a\ny\n"), file("a\nx\ny"))).toEqual(NOTHING);
});

test("files are compared each with itself, those that are new or gone too", () => {
  const both = new Map([
    ["a.md", "x\n"],
    ["b.md", "y\n"],
  ]);
  expect(droppedLines(new Map(), both, new Map(), file("x\ny\n")).ours).toEqual([
    { path: "b.md", line: 1, text: "y" },
  ]);
  expect(droppedLines(file("a\n"), new Map(), file("a\nb\n"), new Map())).toEqual({
    ours: [],
    theirs: [{ path: "a.md", line: 2, text: "b" }],
  });
  expect(droppedLines(file("a\n"), file("a\n"), file("a\n"), new Map())).toEqual(NOTHING);
});

const texts = fc.string({ unit: fc.constantFrom("a", "b", "}", "\n"), maxLength: 24 });

test("a side that the other one did not change is its own result, and drops nothing", () => {
  fc.assert(
    fc.property(texts, texts, (base, ours) => {
      expect(droppedLines(file(base), file(ours), file(base), file(ours))).toEqual(NOTHING);
      expect(droppedLines(file(base), file(ours), file(ours), file(ours))).toEqual(NOTHING);
    }),
  );
});

test("whichever line of a side is taken out of a result that had to have it, it is missed", () => {
  fc.assert(
    fc.property(texts, texts, fc.nat(), (base, added, place) => {
      const ours = `${base}\n@${added}\n`.split("\n").filter((line) => line !== "");
      const at = place % ours.length;
      const result = ours.filter((_, index) => index !== at).join("\n");
      const old = base.split("\n").filter((line) => line !== "");
      const gone = ours[at] ?? "";
      const missing = droppedLines(
        file(old.join("\n")),
        file(ours.join("\n")),
        file(old.join("\n")),
        file(result),
      ).ours;
      const wasAdded =
        ours.filter((line) => line === gone).length > old.filter((line) => line === gone).length;
      if (wasAdded) expect(missing.map(({ text }) => text)).toEqual([gone]);
    }),
  );
});

test("which side is called ours changes nothing but the names", () => {
  fc.assert(
    fc.property(texts, texts, texts, texts, (base, ours, theirs, result) => {
      const one = droppedLines(file(base), file(ours), file(theirs), file(result));
      const other = droppedLines(file(base), file(theirs), file(ours), file(result));
      expect(other).toEqual({ ours: one.theirs, theirs: one.ours });
    }),
  );
});
