import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeTracker } from "./merge-tracker.ts";

interface Row {
  readonly id: number;
  readonly status: string;
  readonly hour: number;
}

const rows = fc.uniqueArray(
  fc.record({
    id: fc.nat(7),
    status: fc.constantFrom("a", "b", "c"),
    hour: fc.integer({ min: 10, max: 23 }),
  }),
  { selector: ({ id }) => id, maxLength: 6 },
);

function textOf(list: readonly Row[]): string {
  const lines = list.map(({ id, status, hour }) => `| T-${id} | ${status} | 2026-02-20T${hour}:00Z |\n`);
  return `# Tasks\n\n| ID | Status | Updated |\n|---|---|---|\n${lines.join("")}\nEnd.\n`;
}

const idsIn = (text: string): readonly string[] => [...text.matchAll(/T-\d+/g)].map(([id]) => id);

test("no row is lost but one that a side took away: each of the others is there once, as one side has it", () => {
  fc.assert(
    fc.property(rows, rows, rows, (base, ours, theirs) => {
      const merged = mergeTracker(textOf(base), textOf(ours), textOf(theirs));
      if (!merged.ok) return;
      const found = idsIn(merged.text);
      expect(new Set(found).size).toBe(found.length);
      for (const { id } of [...ours, ...theirs]) {
        const [b, o, t] = [base, ours, theirs].map((side) => side.find((one) => one.id === id));
        const takenAway = b !== undefined && (o === undefined || t === undefined);
        expect(found.includes(`T-${id}`), `T-${id}`).toBe(!takenAway);
        const line = merged.text.split("\n").find((it) => it.startsWith(`| T-${id} `));
        const sides = [o, t].flatMap((one) => (one === undefined ? [] : [textOf([one])]));
        if (line !== undefined) expect(sides.some((side) => side.includes(line))).toBe(true);
      }
    }),
  );
});

test("which side is called ours makes no difference", () => {
  fc.assert(
    fc.property(rows, rows, rows, (base, ours, theirs) => {
      const one = mergeTracker(textOf(base), textOf(ours), textOf(theirs));
      const other = mergeTracker(textOf(base), textOf(theirs), textOf(ours));
      expect(other.ok).toBe(one.ok);
      if (one.ok && other.ok) expect(other.text).toBe(one.text);
    }),
  );
});

test("merging the same once more changes nothing", () => {
  fc.assert(
    fc.property(rows, rows, rows, (base, ours, theirs) => {
      const once = mergeTracker(textOf(base), textOf(ours), textOf(theirs));
      if (once.ok)
        expect(mergeTracker(textOf(base), once.text, textOf(theirs))).toMatchObject({
          ok: true,
          text: once.text,
        });
    }),
  );
});

test("two equal sides give that text, and a side that changed nothing gives the other one", () => {
  const texts = fc.oneof(
    rows.map(textOf),
    fc.string({ unit: fc.constantFrom("|", "-", "a", "\n", "#", " ") }),
  );
  fc.assert(
    fc.property(texts, texts, (base, side) => {
      for (const [ours, theirs] of [
        [side, side],
        [side, base],
        [base, side],
      ] as const)
        expect(mergeTracker(base, ours, theirs)).toEqual({ ok: true, text: side, superseded: [] });
    }),
  );
});

test("whatever the three texts are, there is an answer", () => {
  const texts = fc.string({
    unit: fc.constantFrom("|", "-", "a", "\n", "#", " ", "`", "\r", "1"),
    maxLength: 40,
  });
  fc.assert(
    fc.property(texts, texts, texts, (base, ours, theirs) => {
      expect(typeof mergeTracker(base, ours, theirs).ok).toBe("boolean");
    }),
  );
});
