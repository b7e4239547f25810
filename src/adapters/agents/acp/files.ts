/** Files that an ACP agent reads and writes through us: inside its worktree alone, and written only where the boundary allows it. */
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { RequestError } from "@agentclientprotocol/sdk";
import type { SessionSpec } from "../../../ports/session-host.ts";
import { readFileIfThere } from "../../fs/read-file.ts";
import { replaceFile } from "../../fs/replace-file.ts";
import { boundaryOf } from "../claude-settings.ts";
import { type Fields, numberOf, textOf } from "../foreign-data.ts";
import { refuseWrite } from "../write-boundary.ts";

/** Larger files are not read for an agent, bytes. */
const MOST_BYTES = 20 * 1024 * 1024;

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

/** The text, from `line` on and at most `limit` lines. A file that is not there is `Resource not found`, which agents expect. */
export async function readForAgent({ cwd }: SessionSpec, params: Fields): Promise<Record<string, unknown>> {
  const file = path.resolve(cwd, textOf(params.path));
  const inside = path.relative(await realpath(cwd), await realOf(file));
  if (inside === ".." || inside.startsWith("../") || path.isAbsolute(inside))
    throw RequestError.invalidParams(undefined, `${file} is outside the worktree`);
  const found = await stat(file).catch(() => null);
  if (found === null) throw RequestError.resourceNotFound(file);
  if (!found.isFile() || found.size > MOST_BYTES)
    throw RequestError.invalidParams(undefined, `${file} is no file that can be read`);
  const text = (await readFileIfThere(file))?.toString("utf8") ?? "";
  const first = numberOf(params.line);
  const most = numberOf(params.limit);
  if (first === null && most === null) return { content: text };
  const from = Math.max(0, (first ?? 1) - 1);
  const lines = text.split("\n").slice(from, most === null ? undefined : from + most);
  return { content: lines.join("\n") };
}

/** Real path also of what is not there: its nearest parent counts. */
async function realOf(file: string): Promise<string> {
  const found = await realpath(file).catch(() => null);
  if (found !== null) return found;
  const parent = path.dirname(file);
  return parent === file ? file : path.join(await realOf(parent), path.basename(file));
}
