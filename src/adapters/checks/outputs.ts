/** Keeps what checks print. */
import type { CheckRecord } from "../../ports/provisioner.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { type CheckOutputs, outputsFile } from "./read-outputs.ts";

/** Replaces what the run before it left; only the user can read it. Never rejects: it must not keep anybody from working. */
export async function keepOutputs(
  commonDir: string,
  record: CheckRecord,
  checks: CheckOutputs["checks"],
): Promise<void> {
  const outputs: CheckOutputs = { commit: record.commit, checks };
  await replaceFile(outputsFile(commonDir, record), `${JSON.stringify(outputs)}\n`, { mode: 0o600 }).catch(
    () => {},
  );
}
