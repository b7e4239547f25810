import { expect, test } from "vitest";
import { compareTimes, parseRowTime } from "./row-time.ts";

const compared = (one: string, other: string): number => {
  const [a, b] = [parseRowTime(one), parseRowTime(other)];
  if (a === null || b === null) throw new Error("no time");
  return Math.sign(compareTimes(a, b));
};

test("times with zones are compared as moments", () => {
  expect(compared("2026-02-20T12:00:00+02:00", "2026-02-20T10:30:00Z")).toBe(-1);
  expect(compared("2026-02-20T12:00:00+02:00", "2026-02-20T10:00Z")).toBe(0);
  expect(compared("2026-02-20 12:00 UTC", "2026-02-20T11:59:59.9Z")).toBe(1);
});

test("days are compared as days, and one with a time only where every zone agrees", () => {
  expect(compared("2026-02-21", "2026-02-20")).toBe(1);
  expect(compared("2026-02-20", "2026-02-20T10:00:00Z")).toBe(0);
  expect(compared("2026-02-20", "2026-02-21T10:00:00Z")).toBe(0);
  expect(compared("2026-02-20", "2026-02-22T10:00:00Z")).toBe(-1);
  expect(compared("2026-02-20 10:00", "2026-02-20T20:00:00Z")).toBe(0);
  expect(compared("2026-02-20 10:00", "2026-02-19T19:00:00Z")).toBe(1);
});

test("anything else is no time", () => {
  for (const text of ["", "today", "20.02.2026", "2026-02-20T10:00:00Z or so", "12:00"])
    expect(parseRowTime(text), text).toBeNull();
});
