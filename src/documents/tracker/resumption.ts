/** How the next session goes on. Source: documents A2 §9. */
import { isHigher } from "../../core/quality/criticality.ts";
import { strategyName } from "../../core/quality/strategies.ts";
import { validateState } from "../../core/view/diagnostics.ts";
import { units } from "../../core/view/unit.ts";
import { fileName } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { thresholdText } from "../text/format.ts";
import { blocks, fence } from "../text/markdown.ts";

export const RESUMPTION: SectionSpec = {
  title: "Resumption Context",
  purpose: "How to go on in another session or on another machine",
  body: (source, sub) => {
    const portable = validateState(source.state).every((one) => one.rule !== "V5");
    return blocks(
      [sub("For Next Session")],
      fence(checklist(source)),
      ...(portable ? [[sub("Cross-Session Portability")], portability(source)] : []),
    );
  },
};

function checklist({ state }: Source): readonly string[] {
  const { planFile, stateFile } = state.plan.layout;
  const raised = units(state).filter((one) =>
    isHigher(one.state.criticality, state.plan.workflow.criticality),
  );
  const steps = [
    `Read ${fileName(planFile)} for the strategy`,
    "Read this file for the state of execution",
    `Read ${fileName(stateFile)} for everything else`,
    'Look at "Next Actions" for what is open',
    'Look at "Blockers and Issues" and at open questions',
    'Go on in the order of the "Agent Execution Queue"',
    `Quality gate threshold: ${thresholdText(state.plan.threshold)} (S-014, ${strategyName("S-014")})`,
    ...raised.map(
      ({ plan, state: one }) =>
        `${plan.id} is ${one.criticality}${rules(one.escalations)}: it needs the full ${one.criticality} strategy set`,
    ),
  ];
  return [
    "RESUMPTION CHECKLIST",
    "====================",
    "",
    ...steps.map((step, index) => `${index + 1}. ${step}`),
  ];
}

function rules(escalations: readonly { readonly rule: string }[]): string {
  return escalations.length === 0 ? "" : ` (${[...new Set(escalations.map((one) => one.rule))].join(", ")})`;
}

function portability({ state }: Source): readonly string[] {
  return [
    "All paths in this document are relative to the repository, and nothing in it refers to a process or a machine.",
    `Any clone that has the branch \`${state.plan.layout.branchPrefix}/main\` can go on with \`signalbox resume ${state.id}\`.`,
  ];
}
