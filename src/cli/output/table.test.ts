import { describe, expect, it } from "vitest";
import { textWidth } from "../../core/text-width.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "workflow" },
  { title: "done", align: "right" },
  { title: "waits for", flexible: true },
  { title: "cost", optional: 1 },
  { title: "age", optional: 2 },
];
const ROWS = [
  ["three-fixes-20260220-001", "2/3", "login, export, dates, finish", "$0.05", "29m00s ago"],
  ["en108", "0/5", "plan", "≥ $1.20", "2d4h ago"],
];

const table = (width: number | undefined): readonly string[] =>
  renderTable(COLUMNS, ROWS, { width, header: (text) => text })
    .trimEnd()
    .split("\n");

describe("a table", () => {
  it("shrinks its flexible column, then leaves out what is optional, and never wraps", () => {
    expect([100, 70, 56, 44].map((width) => table(width).slice(0, 2).join("\n"))).toMatchInlineSnapshot(`
      [
        "WORKFLOW                  DONE  WAITS FOR                     COST     AGE
      three-fixes-20260220-001   2/3  login, export, dates, finish  $0.05    29m00s ago",
        "WORKFLOW                  DONE  WAITS FOR          COST     AGE
      three-fixes-20260220-001   2/3  login, export, d…  $0.05    29m00s ago",
        "WORKFLOW                  DONE  WAITS FOR        COST
      three-fixes-20260220-001   2/3  login, export,…  $0.05",
        "WORKFLOW                  DONE  WAITS FOR
      three-fixes-20260220-001   2/3  login, expo…",
      ]
    `);
    for (const width of [44, 56, 70, 100])
      for (const line of table(width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
  });

  it("is whole and without a header in a pipe", () => {
    expect(table(undefined)[1]).toBe("en108\t0/5\tplan\t≥ $1.20\t2d4h ago");
  });
});
