// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import { describe, expect, it } from "vitest";
import type { Definition, PhaseDefinition, SlotDefinition } from "../core/definition.ts";
import { SIX_DIMENSIONS } from "../core/quality/rubric.ts";
import { type DefinitionOptions, parseDefinition } from "./parse-definition.ts";
import { loadSettings } from "./settings/load-settings.ts";
import { renderDiagnostics } from "./source/render-diagnostics.ts";

function parse(text: string, options: Partial<DefinitionOptions> = {}): Definition {
  const result = parseDefinition(text, { file: "f.yaml", ...options });
  if (!result.ok) throw new Error(renderDiagnostics(result.errors, text));
  return result.definition;
}

function phaseOf(definition: Definition, index = 0): PhaseDefinition {
  const stage = definition.stages[index];
  if (stage?.kind !== "phase") throw new Error(`stage ${index} is no phase`);
  return stage;
}

function slotOf(definition: Definition, index = 0): SlotDefinition {
  const slot = phaseOf(definition).slots[index];
  if (slot === undefined) throw new Error(`there is no slot ${index}`);
  return slot;
}

const STAGES = "stages:\n  - phase: Fix\n    slots:\n      - brief: Do it\n";
const SMALLEST = `workflow: Three fixes\n${STAGES}`;
const withSlot = (lines: string) =>
  `workflow: W\nstages:\n  - phase: P\n    slots:\n      - brief: b\n${lines.replaceAll(/^/gm, "        ")}\n`;

describe("the smallest definition", () => {
  it("gets every default of the format", () => {
    expect(parse(SMALLEST)).toEqual({
      name: "Three fixes",
      slug: "three-fixes",
      criticality: "C1",
      loop: { profile: "standard", min: 1, max: 3, findings: 0 },
      rubric: SIX_DIMENSIONS,
      reviewPlan: false,
      reviewPhases: false,
      firstPhase: 1,
      pipelines: [],
      stages: [
        {
          kind: "phase",
          name: "Fix",
          slots: [
            {
              role: ["coder"],
              brief: ["Do it"],
              reads: [],
              critics: [],
              after: [],
              touches: [],
              allow: [],
              position: { line: 5, column: 9 },
            },
          ],
          exit: [],
          conditions: [],
          deliverables: [],
          sequential: false,
          position: { line: 3, column: 5 },
        },
      ],
      merge: { warn: "person", batch: 1, returns: "checks" },
      finish: {
        merge: "none",
        per: "workflow",
        documents: "keep",
        approve: false,
        synthesis: false,
        next: [],
      },
      risks: [],
      levels: [],
      facts: [],
      roles: {},
      escalate: { rules: expect.any(Array), auto: false },
      inputs: {},
      maxBarrierRetries: 2,
      checkpointFrequency: "PHASE",
    });
  });
});

describe("spellings that mean the same", () => {
  it.each([
    ["routine", "C1"],
    ["standard", "C2"],
    ["significant", "C3"],
    ["C3", "C3"],
  ])("criticality %s is %s", (written, expected) => {
    expect(parse(`criticality: ${written}\n${SMALLEST}`).criticality).toBe(expected);
  });

  it.each([
    ["h14", { profile: "h14", min: 3, max: 3, findings: 0 }],
    ["disc-002", { profile: "disc-002", min: 1, max: 3, findings: 3, critic: "ps-critic" }],
    ["none", { profile: "none", min: 1, max: 1, findings: 0 }],
    ["{ max: 4 }", { profile: "custom", min: 1, max: 4, findings: 0 }],
    [
      "{ min: 2, max: 2, findings: 3, critic: ps-critic, scorer: adv-scorer, threshold: 0.95 }",
      {
        profile: "custom",
        min: 2,
        max: 2,
        findings: 3,
        critic: "ps-critic",
        scorer: "adv-scorer",
        threshold: 0.95,
      },
    ],
  ])("loop %s", (written, expected) => {
    expect(parse(`loop: ${written}\n${SMALLEST}`).loop).toEqual(expected);
  });

  it("one value and a list of one", () => {
    const alone = slotOf(
      parse(withSlot("role: coder\nreads: a.md\ncritics: red-team\ntouches: src\nallow: self-validation")),
    );
    const list = slotOf(
      parse(
        withSlot(
          "role: [coder]\nreads: [a.md]\ncritics: [red-team]\ntouches: [src]\nallow: [self-validation]",
        ),
      ),
    );
    expect(alone).toEqual(list);
    expect(alone).toMatchObject({ reads: ["a.md"], critics: ["red-team"], allow: ["self-validation"] });
  });

  it.each(["a -> b: x", "a->b: x", "'a ->b': x", "send: [{ from: a, to: b, text: x }]"])(
    "direction %s",
    (written) => {
      expect(barrierOf(written)).toEqual([{ from: "a", to: "b", text: "x" }]);
    },
  );

  it("a <-> b is both directions with the same text", () => {
    const both = [
      { from: "a", to: "b", text: "x" },
      { from: "b", to: "a", text: "x" },
    ];
    expect(barrierOf("a <-> b: x")).toEqual(both);
    expect(barrierOf("a<->b: x")).toEqual(both);
  });

  it("a barrier without directions has none yet", () => {
    expect(barrierOf("criticality: C2")).toEqual([]);
  });

  function barrierOf(line: string) {
    const phase = "  - phase: P\n    slots: [{ in: a, brief: x }, { in: b, brief: x }]\n";
    const definition = parse(
      `workflow: W\npipelines: { a: , b: }\nstages:\n${phase}  - barrier: B\n    ${line}\n${phase}`,
    );
    const [, stage] = definition.stages;
    return stage?.kind === "barrier" ? stage.directions : undefined;
  }
});

