import type { Context } from "../context.ts";
import { diagnose, type Finding } from "../doctor/diagnose.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText } from "../output/units.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox doctor`: every check with its result and a fix; exit 1 when something keeps workflows from running. */
export async function doctor(context: Context, _input: VerbInput): Promise<number> {
  const { output, json } = context;
  const findings = await diagnose(context);
  const bad = findings.filter((finding) => finding.level === "bad").length;
  if (json) output.json({ ok: bad === 0, findings });
  else {
    for (const finding of findings) tell(context, finding);
    const warnings = findings.filter((finding) => finding.level === "warn").length;
    output.answer(
      bad === 0
        ? `ready${warnings === 0 ? "" : `, ${countText(warnings, "warning")}`}`
        : countText(bad, "problem"),
    );
  }
  return bad === 0 ? EXIT.done : EXIT.failed;
}

function tell({ output }: Context, { level, subject, text, fix }: Finding): void {
  const { style } = output;
  const mark =
    level === "ok"
      ? style.green(style.symbol.done)
      : level === "warn"
        ? style.yellow(style.symbol.warn)
        : style.red(style.symbol.fail);
  output.answer(`${mark} ${style.bold(subject.padEnd(13))} ${text}`);
  if (fix !== undefined && level !== "ok") output.answer(`  ${style.dim(style.symbol.hint)} ${fix}`);
}
