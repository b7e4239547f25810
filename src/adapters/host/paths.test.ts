import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeId, sessionFolder } from "./paths.ts";

test("an effect id becomes one readable folder name", () => {
  expect(sessionFolder("/repo/.git", "wf-001", "wf-001/1/barrier-1.a-to-b/2/critique.r1")).toBe(
    "/repo/.git/signalbox/wf-001/sessions/wf-001+1+barrier-1.a-to-b+2+critique.r1",
  );
});

test("no id leaves its folder, and no two ids share one", () => {
  const id = fc.string({
    unit: fc.constantFrom("a", "b", "/", ".", "+", "%", "2", "F", "\\", " ", "é"),
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect(encodeId(one)).toMatch(/^[^/.][^/]*$/);
      expect(encodeId(one) === encodeId(other)).toBe(one === other);
    }),
  );
  const long = "x".repeat(400);
  expect(encodeId(`${long}1`).length).toBeLessThan(200);
  expect(encodeId(`${long}1`)).not.toBe(encodeId(`${long}2`));
});
