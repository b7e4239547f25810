/**
 * The sessions that this process runs. Used by the detached host and by the in-process one.
 *
 * Invariant H5: an id runs at most once: a second start attaches, a start after the end does nothing.
 * Invariant H6: a session is accepted (its start resolves) only when its files exist and the watchdog knows it.
 */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { redactAll, redactor, secretsIn } from "../../core/redaction.ts";
import type { SessionMessage } from "../../core/workflow/live.ts";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import type { AgentAdapter, Delivery, SessionSpec } from "../../ports/session-host.ts";
import { claudeFolder } from "../agents/claude-transcript.ts";
import { type AppendFile, openAppendFile } from "../fs/append-file.ts";
import { removeAbandoned } from "../fs/left-files.ts";
import { isAlive, type ProcessIdentity } from "../process/identity.ts";
import { takeConversation } from "./conversation-lock.ts";
import { sessionFolder, sessionMarker } from "./paths.ts";
import { runSession } from "./run-session.ts";
import {
  eventsPath,
  type HostRecord,
  loadHostRecord,
  loadResult,
  settleResult,
  writeHostRecord,
  writeSpec,
} from "./session-files.ts";
import { knownConversation } from "./session-life.ts";
import { settleDead, settleUnhosted } from "./settle.ts";

export interface RunnerOptions {
  readonly commonDir: string;
  /** The process that runs the adapters, and which runner in it. */
  readonly host: ProcessIdentity;
  readonly instance: string;
  readonly loadAdapter: (name: string) => Promise<AgentAdapter>;
  /** Told before a session's first process and after its last one. */
  readonly watch?: { add(folder: string): void; remove(folder: string): void };
  readonly graceMs?: number;
  /** A failure to write a session's files: nobody waits for it, so it must be seen in a log. */
  readonly onError?: (error: unknown) => void;
}

export interface Runner {
  start(spec: SessionSpec): Promise<void>;
  /** Ends a session's tree; resolves when its result is recorded. One that never started is recorded as cancelled. */
  stop(workflow: string, id: string, reason: string): Promise<void>;
  running(): readonly { readonly workflow: string; readonly id: string }[];
  /** Null when no session of this id runs here. */
  deliver(workflow: string, message: SessionMessage): Delivery | null;
}

interface Running {
  readonly workflow: string;
  readonly id: string;
  readonly accepted: Promise<void>;
  readonly done: Promise<void>;
  readonly stop: AbortController;
  /** Absent until the session has been opened. */
  deliver?: (message: SessionMessage) => Delivery;
}

export function createRunner(options: RunnerOptions): Runner {
  const sessions = new Map<string, Running>();

  const launch = (spec: SessionSpec, folder: string): Running => {
    const stop = new AbortController();
    let accept = { resolve: (): void => {}, reject: (_: unknown): void => {} };
    const accepted = new Promise<void>((resolve, reject) => {
      accept = { resolve, reject };
    });
    const onOpen = (deliver: (message: SessionMessage) => Delivery): void => {
      const session = sessions.get(folder);
      if (session !== undefined) session.deliver = deliver;
    };
    const done = hostSession(options, spec, folder, { stop: stop.signal, accept: accept.resolve, onOpen })
      .catch((error: unknown) => {
        options.onError?.(error);
        accept.reject(error);
      })
      .finally(() => sessions.delete(folder));
    return { workflow: spec.workflow, id: spec.id, accepted, done, stop };
  };

  return {
    start: (spec) => {
      const folder = sessionFolder(options.commonDir, spec.workflow, spec.id);
      const session = sessions.get(folder) ?? launch(spec, folder);
      sessions.set(folder, session);
      return session.accepted;
    },
    stop: async (workflow, id, reason) => {
      const folder = sessionFolder(options.commonDir, workflow, id);
      const session = sessions.get(folder);
      session?.stop.abort(reason);
      await session?.done;
      const isOurs = (record: HostRecord): boolean =>
        record.instance === options.instance || isAlive(record.host);
      if ((await loadResult(folder)) === null) await settleUnhosted(folder, isOurs, reason);
    },
    deliver: (workflow, message) => {
      const session = sessions.get(sessionFolder(options.commonDir, workflow, message.session));
      return session === undefined ? null : (session.deliver?.(message) ?? "not-started");
    },
    running: () => [...sessions.values()].map(({ workflow, id }) => ({ workflow, id })),
  };
}

