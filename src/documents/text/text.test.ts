import fc from "fast-check";

fc.configureGlobal({ numRuns: 20000 });

import { describe, expect, it } from "vitest";
import { NASTY } from "../../../test/builders/any-state.ts";
import { textWidth } from "../../core/text-width.ts";
import { connector } from "./connector.ts";
import { bar, duration, maybeScore, money, shortNumber } from "./format.ts";
import { ASCII, centre, cut, DIVIDER, frame } from "./frame.ts";
import { anchor, cell, code, codeCell, fence, inline, table } from "./markdown.ts";
import { pathTree } from "./tree.ts";

describe("a frame", () => {
  it("is as wide on the screen in every line, also with wide characters", () => {
    const lines = frame(["plain", DIVIDER, "日本語", "🚦 signal", "e\u0301"], ASCII);
    expect(new Set(lines.map(textWidth)).size).toBe(1);
    expect(lines).toHaveLength(7);
  });

  it("is straight around a text that begins with a mark, which joins the blank before it", () => {
    for (const text of ["🏻", "ำ", "\u0301"])
      expect(new Set(frame([text, ""], ASCII, 10).map(textWidth)).size).toBe(1);
  });

  it("is straight for any text that is one line", () => {
    fc.assert(
      fc.property(fc.array(NASTY, { minLength: 1, maxLength: 4 }), (texts) => {
        const lines = frame(
          texts.map((text) => cut(inline(text), 20)),
          ASCII,
          10,
        );
        expect(new Set(lines.map(textWidth)).size).toBe(1);
      }),
    );
  });

  it("centres a title with the odd space to the right", () => {
    expect(centre("ab", 5)).toBe(" ab  ");
  });

  it("cuts between whole characters and marks it", () => {
    expect(cut("日本語の説明", 7)).toBe("日本語…");
    expect(cut("short", 7)).toBe("short");
  });
});

describe("free text", () => {
  it("stays inside its table cell", () => {
    fc.assert(
      fc.property(NASTY, (text) => {
        const [, , row] = table(["A", "B"], [[cell(text), codeCell(text)]]);
        expect(row).not.toMatch(/[\n\r]/);
        expect(row?.split(/(?<!\\)\|/)).toHaveLength(4);
      }),
    );
  });

  it("cannot end its cell with a backslash of its own", () => {
    expect(cell("a\\|b")).toBe("a\\\\\\|b");
  });

  it("cannot open a comment or an element", () => {
    expect(inline("a <!-- b")).toBe("a \\<!-- b");
    expect(inline("use `Map<string>` here")).toBe("use `Map<string>` here");
    expect(inline("a \\<!-- b")).toBe("a \\\\\\<!-- b");
    expect(inline("a \\` <!-- ` b")).toBe("a \\\\\\` \\<!-- \\` b");
  });

  it("loses what could steer a terminal or turn the direction of writing", () => {
    expect(inline("a\u001b[31mred\u0007 \u202eevil half\ud800")).toBe("a[31mred evil half\ufffd");
    expect(fence(["a\u001b[2J"])[1]).toBe("a[2J");
  });

  it("is cut to one line of at most 220 characters in a cell", () => {
    expect([...cell("x".repeat(500))]).toHaveLength(220);
    expect(cell("a\n\n  b")).toBe("a b");
  });

  it("with back-ticks stands in longer ones", () => {
    expect(code("a`b")).toBe("`` a`b ``");
    expect(fence(["```", "x"])[0]).toBe("````");
  });
});

describe("an anchor", () => {
  it.each([
    ["1. Execution Dashboard", "1-execution-dashboard"],
    ["Blockers and Issues", "blockers-and-issues"],
    ["8.1.1 Worktracker Entity Templates", "811-worktracker-entity-templates"],
    ["QG-1: Design (Phase 1) - PASS", "qg-1-design-phase-1---pass"],
  ])("of %s is what GitHub makes of it", (heading, slug) => {
    expect(anchor(heading)).toBe(slug);
  });
});

describe("values", () => {
  it("round down, so that a bar is full only at the end", () => {
    expect(bar(11, 12, 4, "#", "-")).toBe("###-");
    expect(bar(12, 12, 4, "#", "-")).toBe("####");
    expect(bar(0, 0, 4, "#", "-")).toBe("----");
  });

  it("print a score so that it never looks like a threshold it misses", () => {
    expect(maybeScore(0.9195, "--")).toBe("0.919");
    expect(maybeScore(null, "--")).toBe("--");
  });

  it("print weights with two decimals, more only where they matter", () => {
    expect([0.2, 0.92, 0.125, 1].map(shortNumber)).toEqual(["0.20", "0.92", "0.125", "1.00"]);
  });

  it("print money and time for people", () => {
    expect(money(1.5, true)).toBe("at least 1.50 USD");
    expect([40_000, 720_000, 3_900_000].map(duration)).toEqual(["40 s", "12 min", "1 h 05 min"]);
  });
});

describe("lines between boxes", () => {
  it("go straight down where the columns are the same", () => {
    expect(connector([1, 5], [1, 5])).toEqual([" │   │", " ▼   ▼"]);
  });

  it("join several boxes into one and split one into several", () => {
    expect(connector([0, 4], [2])).toEqual(["│   │", "└─┬─┘", "  ▼"]);
    expect(connector([2], [0, 4])).toEqual(["  │", "┌─┴─┐", "▼   ▼"]);
  });
});

describe("a tree of paths", () => {
  it("sorts names and marks folders", () => {
    expect(pathTree(["r/b/2.md", "r/a.md", "r/b/1.md"], "r/")).toEqual([
      "r/",
      "├── a.md",
      "└── b/",
      "    ├── 1.md",
      "    └── 2.md",
    ]);
  });
});

describe("the width of a text", () => {
  it("counts lines and blocks of boxes as one column, and whatever is wider or narrower as it is", () => {
    const texts = ["plain", "┌──┐ █░ ║", "日本", "e\u0301", "\u001b[1mx\u001b[0m", "a\u200db"];
    expect(texts.map(textWidth)).toEqual([5, 9, 4, 1, 1, 2]);
  });
});
