/** Hard and soft constraints that are in force. Source: documents A1 §8, domain §12. */
import type { Loop } from "../../core/definition.ts";
import { anyJudged } from "../../core/view/gates.ts";
import type { SectionSpec, Source } from "../section.ts";
import { duration, money, range, thresholdText } from "../text/format.ts";
import { blocks, cell, codeCell, table } from "../text/markdown.ts";

export const CONSTRAINTS: SectionSpec = {
  title: "Execution Constraints",
  purpose: "What always holds and what can be tuned",
  body: (source, sub) =>
    blocks([sub("Hard Constraints")], hard(source), [sub("Soft Constraints")], soft(source)),
};

function hard({ state }: Source): readonly string[] {
  const { threshold, loop, settings } = state.plan;
  const policies = [
    ...(settings.checks.length === 0
      ? []
      : [["Checks", "project", settings.checks.map((one) => codeCell(one.name)).join(", ")]]),
    ...(settings.protect.length === 0
      ? []
      : [
          [
            "Protected paths",
            "project",
            `A person approves changes of ${settings.protect.map(codeCell).join(", ")}`,
          ],
        ]),
    ...(settings.constitution.length === 0
      ? []
      : [["Constitution", "H-18", settings.constitution.map(codeCell).join(", ")]]),
  ];
  return table(
    ["Constraint", "ID", "Enforcement"],
    [
      ["Single nesting", "P-003", "Sessions are started without the tools to start others"],
      ["Files as state", "P-002", "Everything that counts is in the repository"],
      ["User authority", "P-020", "Only a person approves, waives and lands"],
      ["No deception", "P-022", "Every status is derived from recorded events"],
      ...(anyJudged(state) ? scoring(loop, threshold) : []),
      ["Escalation", "H-19", "Criticality rises by rule and never falls by itself"],
      ...policies,
    ],
  );
}

function scoring(loop: Loop, threshold: number): readonly (readonly string[])[] {
  return [
    ["Quality gate", "H-13", `${thresholdText(threshold)} for what is judged`],
    [
      "Rounds",
      "H-14",
      loop.min >= 3
        ? `At least ${loop.min} rounds`
        : `${range(loop.min, loop.max)} rounds: fewer than the three of H-14 are declared`,
    ],
    ["Self-review first", "H-15", "S-010 is recorded before a critic runs"],
    ["Steelman first", "H-16", "S-003 runs before S-002"],
    ["Score required", "H-17", "Nothing judged is complete without an S-014 score or a waiver"],
  ];
}

function soft({ state, missing }: Source): readonly string[] {
  const { constraints, settings } = state.plan;
  const { limits } = settings;
  return table(
    ["Constraint", "Value", "Rationale"],
    [
      [
        "Max concurrent agents",
        String(Math.min(constraints.maxConcurrentAgents, limits.parallel)),
        "Processes of any kind at one time",
      ],
      ["Max barrier retries", String(constraints.maxBarrierRetries), "Ends loops between pipelines"],
      ["Checkpoint frequency", constraints.checkpointFrequency, "How fine recovery is"],
      ["Session time", duration(limits.timeoutMs), "Wall time while the machine is awake"],
      ["Session turns", String(limits.turns), "Ends sessions that go round in circles"],
      ["Session retries", String(limits.retries), "After the first attempt"],
      [
        "Money",
        limits.usd === null ? missing : money(limits.usd, false),
        "At the limit the work is kept and a person is asked",
      ],
      ["Sessions", limits.sessions === null ? missing : String(limits.sessions), "How many may be started"],
      ["Adapter", cell(settings.use), "Who runs the sessions"],
    ],
  );
}
