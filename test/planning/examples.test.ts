/** The definitions that ship as examples, from their text to their plan. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../src/config/parse-definition.ts";
import { builtInSettings } from "../../src/config/settings/built-in.ts";
import { resolveRun } from "../../src/config/settings/resolve-run.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import { planText } from "../../src/core/plan/view/text.ts";
import { aPlanContext, EN108_CONTEXT, MULTI_INSTANCE_CONTEXT } from "../builders/definitions.ts";

const FOLDER = join(import.meta.dirname, "../../examples");
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

/** The plan of an example with the built-in settings. */
function planExample(file: string, context = aPlanContext()) {
  const parsed = parseDefinition(readFileSync(join(FOLDER, file), "utf8"), { file });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join("\n"));
  const settings = builtInSettings();
  const { plan, notices } = derivePlan(parsed.definition, {
    ...context,
    roles: settings.roles,
    escalationRules: settings.escalation.rules,
    resolveRun: (...layers) => resolveRun(settings, ...layers),
  });
  if (plan === null) throw new Error(notices.map(({ message }) => message).join("\n"));
  return plan;
}

describe("examples", () => {
  it.each(FILES)("%s can be planned and shown", (file) => {
    const plan = planExample(file);
    expect(planText(plan).length).toBeGreaterThan(10);
    for (const { makes, settings } of plan.deliverables) {
      expect(settings.writes.includes("**")).toBe(makes.kind === "commit");
    }
  });

  it("multi-instance derives the slots, handoffs, checkpoints and totals of its hand-made state", () => {
    const plan = planExample("multi-instance.yaml", MULTI_INSTANCE_CONTEXT);
    expect(plan.deliverables.map(({ id }) => id)).toEqual([
      "agent-a-001",
      "agent-b-001",
      "barrier-1.a-to-b",
      "barrier-1.b-to-a",
      "agent-a-002",
      "agent-b-002",
      "barrier-2.a-to-b",
      "barrier-2.b-to-a",
      "agent-c-001",
    ]);
    const decision = plan.deliverables.at(-1)!;
    const base = "orchestration/multi-instance-20260220-001/";
    expect(decision.inputs).toEqual([
      `${base}spike-001/phase-2-analysis/agent-a-002/agent-a-002-analysis.md`,
      `${base}spike-002/phase-2-analysis/agent-b-002/agent-b-002-analysis.md`,
      `${base}cross-pollination/barrier-2/spike-001-to-spike-002/handoff.md`,
      `${base}cross-pollination/barrier-2/spike-002-to-spike-001/handoff.md`,
    ]);
    expect(decision.criticality).toMatchObject({
      declared: "C2",
      effective: "C3",
      escalations: [{ rule: "AE-003" }],
    });
    expect(plan.checkpoints.map(({ recoveryPoint }) => recoveryPoint)).toEqual([
      "barrier-1-start",
      "phase-2-start",
      "barrier-2-start",
      "phase-3-start",
      "workflow-complete",
    ]);
    expect(plan.totals).toEqual({ phases: 5, barriers: 2, agents: 5, artifacts: 9, checkpoints: 5 });
    expect(plan.groups.map(({ name }) => name)).toEqual([
      "Phase 1 Research Agents",
      "Barrier 1 Cross-Pollination",
      "Phase 2 Analysis Agents",
      "Barrier 2 Cross-Pollination",
      "Phase 3 Convergent Decision",
    ]);
  });

  it("en108-vbump derives its tasks, gates and twelve rows, and reports H-16 and the accepted self-validation", () => {
    const plan = planExample("en108-vbump.yaml", EN108_CONTEXT);
    expect(plan.deliverables.map(({ id, role }) => `${id} ${role}`)).toEqual([
      "task-001 ps-researcher",
      "task-002 ps-analyst",
      "task-003 ps-architect",
      "task-004 main-context",
      "task-005 ps-validator",
    ]);
    expect(plan.groups.map(({ id }) => id)).toEqual([
      "phase-0-parallel",
      "qg-0-review",
      "checkpoint-001",
      "phase-1-sequential",
      "qg-1-review",
      "checkpoint-002",
      "phase-2-sequential",
      "qg-2-review",
      "checkpoint-003",
      "phase-3-sequential",
      "qg-3-review",
      "checkpoint-004",
    ]);
    const warnings = plan.notices
      .filter(({ level }) => level === "warning")
      .map(({ code, subject }) => `${code} ${subject}`);
    expect(warnings).toEqual(["H-16 task-003", "H-16 task-005", "self-validation task-005", "DISC-002 loop"]);
    const [first] = plan.notices.flatMap(({ position }) => position ?? []);
    expect(first?.line).toBeGreaterThan(10);
  });

  it("three-fixes is one group of three coders without a judge", () => {
    const plan = planExample("three-fixes.yaml");
    expect(plan.groups.map(({ agents }) => agents)).toEqual([["login", "export", "dates"]]);
    expect(plan.deliverables.map(({ role, gate }) => [role, gate.judged])).toEqual(
      Array(3).fill(["coder", false]),
    );
  });
});