describe("keys of slots and phases", () => {
  it("carry everything that the author says", () => {
    const slot = slotOf(
      parse(
        withSlot(
          [
            "id: login",
            "role: [ps-analyst, ps-critic]",
            "makes: ./research//tools.md",
            "task: TASK-001",
            "title: Tools",
            "validator: ps-validator",
            "cross_check: nse-requirements",
            "criticality: C2",
            "loop: h14",
            "writes: docs/**",
            "limits: { timeout: 1h30m, usd: none, sessions: 4 }",
          ].join("\n"),
        ),
      ),
    );
    expect(slot).toMatchObject({
      id: "login",
      role: ["ps-analyst", "ps-critic"],
      makes: "research/tools.md",
      task: "TASK-001",
      title: "Tools",
      validator: "ps-validator",
      crossCheck: "nse-requirements",
      criticality: "C2",
      loop: { profile: "h14" },
      writes: ["docs/**"],
      limits: { timeoutMs: 5_400_000, usd: null, sessions: 4 },
    });
  });

  it("keep a brief as scope bullets", () => {
    const text = withSlot("").replace("brief: b", "brief:\n          - first\n          - second");
    expect(slotOf(parse(text)).brief).toEqual(["first", "second"]);
  });

  it("read a brief from its file, without its expressions", () => {
    const text = withSlot("").replace("brief: b", "brief_file: briefs/x.md");
    const readFile = (path: string) => (path === "briefs/x.md" ? "Say ${{ inputs.x }}\n" : null);
    expect(slotOf(parse(text, { readFile })).brief).toEqual(["Say ${{ inputs.x }}"]);
  });

  it("read phases with gate, exit, deliverables, checkpoint and mode", () => {
    const text = `${SMALLEST}    gate: reviewed\n    exit: [one, two]\n    deliverables: [a]\n    checkpoint: Look at it\n    mode: sequential\n`;
    expect(phaseOf(parse(text))).toMatchObject({
      conditions: ["reviewed"],
      exit: ["one", "two"],
      deliverables: ["a"],
      checkpoint: "Look at it",
      sequential: true,
    });
  });

  it("default to a commit by the coder only where no other artifact is made", () => {
    expect(slotOf(parse(withSlot(""))).role).toEqual(["coder"]);
    expect(slotOf(parse(withSlot("makes: commit"))).role).toEqual(["coder"]);
  });
});

