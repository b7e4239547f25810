import { expect, test } from "vitest";
import { ruleReach } from "./rule-reach.ts";

test.each([
  ["CHANGELOG.md", "all"],
  ["**/CHANGELOG", "all"],
  ["docs/*.txt", "all"],
  ["docs/**/*.md", "some"],
  ["**", "some"],
  ["docs/**", "some"],
  ["{CHANGELOG.md,src/*.ts}", "some"],
  ["CLAUDE.md", "none"],
  ["**/AGENTS.md", "none"],
  [".context/rules/**", "none"],
  [".github/**", "none"],
  ["test/**", "none"],
  ["src/**/*.ts", "none"],
  ["package.json", "none"],
  ["**/*.{ts,tsx}", "none"],
])("the rule for %s has a say over %s of it", (glob, reach) => {
  expect(ruleReach(glob).reach).toBe(reach);
  expect(ruleReach(glob).because === null).toBe(reach === "all");
});
