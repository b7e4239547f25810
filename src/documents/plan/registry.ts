/** All slots with inputs and outputs, and why these roles. Source: documents A1 §5, B1 §6. */
import { phases } from "../../core/view/stages.ts";
import { roleName, shownStatus, type Unit, units, unitsOfStage } from "../../core/view/unit.ts";
import { artifactCell, pipelineAlias } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { blocks, cell, codeCell, inline, table } from "../text/markdown.ts";

export const REGISTRY: SectionSpec = {
  title: "Agent Registry",
  purpose: "All slots with inputs and outputs",
  body: (source, sub) => {
    const { state } = source;
    const last = unitsOfStage(state, state.plan.stages.length);
    return blocks(
      ...phases(state).map((phase) => {
        const own = unitsOfStage(state, phase.index);
        const word = own.length === 1 ? "Agent" : "Agents";
        return blocks([sub(`Phase ${phase.number} ${word} (${inline(phase.name)})`)], slotRows(source, own));
      }),
      ...(last.length === 0 ? [] : [blocks([sub("Synthesis")], slotRows(source, last))]),
    );
  },
};

export const SELECTION: SectionSpec = {
  ...REGISTRY,
  title: "Agent Selection",
  purpose: "All slots with inputs and outputs; who does and who reviews what",
  body: (source, sub) => blocks(REGISTRY.body(source, sub), [sub("Roles")], roles(source)),
};

function slotRows(source: Source, own: readonly Unit[]): readonly string[] {
  const { state, missing } = source;
  const skills = new Map(state.plan.pipelines.map((pipeline) => [pipeline.key, pipeline.skill]));
  const rows = own.map((one) => [
    one.plan.id,
    cell(pipelineAlias(state, one.plan, missing)),
    cell(roleName(one.plan)),
    cell(skills.get(one.plan.pipeline ?? "") ?? missing),
    one.plan.inputs.map(codeCell).join(", ") || missing,
    one.plan.makes.kind === "commit" && one.state.commit === undefined
      ? "commit"
      : artifactCell(one, missing),
    shownStatus(state, one.plan.id),
  ]);
  return table(
    ["Agent ID", "Pipeline", "Role", "Skill Source", "Input Artifacts", "Output Artifacts", "Status"],
    rows,
  );
}

/** Who creates, criticises and scores what: nobody scores an artifact of its own (domain §9.6). */
function roles({ state }: Source): readonly string[] {
  const uses = units(state).flatMap(({ plan }) => [
    ...[plan.role, plan.partner].flatMap((role) =>
      role === undefined ? [] : [{ role, use: `creates ${plan.task ?? plan.id}` }],
    ),
    ...(plan.gate.judged && plan.gate.critic !== null
      ? [{ role: plan.gate.critic, use: `criticises ${plan.task ?? plan.id}` }]
      : []),
    ...(plan.gate.judged ? plan.gate.reviewers : []).map(({ role, kind }) => ({
      role,
      use: `${kind === "validator" ? "scores" : "cross-checks"} ${plan.task ?? plan.id}`,
    })),
  ]);
  const names = [...new Set(uses.map((one) => one.role))];
  const rows = names.map((name) => [
    cell(name),
    cell(
      uses
        .filter((one) => one.role === name)
        .map((one) => one.use)
        .join(", "),
    ),
  ]);
  return table(["Agent", "Used In"], rows);
}
