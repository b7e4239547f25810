/** The files of one session. The host that runs it is their only writer; `result.json` is written once and never changes. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { redactAll, redactor, secretsIn } from "../../core/redaction.ts";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import type { SessionEvent, SessionSpec } from "../../ports/session-host.ts";
import { readFileIfThere, readJsonIfThere } from "../fs/read-file.ts";
import { createFileOnce, replaceFile } from "../fs/replace-file.ts";
import type { ProcessIdentity } from "../process/identity.ts";

/** `host.json`: who runs the session, and which processes belong to it. Its existence says that the session was accepted. */
export interface HostRecord {
  readonly v: 1;
  readonly host: ProcessIdentity;
  /** Tells two hosts in one process apart. */
  readonly instance: string;
  /** `NAME=value` in the environment of every process of the session. */
  readonly marker: string;
  readonly processes: readonly ProcessIdentity[];
  readonly conversation: string;
  readonly acceptedAt: string;
  /** Folder of the agent program's own files, where it keeps conversations; absent where there is none. */
  readonly agentFolder?: string;
}

const PRIVATE = { mode: 0o600 };

/** Name of the file that a session's events are written to. */
export const EVENTS = "events.jsonl";

export function eventsPath(folder: string): string {
  return join(folder, EVENTS);
}

/** Writes `spec.json`. Values of the environment are left out: they may be secrets, and nobody needs them from there. */
export async function writeSpec(folder: string, spec: SessionSpec): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const redacted = redactAll(spec, redactor(secretsIn(spec.env)));
  const stored = { v: 1, ...redacted, env: {}, envNames: Object.keys(spec.env).sort() };
  await replaceFile(join(folder, "spec.json"), `${JSON.stringify(stored, null, 2)}\n`, PRIVATE);
}

/** What is stored of the spec; null when it is not there. */
export async function loadSpec(folder: string): Promise<SessionSpec | null> {
  return readJsonIfThere<SessionSpec>(join(folder, "spec.json"));
}

export async function writeHostRecord(folder: string, record: HostRecord): Promise<void> {
  await replaceFile(join(folder, "host.json"), `${JSON.stringify(record, null, 2)}\n`, PRIVATE);
}

export async function loadHostRecord(folder: string): Promise<HostRecord | null> {
  return readJsonIfThere<HostRecord>(join(folder, "host.json"));
}

/** Records how the session ended, unless that is recorded already. Resolves with what counts. */
export async function settleResult(folder: string, outcome: SessionOutcome): Promise<SessionOutcome> {
  await createFileOnce(
    join(folder, "result.json"),
    `${JSON.stringify({ v: 1, outcome }, null, 2)}\n`,
    PRIVATE,
  );
  return (await loadResult(folder)) ?? outcome;
}

export async function loadResult(folder: string): Promise<SessionOutcome | null> {
  const stored = await readJsonIfThere<{ readonly outcome: SessionOutcome }>(join(folder, "result.json"));
  return stored?.outcome ?? null;
}

/** Whole lines of `events.jsonl`; a line that is still being written is left out. */
export async function loadEvents(folder: string): Promise<readonly SessionEvent[]> {
  const content = await readFileIfThere(eventsPath(folder));
  if (content === null) return [];
  return content.toString("utf8").split("\n").slice(0, -1).flatMap(parseEvent);
}

/** The event of a line; nothing for a line that is none. */
export function parseEvent(line: string): readonly SessionEvent[] {
  try {
    return [JSON.parse(line) as SessionEvent]; // written by us, one JSON object a line
  } catch {
    return [];
  }
}
