/** The whole output of the last run of checks on something, as it is kept beside the sessions of its workflow. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BASE_SUBJECT } from "../../core/workflow/effect-id.ts";
import type { CheckRecord } from "../../ports/provisioner.ts";
import { readJsonIfThere } from "../fs/read-file.ts";

/** One run: all checks in order, as far as they got. */
export interface CheckOutputs {
  readonly commit: string;
  readonly checks: readonly {
    readonly name: string;
    readonly run: string;
    readonly passed: boolean;
    readonly exitCode: number | null;
    readonly timedOut: boolean;
    /** stdout and stderr as they came, without control sequences and values of secret files; at most the last 256 KiB. */
    readonly output: string;
  }[];
}

/** What the last run on `subject` printed; null when none has run here. */
export function readOutputs(
  commonDir: string,
  record: Pick<CheckRecord, "workflow" | "subject">,
): Promise<CheckOutputs | null> {
  return readJsonIfThere<CheckOutputs>(outputsFile(commonDir, record));
}

/** What a workflow that started from exactly this commit found on it; null where none has here. */
export async function readBaseOutputs(commonDir: string, commit: string): Promise<CheckOutputs | null> {
  const workflows = await readdir(join(commonDir, "signalbox")).catch(() => []);
  const found = await Promise.all(
    workflows.map((workflow) => readOutputs(commonDir, { workflow, subject: BASE_SUBJECT })),
  );
  return found.findLast((outputs) => outputs?.commit === commit) ?? null;
}

/** Machine-local: `<common dir>/signalbox/<workflow>/checks/<subject>.json`. */
export function outputsFile(
  commonDir: string,
  { workflow, subject }: Pick<CheckRecord, "workflow" | "subject">,
): string {
  return join(commonDir, "signalbox", workflow, "checks", `${encodeURIComponent(subject)}.json`);
}
