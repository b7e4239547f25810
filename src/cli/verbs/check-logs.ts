import { type CheckOutputs, readOutputs } from "../../adapters/checks/read-outputs.ts";
import { SignalboxError } from "../../core/errors.ts";
import { BASE_SUBJECT } from "../../core/workflow/effect-id.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { plainText } from "../output/plain.ts";
import type { Journals } from "../project.ts";
import { resolveSubject } from "../subject.ts";

/** `signalbox logs <slot|base> --checks`: everything that the last run of its checks printed, then that on its merge candidate. */
export async function checkLogs(
  context: Context,
  { commonDir }: Journals,
  state: WorkflowState,
  reference: string,
): Promise<number> {
  const subject = reference === BASE_SUBJECT ? BASE_SUBJECT : resolveSubject(state, reference);
  const read = (name: string): Promise<CheckOutputs | null> =>
    readOutputs(commonDir, { workflow: state.id, subject: name });
  const [own, merge] = await Promise.all([read(subject), read(`${subject}.merge`)]);
  if (own === null && merge === null) throw noOutput(state, subject);
  if (context.json) context.output.json({ workflow: state.id, subject, last: own, merge });
  else
    for (const line of [...linesOf(own, subject, context), ...linesOf(merge, `${subject} merged`, context)])
      context.output.answer(line);
  return EXIT.done;
}

function linesOf(outputs: CheckOutputs | null, title: string, { output }: Context): readonly string[] {
  if (outputs === null) return [];
  const { style } = output;
  return outputs.checks.flatMap((check) => [
    style.bold(`${title} at ${outputs.commit.slice(0, 8)}: ${check.run}`) + style.dim(`  ${endText(check)}`),
    ...(check.output.trim() === "" ? [style.dim("(printed nothing)")] : [plainText(check.output).trimEnd()]),
    "",
  ]);
}

function endText({ passed, timedOut, exitCode }: CheckOutputs["checks"][number]): string {
  if (passed) return "passed";
  if (timedOut) return "ran into its time limit";
  return exitCode === null ? "was ended" : `exit code ${exitCode}`;
}

function noOutput(state: WorkflowState, subject: string): SignalboxError {
  const named = subject === BASE_SUBJECT ? state.plan.settings.checks : checksOfSlot(state, subject);
  if (named.length === 0)
    return new SignalboxError("user", "no-checks", `No check is configured for ${subject}`, [
      "Checks are commands in signalbox.yaml, such as checks: [npm test]; see what is in force: signalbox config",
    ]);
  return new SignalboxError("user", "no-check-output", `No check has run on ${subject} here yet`, [
    `See where it stands: signalbox show ${subject === BASE_SUBJECT ? "" : `${subject} `}-w ${state.id}`,
  ]);
}

function checksOfSlot(state: WorkflowState, subject: string): readonly unknown[] {
  return state.plan.deliverables.find((one) => one.id === subject)?.gate.checks ?? [];
}
