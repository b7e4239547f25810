import { describe, expect, it } from "vitest";
import { isTestPath } from "../../core/quality/test-paths.ts";
import { type ChangedContent, protectedChange } from "./protected-change.ts";
import { countTests, skippedTests } from "./test-signs.ts";

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
  "xit 'x' do",
  "test.skip.each([1])('x')",
  "@pytest.mark.skip(reason='x')",
  "        self.skipTest('x')",
  "    t.Skip('x')",
  "@Disabled",
  "#[ignore]",
  "test('a', { skip: true }, f)",
])("finds the added skip in %j", (line) => {
  expect(skippedTests("it('x')\n", `it('x')\n${line}\n`)).toEqual([2]);
});

it("ignores skips that were there before and skips that are taken out", () => {
  expect(skippedTests("it.skip('x')\n", "  it.skip('x')\nit('y')\n")).toEqual([]);
  expect(skippedTests("it.skip('x')\n", "it('x')\n")).toEqual([]);
  expect(skippedTests("it.skip('x')\n", "it.skip('x')\nit.skip('x')\n")).toEqual([2]);
  expect(skippedTests("", "const split = text.skip;\ncallbackOnly('x')\n")).toEqual([]);
});

it.each([
  ["a.test.ts", "test('a', () => {});\n  it.each([1])('b');\n// it('c')\nsubmit('d')\n", 2],
  ["test_a.py", "def test_a():\n  pass\nasync def test_b(): pass\ndef helper(): pass\n", 2],
  ["a_test.go", "func TestA(t *testing.T) {}\nfunc helper() {}\n", 1],
  ["src/lib.rs", "#[test]\nfn a() {}\n#[tokio::test]\nasync fn b() {}\n", 2],
  ["ATest.java", "@Test\nvoid a() {}\n// @Test\n", 1],
  ["a_spec.rb", "it 'a' do\nend\nitem = 1\n", 1],
  ["a.txt", "test", null],
])("counts the tests of %s", (path, text, count) => {
  expect(countTests(path, text)).toBe(count);
});

describe("a changed file is protected", () => {
  const of = (path: string, oldText: string, newText: string, over: Partial<ChangedContent> = {}) =>
    protectedChange({ path, before: path, deleted: false, oldText, newText, ...over });
  const two = "it('a', () => {});\nit('b', () => {});\n";

  it.each<[string, ReturnType<typeof of>, ReturnType<typeof protectedChange>]>([
    ["when a test is deleted", of("a.test.ts", two, "", { deleted: true }), { reason: "deletes a test" }],
    [
      "when a test is moved away",
      of("a.ts", two, two, { before: "a.test.ts" }),
      { reason: "moves a test away (from a.test.ts)" },
    ],
    [
      "when a test is skipped, with its line",
      of("a.test.ts", two, two.replace("it('b'", "it.skip('b'")),
      { reason: "skips a test", line: 2 },
    ],
    [
      "when several are skipped, with the first line",
      of("a.test.ts", two, two.replaceAll("it(", "xit(")),
      { reason: "skips 2 tests", line: 1 },
    ],
    [
      "when a new test begins as skipped",
      of("b.test.ts", "", "it.todo('x')\n"),
      { reason: "skips a test", line: 1 },
    ],
    [
      "when a test beside Rust code is ignored",
      of("src/lib.rs", "#[test]\nfn a() {}\n", "#[test]\n#[ignore]\nfn a() {}\n"),
      { reason: "skips a test", line: 2 },
    ],
    [
      "when tests are removed or commented out",
      of("a.test.ts", two, two.replace("it('b'", "// it('b'")),
      { reason: "removes tests (2 before, 1 now)" },
    ],
    [
      "when a test is emptied, whatever its language",
      of("tests/a.feature", "Scenario: x\n", "\n"),
      { reason: "empties a test" },
    ],
    [
      "when a script changes",
      of("web/package.json", '{"scripts":{"test":"vitest"}}', '{"scripts":{"test":"true"}}'),
      { reason: "changes the script test" },
    ],
    ["not when tests are added", of("a.test.ts", two, `${two}it('c', () => {});\n`), null],
    [
      "not when only dependencies change",
      of("package.json", '{"scripts":{"t":"1"}}', '{"scripts":{"t":"1"},"dependencies":{"x":"1"}}'),
      null,
    ],
    ["not when a lock file changes", of("package-lock.json", "{}", '{"a":1}'), null],
    ["not when other code speaks of skipping", of("src/list.ts", "", "list.skip(3); it.skip('x')\n"), null],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
