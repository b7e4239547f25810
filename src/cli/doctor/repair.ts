/** Carries out what `doctor` found safe to do, kind by kind, each after a question. */
import { SignalboxError } from "../../core/errors.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { type Finding, REPAIRS, type Repair } from "./finding.ts";

export interface Repaired {
  readonly done: readonly string[];
  /** Refs that were written and read back. */
  readonly preserved: readonly string[];
  readonly failed: readonly { readonly what: string; readonly error: SignalboxError }[];
}

/** What a person says no to is left out. Throws `needs-yes` where nobody can be asked. */
export async function repairAll(
  context: Context,
  findings: readonly Finding[],
  yes: boolean,
): Promise<Repaired> {
  const repairs = findings.flatMap(({ repair }) => (repair === undefined ? [] : [repair]));
  const done: string[] = [];
  const preserved: string[] = [];
  const failed: Repaired["failed"][number][] = [];
  for (const kind of REPAIRS) {
    const some = repairs.filter((one) => one.kind === kind);
    if (some.length === 0 || !(await confirm(context, question(some), yes))) continue;
    for (const { what, run } of some) {
      try {
        preserved.push(...(await run()));
        done.push(what);
      } catch (error) {
        if (!(error instanceof SignalboxError)) throw error;
        failed.push({ what, error });
      }
    }
  }
  return { done, preserved, failed };
}

function question(repairs: readonly Repair[]): string {
  return `Shall I ${repairs.map(({ what }) => what).join("; and ")}?`;
}
