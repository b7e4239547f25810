/** What the configuration accepts, the planner can plan: examples and templates, with resolved settings. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { derivePlan } from "../core/plan/derive-plan.ts";
import { parseDefinition } from "./parse-definition.ts";
import { scaffold, TEMPLATE_NAMES } from "./scaffold.ts";
import { builtInSettings } from "./settings/built-in.ts";
import { resolveRun } from "./settings/resolve-run.ts";

const settings = builtInSettings();

function plan(text: string) {
  const parsed = parseDefinition(text, { file: "f.yaml", settings });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return derivePlan(parsed.definition, {
    id: "demo-20260101-001",
    idSource: "auto",
    createdAt: "2026-01-01T00:00:00Z",
    project: "demo",
    base: { branch: "main", commit: "0".repeat(40), target: "main" },
    layout: settings.layout,
    roles: settings.roles,
    escalationRules: settings.escalation.rules,
    resolveRun: (...layers) => resolveRun(settings, ...layers),
  });
}

const texts = [
  ...["multi-instance", "en108-vbump", "three-fixes"].map((name) => [
    name,
    readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8"),
  ]),
  ...TEMPLATE_NAMES.map(({ name }) => [name, scaffold(name, { name: "Demo" })[0]?.content ?? ""]),
] as [string, string][];

describe("the planner", () => {
  it.each(texts)("finds no error in %s", (_, text) => {
    const { plan: planned, notices } = plan(text);
    expect(notices.filter(({ level }) => level === "error")).toEqual([]);
    expect(planned?.totals.agents).toBeGreaterThan(0);
  });
});