describe("keys at the top", () => {
  it("carry everything that the author says", () => {
    const definition = parse(
      [
        "workflow: EN-108 Bump",
        "slug: bump",
        "id: bump-20260101-001",
        "project: PROJ-001-oss-release",
        "parent: EN-108",
        "goal: |\n  One source of truth.\n",
        "review: [plan, phase]",
        "first_phase: 0",
        "prior_art: EN-107",
        "base: main",
        "target: release/1.x",
        "rubric: [{ name: Correctness, weight: 0.7 }, { name: Evidence Quality, weight: 0.3 }]",
        "risks: [{ risk: r, likelihood: M, impact: H, mitigation: m }]",
        "levels: [{ level: L0, audience: all, content: c }]",
        "facts: [{ title: Versions, rows: [[pyproject.toml, version, 1.2], [a, b, true]] }]",
        "finish: { approve: user, synthesis: true, merge: none, per: slot, documents: keep, next: [go on] }",
        "escalate: auto",
        "checks: [npm test, { name: lint, run: npm run lint, timeout: 30s }]",
        'env: { pass: HOME, set: { PORT: "4000", LEVEL: 3 } }',
        STAGES,
      ].join("\n"),
    );
    expect(definition).toMatchObject({
      slug: "bump",
      id: "bump-20260101-001",
      project: "PROJ-001-oss-release",
      parent: "EN-108",
      goal: "One source of truth.",
      reviewPlan: true,
      reviewPhases: true,
      firstPhase: 0,
      priorArt: "EN-107",
      base: "main",
      target: "release/1.x",
      rubric: [
        { key: "correctness", name: "Correctness", weight: 0.7 },
        { key: "evidence_quality", name: "Evidence Quality", weight: 0.3 },
      ],
      risks: [{ risk: "r", likelihood: "M", impact: "H", mitigation: "m" }],
      levels: [{ level: "L0", audience: "all", content: "c" }],
      facts: [
        {
          title: "Versions",
          rows: [
            ["pyproject.toml", "version", "1.2"],
            ["a", "b", "true"],
          ],
        },
      ],
      finish: {
        approve: true,
        synthesis: true,
        merge: "none",
        per: "slot",
        documents: "keep",
        next: ["go on"],
      },
      escalate: { auto: true },
      checks: [
        { name: "npm test", run: "npm test", timeoutMs: 600_000 },
        { name: "lint", run: "npm run lint", timeoutMs: 30_000 },
      ],
      env: { pass: ["HOME"], set: { PORT: "4000", LEVEL: "3" } },
    });
  });

  it("let the configuration speak where the definition is silent", () => {
    const loaded = loadSettings({
      projectText:
        "base: develop\nproject: PROJ-009\nfinish: { merge: none }\nroles: { tester: { model: small, makes: report } }\nescalate: { auto: true }\n",
    });
    if (!loaded.ok) throw new Error("settings");
    const text = `roles: { tester: { model: large } }\n${withSlot("role: tester")}`;
    expect(parse(text, { settings: loaded.settings })).toMatchObject({
      base: "develop",
      project: "PROJ-009",
      finish: { merge: "none", per: "workflow" },
      roles: { tester: { model: "large", makes: "report" } },
      escalate: { auto: true },
    });
  });

  it("yield to branches that a flag or the environment names", () => {
    const loaded = loadSettings({
      projectText: "base: develop\ntarget: develop\n",
      env: { SIGNALBOX_BASE: "hotfix" },
    });
    if (!loaded.ok) throw new Error("settings");
    const definition = parse(`base: main\n${SMALLEST}`, { settings: loaded.settings });
    expect(definition).toMatchObject({ base: "hotfix", target: "develop" });
  });

  it("read the charter of a role", () => {
    const text = `roles: { tester: { charter: roles/tester.md } }\n${withSlot("role: tester\nmakes: report")}`;
    const definition = parse(text, { readFile: () => "Be strict." });
    expect(definition.roles.tester?.charter).toBe("Be strict.");
  });

  it("make a slug from names with accents", () => {
    expect(parse(SMALLEST.replace("Three fixes", "Über den Rücken")).slug).toBe("uber-den-rucken");
  });
});

describe("inputs", () => {
  const text = [
    "workflow: W",
    "inputs:",
    "  version: { type: string, description: what to release }",
    "  parallel: { type: number, default: 2 }",
    "  dry: false",
    'limits: { parallel: "${{ inputs.parallel }}" }',
    "goal: Release ${{ inputs.version }} (dry is ${{inputs.dry}})",
    STAGES,
  ].join("\n");

  it("fill texts, and keep their type where they are the whole value", () => {
    const definition = parse(text, { inputs: { version: "1.2.0" } });
    expect(definition.goal).toBe("Release 1.2.0 (dry is false)");
    expect(definition.limits).toEqual({ parallel: 2 });
    expect(definition.inputs).toEqual({ version: "1.2.0", parallel: 2, dry: false });
  });

  it("are read by their declared type", () => {
    const { inputs } = parse(text, { inputs: { version: "1", parallel: "4", dry: "true" } });
    expect(inputs).toEqual({ version: "1", parallel: 4, dry: true });
  });

  it("bring no second expression in", () => {
    const { goal } = parse(text, { inputs: { version: "${{ inputs.dry }}" } });
    expect(goal).toBe("Release ${{ inputs.dry }} (dry is false)");
  });
});
