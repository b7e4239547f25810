import { describe, expect, it } from "vitest";
import { DEFAULT_ESCALATION_RULES } from "../../core/quality/criticality.ts";
import { type LoadedSettings, loadSettings } from "./load-settings.ts";

const RULE = { id: "AE-100", when: { paths: ["src/core/**"] }, to: "C2" };
const RULES = "[{ id: AE-100, when: { paths: src/core/** }, to: C2 }]";

function load(userText: string, projectText: string): Extract<LoadedSettings, { ok: true }> {
  const loaded = loadSettings({ userText, projectText });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded;
}

describe("escalation in two files", () => {
  it("keeps the user's rules where the project only says whether to ask", () => {
    for (const rules of [`escalate: ${RULES}`, `escalate: { rules: ${RULES} }`])
      for (const auto of ["escalate: auto", "escalate: { auto: true }"])
        expect(load(rules, auto).settings.escalation).toEqual({ rules: [RULE], auto: true });
  });

  it("keeps the user's wish where the project only gives rules", () => {
    expect(load("escalate: auto", `escalate: ${RULES}`).settings.escalation).toEqual({
      rules: [RULE],
      auto: true,
    });
  });

  it("lets the project take the wish back, and the rules stay", () => {
    expect(load(`escalate: { auto: true, rules: ${RULES} }`, "escalate: ask").settings.escalation).toEqual({
      rules: [RULE],
      auto: false,
    });
  });

  it("has the built-in rules where neither gives any", () => {
    expect(load("escalate: auto", "").settings.escalation).toEqual({
      rules: DEFAULT_ESCALATION_RULES,
      auto: true,
    });
  });

  it("says where each part comes from", () => {
    const { origins } = load(`limits: { parallel: 2 }\nescalate: ${RULES}`, "escalate: auto");
    const originOf = (key: string) => origins.find((one) => one.key === key)?.origin;
    expect(originOf("escalate.rules")).toEqual({ layer: "user", name: "config.yaml", line: 2 });
    expect(originOf("escalate.auto")).toEqual({ layer: "project", name: "signalbox.yaml", line: 1 });
  });
});
