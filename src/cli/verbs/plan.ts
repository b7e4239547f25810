import { PROJECT_FILE } from "../../config/settings/load-settings.ts";
import { renderDiagnostics } from "../../config/source/render-diagnostics.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { planJson } from "../../core/plan/view/json.ts";
import { planMermaid } from "../../core/plan/view/mermaid.ts";
import { planSections } from "../../core/plan/view/text.ts";
import type { PromptRequest } from "../../core/prompts/request.ts";
import { previewRequests } from "../../core/prompts/requests.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { proposedChecks } from "../planning/checks-in-force.ts";
import { checksHint } from "../planning/choose-checks.ts";
import { isUnverified } from "../planning/header.ts";
import { particularsFor, tellParticulars } from "../planning/particulars.ts";
import { payerOf } from "../planning/payer.ts";
import { planDefinition, planRequest } from "../planning/plan-definition.ts";
import { knownRedAtBase } from "../planning/red-base.ts";
import { fits, fullText, type SpaceNeed, spaceOf, spaceText } from "../planning/space.ts";
import { openProject } from "../project.ts";
import { readRemembered } from "../remembered.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox plan <definition> [--json|--mermaid|--prompts]`. Starts nothing and writes nothing. */
export async function plan(context: Context, input: VerbInput): Promise<number> {
  const { io, output } = context;
  if (["json", "mermaid", "prompts"].filter((name) => input.flag(name)).length > 1) {
    throw new SignalboxError("user", "contradiction", "--json, --mermaid and --prompts exclude each other", [
      `For example: signalbox plan ${input.argument(0) ?? ""} --mermaid`,
    ]);
  }
  const project = await openProject(io);
  const { checks: answered = [] } = await readRemembered(project.repository.commonDir);
  const planned = await planDefinition(project, io, { ...planRequest(input), fallbackChecks: answered });
  const space = await spaceOf(project, io, planned.plan);
  const particulars = await particularsFor(io, planned.plan);
  if (context.json)
    output.json({ ...planJson(planned.plan), pays: payerOf(planned.plan, io.env).text, space, particulars });
  else if (input.flag("mermaid")) output.answer(planMermaid(planned.plan));
  else if (input.flag("prompts")) tellPrompts(context, planned.plan);
  else tellPlan(context, planned.plan, space);
  tellParticulars(output, particulars);
  const full = fullText(space);
  if (full !== null) output.warn(full);
  if (!fits(space))
    output.warn("there is not enough room for it; see what could go: signalbox clean --dry-run");
  for (const warning of planned.warnings) output.warn(renderDiagnostics([warning], planned.text));
  for (const red of await knownRedAtBase(project.commonDir, planned.plan)) output.warn(red);
  if (planned.checksOpen && isUnverified(planned.plan))
    output.warn(
      `no check is configured; ${checksHint(await proposedChecks(project, planned.plan.base.commit))}`,
    );
  if (planned.dirty.includes(PROJECT_FILE))
    output.warn(`${PROJECT_FILE} has changes that are not committed; they do not count until they are`);
  return EXIT.done;
}

function tellPlan({ output, io }: Context, planned: Plan, space: SpaceNeed): void {
  const { style } = output;
  const sections = planSections(planned).map(({ title, lines }) =>
    (title === "" ? [...lines] : [style.bold(title), ...lines.map((line) => `  ${line}`)]).join("\n"),
  );
  output.answer(sections.join("\n\n"));
  output.answer(`\n${style.bold("Pays")}\n  ${payerOf(planned, io.env).text}`);
  output.answer(`\n${style.bold("Space")}\n  ${spaceText(space)}`);
}

function tellPrompts({ output }: Context, planned: Plan): void {
  const { style } = output;
  for (const { deliverable, request } of previewRequests(planned)) {
    output.answer(style.bold(`=== ${deliverable}`));
    output.answer(
      [
        `tools:  ${request.tools.join(", ") || "none"}`,
        `writes: ${request.writes.join(", ") || "nothing"}`,
        "",
        ...block("charter", request),
        ...block("prompt", request),
      ].join("\n"),
    );
  }
}

function block(name: "charter" | "prompt", request: PromptRequest): readonly string[] {
  return [`--- ${name}`, request[name].trimEnd(), ""];
}
