/**
 * Files that an ACP agent writes through us: where the boundary allows it. Reading is not offered: agents read by themselves anyway, and one of
 * them (Gemini CLI 0.61.0) makes no new file where it has to ask us first whether there is one.
 */
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { RequestError } from "@agentclientprotocol/sdk";
import type { SessionSpec } from "../../../ports/session-host.ts";
import { replaceFile } from "../../fs/replace-file.ts";
import { boundaryOf } from "../claude-settings.ts";
import { type Fields, textOf } from "../foreign-data.ts";
import { refuseWrite } from "../write-boundary.ts";

/** Writes the file; `refused` hears why not. Rejects with a `RequestError` then. */
export async function writeForAgent(
  spec: SessionSpec,
  params: Fields,
  refused: (file: string, reason: string) => void,
): Promise<Record<string, unknown>> {
  const file = textOf(params.path);
  const reason =
    typeof params.content === "string"
      ? refuseWrite(boundaryOf(spec), spec.cwd, file || null)
      : "the content is no text";
  if (reason !== null) {
    refused(file, reason);
    throw RequestError.invalidParams(undefined, reason);
  }
  const target = path.resolve(spec.cwd, file);
  const real = await realpath(target).catch(() => target); // a link inside stays a link
  const mode = await stat(real).then(
    (stats) => stats.mode & 0o777,
    () => 0o644,
  );
  await replaceFile(real, textOf(params.content), { mode });
  return {};
}