/** Only Claude Code keeps conversations where we can read what they cost. */
function agentFolder({ adapter, env }: SessionSpec): Pick<HostRecord, "agentFolder"> {
  const folder = adapter === "claude" || adapter === "claude-cli" ? claudeFolder(env) : null;
  return folder === null ? {} : { agentFolder: folder };
}

interface Reins {
  readonly stop: AbortSignal;
  readonly accept: () => void;
  readonly onOpen: (deliver: (message: SessionMessage) => Delivery) => void;
}

/** From acceptance to the recorded result. */
async function hostSession(
  options: RunnerOptions,
  spec: SessionSpec,
  folder: string,
  reins: Reins,
): Promise<void> {
  if (await hadEarlierLife(folder)) return reins.accept();
  const { name, value } = sessionMarker(folder);
  const record: HostRecord = {
    v: 1,
    host: options.host,
    instance: options.instance,
    marker: `${name}=${value}`,
    processes: [],
    conversation: knownConversation(spec),
    acceptedAt: new Date().toISOString(),
    ...agentFolder(spec),
  };
  // A host may have been killed before it had accepted the same session.
  await removeAbandoned(folder);
  await writeSpec(folder, spec);
  const events = await openAppendFile(eventsPath(folder), { sync: false, mode: 0o600 });
  options.watch?.add(folder);
  try {
    await writeHostRecord(folder, record);
    reins.accept();
    const outcome = await runAlone(options, spec, () =>
      runRecorded(options, spec, folder, record, events, reins),
    );
    await untilWritten(folder, () => settleResult(folder, outcome), options.onError);
  } finally {
    await events.close();
    options.watch?.remove(folder);
  }
}

/**
 * Writes again and again, ever more rarely, until it works or the folder is gone: whoever waits for the result sees a
 * living host and would wait for ever. A full disk is the usual cause.
 */
async function untilWritten(
  folder: string,
  write: () => Promise<unknown>,
  onError?: (error: unknown) => void,
): Promise<void> {
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 30_000)) {
    try {
      await write();
      return;
    } catch (error) {
      onError?.(error);
      if (!existsSync(folder)) return;
    }
    await pause(waitMs);
  }
}

/** Who only reads has a conversation of its own that nobody continues. The lock is free again before anybody can read the result. */
async function runAlone(
  { commonDir, onError }: RunnerOptions,
  spec: SessionSpec,
  run: () => Promise<SessionOutcome>,
): Promise<SessionOutcome> {
  if (spec.boundary === null) return run();
  const lock = await takeConversation({ commonDir, workflow: spec.workflow, key: spec.conversation });
  if (!lock.ok) return heldElsewhere(spec, lock.pid);
  try {
    return await run();
  } finally {
    await lock.release().catch((error: unknown) => onError?.(error));
  }
}

function heldElsewhere({ conversation }: SessionSpec, pid: number): SessionOutcome {
  return {
    sessionId: conversation,
    usage: { costUsd: 0, turns: 0, durationMs: 0 },
    kind: "crashed",
    message: `its conversation is open in another program (pid ${pid}); leave that one first`,
    retry: "backoff",
  };
}

async function runRecorded(
  options: RunnerOptions,
  spec: SessionSpec,
  folder: string,
  record: HostRecord,
  events: AppendFile,
  { stop, onOpen }: Reins,
): Promise<SessionOutcome> {
  let written = Promise.resolve();
  const report = (error: unknown): void => options.onError?.(error);
  // Everything that is known of a session is read from these files: what is taken out here gets nowhere.
  const redact = redactor(secretsIn(spec.env));
  const outcome = await runSession(spec, {
    adapter: () => options.loadAdapter(spec.adapter),
    marker: sessionMarker(folder),
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
    record: (event) => {
      events.append(`${JSON.stringify(redactAll(event, redact))}\n`).catch(report);
    },
    onProcesses: (processes) => {
      written = written.then(() => writeHostRecord(folder, { ...record, processes })).catch(report);
    },
    onOpen,
    stop,
  });
  await written;
  return redactAll(outcome, redact);
}

/** True when the session ended before, or when the host that had it died: then that is settled now. */
async function hadEarlierLife(folder: string): Promise<boolean> {
  if ((await loadResult(folder)) !== null) return true;
  const record = await loadHostRecord(folder);
  if (record !== null) await settleDead(folder, record);
  return record !== null;
}
