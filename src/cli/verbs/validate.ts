import type { Diagnostic } from "../../config/source/diagnostic.ts";
import { renderDiagnostics } from "../../config/source/render-diagnostics.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText } from "../output/units.ts";
import {
  noticeText,
  parseAt,
  parseInputs,
  planDefinition,
  planRequest,
  readDefinition,
} from "../planning/plan-definition.ts";
import { settingsAt } from "../planning/settings.ts";
import { openProject } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox validate <definition>`: every error with file, line and column; exit 2 when there is one. */
export async function validate(context: Context, input: VerbInput): Promise<number> {
  const { io, output, json } = context;
  const project = await openProject(io);
  const request = { file: input.argument(0) ?? "", inputs: parseInputs(input.list("set")) };
  const text = await readDefinition(io, request.file);
  const commit = (await project.repository.head()).commit;
  if (commit === null)
    throw new SignalboxError("user", "unborn-branch", "The repository has no commit yet", [
      "Make the first one: git commit --allow-empty -m start",
    ]);
  const parsed = await parseAt(
    project,
    commit,
    text,
    request,
    await settingsAt(project.repository, commit, io, {}),
  );
  if (!parsed.ok) return tellErrors(context, parsed.errors, text, request.file);
  const { plan, warnings } = await planDefinition(project, io, planRequest(input));
  if (json) {
    output.json({ file: request.file, valid: true, errors: [], warnings, notices: plan.notices });
    return EXIT.done;
  }
  for (const warning of warnings) output.warn(renderDiagnostics([warning], text));
  for (const notice of plan.notices)
    (notice.level === "warning" ? output.warn : output.say)(noticeText(notice, request.file));
  output.success(
    `${request.file} is valid: ${countText(plan.stages.filter(({ kind }) => kind === "phase").length, "phase")}, ${countText(plan.deliverables.length, "deliverable")}`,
  );
  return EXIT.done;
}

function tellErrors(
  { output, json }: Context,
  errors: readonly Diagnostic[],
  text: string,
  file: string,
): number {
  if (json) {
    output.json({ file, valid: false, errors, warnings: [], notices: [] });
    return EXIT.usage;
  }
  output.say(renderDiagnostics(errors, text));
  output.say("");
  output.say(
    `${output.narration.red(output.narration.symbol.fail)} ${file} has ${errors.length === 1 ? "an error" : `${errors.length} errors`}`,
  );
  return EXIT.usage;
}
