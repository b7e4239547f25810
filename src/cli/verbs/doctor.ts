import type { Context } from "../context.ts";
import { diagnose } from "../doctor/diagnose.ts";
import { EVIDENCE_SHOWN, type Finding } from "../doctor/finding.ts";
import { type Repaired, repairAll } from "../doctor/repair.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { EXIT } from "../output/exit-code.ts";
import { plainLine } from "../output/plain.ts";
import { countText } from "../output/units.ts";
import { openProject } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox doctor`: every check with its result and a fix; exit 1 when something keeps workflows from running. `--fix`
 * carries out what is safe: leftovers that our own records name, proven dead or no longer needed, with their content preserved.
 */
export async function doctor(context: Context, input: VerbInput): Promise<number> {
  const found = await diagnose(context);
  if (!input.flag("fix")) return report(context, found, null);
  const anything = found.some(({ repair }) => repair !== undefined);
  if (anything) refuseInsideSession(context, await openProject(context.io));
  const repaired = await repairAll(context, found, input.flag("yes"));
  return report(context, anything ? await diagnose(context) : found, repaired);
}

/** `repaired` is null where nothing was asked for. */
function report(context: Context, findings: readonly Finding[], repaired: Repaired | null): number {
  const { output, json } = context;
  const bad = findings.filter(({ level }) => level === "bad").length;
  const exit = bad > 0 || (repaired?.failed.length ?? 0) > 0 ? EXIT.failed : EXIT.done;
  if (json) {
    output.json({
      ok: bad === 0,
      findings: findings.map(document),
      ...(repaired === null ? {} : done(repaired)),
    });
    return exit;
  }
  for (const finding of findings) tell(context, finding);
  const warnings = findings.filter(({ level }) => level === "warn").length;
  output.answer(
    bad === 0
      ? `ready${warnings === 0 ? "" : `, ${countText(warnings, "warning")}`}`
      : countText(bad, "problem"),
  );
  if (repaired !== null) tellRepaired(context, repaired);
  return exit;
}

function tell({ output }: Context, { level, subject, text, why, evidence = [], fix }: Finding): void {
  const { style } = output;
  const mark =
    level === "ok"
      ? style.green(style.symbol.done)
      : level === "warn"
        ? style.yellow(style.symbol.warn)
        : style.red(style.symbol.fail);
  output.answer(`${mark} ${style.bold(subject.padEnd(13))} ${text}`);
  if (level === "ok") return;
  if (why !== undefined) output.answer(`  ${style.dim(why)}`);
  for (const line of evidence.slice(0, EVIDENCE_SHOWN))
    output.answer(`  ${style.dim(`· ${plainLine(line)}`)}`);
  const more = evidence.length - EVIDENCE_SHOWN;
  if (more > 0) output.answer(`  ${style.dim(`· and ${more} more: signalbox doctor --json`)}`);
  if (fix !== undefined) output.answer(`  ${style.dim(style.symbol.hint)} ${fix}`);
}

function tellRepaired({ output }: Context, { done, preserved, failed }: Repaired): void {
  if (done.length === 0 && failed.length === 0) output.success("nothing to mend");
  for (const what of done) output.success(`done: ${what}`);
  for (const ref of preserved)
    output.hint(`kept: signalbox restore ${ref.replace(/^refs\/signalbox\/preserved\//, "")}`);
  for (const { what, error } of failed) {
    output.warn(`could not ${what}: ${error.message}`);
    for (const hint of error.hints) output.hint(hint);
  }
}

function document({ repair, ...finding }: Finding): Readonly<Record<string, unknown>> {
  return { ...finding, repair: repair?.kind ?? null };
}

function done({ done, preserved, failed }: Repaired): Readonly<Record<string, unknown>> {
  return {
    repaired: done,
    preserved,
    failed: failed.map(({ what, error: { code, message, hints } }) => ({ what, code, message, hints })),
  };
}
