import { expect, it } from "vitest";
import { hasAcceptedStatus, isAdrPath, isTestPath, scriptsDiffer, skippedTestLine } from "./suspicion.ts";

it.each([
  ["src/a.test.ts", true],
  ["tests/unit/x.py", true],
  ["test_login.py", true],
  ["pkg/login_test.go", true],
  ["src/__tests__/a.js", true],
  ["src/LoginTest.java", true],
  ["src/latest.ts", false],
  ["src/contest/a.ts", false],
  ["docs/testing.md", false],
])("says whether %s is a test: %s", (path, expected) => {
  expect(isTestPath(path)).toBe(expected);
});

it.each([
  "it.skip('x')",
  "describe.only('x', f)",
  "  xit('x')",
  "test.skip.each([1])('x')",
  "@pytest.mark.skip(reason='x')",
  "    t.Skip('x')",
  "@Disabled",
  "#[ignore]",
  "test('a', { skip: true }, f)",
])("finds the added skip in %j", (line) => {
  expect(skippedTestLine("it('x')\n", `it('x')\n${line}\n`)).toBe(line);
});

it("ignores skips that were there before and skips that are taken out", () => {
  expect(skippedTestLine("it.skip('x')\n", "  it.skip('x')\nit('y')\n")).toBeNull();
  expect(skippedTestLine("it.skip('x')\n", "it('x')\n")).toBeNull();
  expect(skippedTestLine("it.skip('x')\n", "it.skip('x')\nit.skip('x')\n")).toBe("it.skip('x')");
  expect(skippedTestLine("", "const split = text.skip;\ncallbackOnly('x')\n")).toBeNull();
});

it("compares scripts by content, whatever the order of keys or the validity of the text", () => {
  expect(scriptsDiffer('{"scripts":{"a":"1","b":"2"}}', '{ "scripts": {"b":"2","a":"1"} }')).toBe(false);
  expect(scriptsDiffer("", '{"name":"x"}')).toBe(false);
  expect(scriptsDiffer('{"scripts":{"a":"1"}}', "not json")).toBe(true);
});

it.each([
  ["docs/adr/0001.md", true],
  ["adr-7-storage.md", true],
  ["docs/decisions/x.md", true],
  ["src/quadratic.md", false],
  ["docs/padre.md", false],
])("says whether %s is a decision record: %s", (path, expected) => {
  expect(isAdrPath(path)).toBe(expected);
});

it.each([
  "status: accepted",
  "- **Status:** BASELINED",
  "| Status | ACCEPTED |",
  "## Status\n\nAccepted on Monday",
])("reads an accepted status from %j", (text) => {
  expect(hasAcceptedStatus(`# Title\n${text}\n`)).toBe(true);
});

it("does not read a proposed or a described status as accepted", () => {
  expect(hasAcceptedStatus("Status: Proposed\n")).toBe(false);
  expect(hasAcceptedStatus("The status was accepted by nobody\n")).toBe(false);
});
