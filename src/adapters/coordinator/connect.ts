/** Finds the coordinator of a repository, and starts one where that is wanted. */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SignalboxError } from "../../core/errors.ts";
import { keepAwake } from "../process/keep-awake.ts";
import { spawnProcess } from "../process/spawn.ts";
import { type ClaimRecord, claimFolder, livingClaims } from "./claim.ts";
import { type CoordinatorClient, dialCoordinator } from "./client.ts";

export interface ConnectOptions {
  /** Common git dir, absolute and real. */
  readonly commonDir: string;
  /** Where a new coordinator is started: the root of the main worktree. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** argv prefix that starts this program. */
  readonly self: readonly string[];
  /** Start one when none runs. */
  readonly start: boolean;
  /** How long to wait for it; default 20000. */
  readonly timeoutMs?: number;
}

export function coordinatorLog(commonDir: string): string {
  return join(commonDir, "signalbox", "coordinator.log");
}

/** Client of the running coordinator; null when none runs and `start` is false. Two callers at once end up with the same one. */
export function connectCoordinator(
  options: ConnectOptions & { readonly start: true },
): Promise<CoordinatorClient>;
export function connectCoordinator(options: ConnectOptions): Promise<CoordinatorClient | null>;
export async function connectCoordinator(options: ConnectOptions): Promise<CoordinatorClient | null> {
  const deadline = performance.now() + (options.timeoutMs ?? 20_000);
  let starter: Starter | undefined;
  for (;;) {
    const [holder] = await livingClaims(options.commonDir);
    if (holder !== undefined) {
      const client = await dialHolder(holder, options.commonDir);
      if (client !== null) return client;
    } else if (!options.start) {
      return null;
    } else if (starter === undefined || starter.failed() !== null) {
      const failure = starter?.failed();
      if (starter !== undefined && failure !== undefined && failure !== null && failure !== 0)
        throw didNotStart(options.commonDir, `ended with code ${failure}`, starter.logFrom);
      starter = startCoordinator(options); // the one before has lost against another that has left since
    }
    if (performance.now() > deadline)
      throw holder === undefined
        ? didNotStart(options.commonDir, "did not answer in time", starter?.logFrom)
        : doesNotAnswer(holder);
    await sleep(25);
  }
}

async function dialHolder(holder: ClaimRecord, commonDir: string): Promise<CoordinatorClient | null> {
  if (holder.host !== hostname()) throw heldElsewhere(holder, commonDir);
  const letSleep = keepAwake(holder);
  const client = await dialCoordinator(holder.socket).catch((error: unknown) => {
    letSleep();
    throw error;
  });
  void (client?.closed ?? Promise.resolve()).then(letSleep);
  if (client === null || client.info.pid === holder.pid) return client;
  client.close(); // left over from a repository that stood at this path before
  return null;
}

interface Starter {
  /** Exit code once it has ended; null while it runs. */
  failed(): number | null;
  /** Size of the log before it wrote: what stands further up is about earlier ones. */
  readonly logFrom: number;
}

function startCoordinator(options: ConnectOptions): Starter {
  const [file, ...prefix] = options.self;
  if (file === undefined)
    throw new SignalboxError("internal", "no-program", "The program does not know how to start itself");
  const log = openLog(coordinatorLog(options.commonDir));
  const logFrom = fstatSync(log).size;
  let code: number | null = null;
  const child = spawnProcess(file, [...prefix, "coordinator"], {
    cwd: options.root,
    env: { ...options.env },
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.on("error", () => {
    code = 1;
  });
  child.on("exit", (exit) => {
    code = exit ?? 1;
  });
  child.unref();
  closeSync(log);
  return { failed: () => code, logFrom };
}

/** Append-only; a log of more than 5 MB becomes `.1` first. The first thing that is written, so it finds out whether anything can be. */
function openLog(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 5_000_000) {
      rmSync(`${path}.1`, { force: true });
      renameSync(path, `${path}.1`);
    }
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw new SignalboxError(
      "environment",
      "not-writable",
      `Nothing can be written in ${dirname(path)}: ${error instanceof Error ? error.message : error}`,
      [
        `It must be writable and have space. To look, run: ls -ld '${dirname(path)}' && df '${dirname(dirname(path))}'`,
      ],
      error,
    );
  }
}

/** Without `logFrom` none was started by this command, and no line of the log is about it. */
function didNotStart(commonDir: string, what: string, logFrom = Number.POSITIVE_INFINITY): SignalboxError {
  const path = coordinatorLog(commonDir);
  return new SignalboxError(
    "environment",
    "coordinator-did-not-start",
    `The coordinator ${what}${lastLines(path, logFrom)}`,
    [`Its log: tail -n 50 ${path}`],
  );
}

function lastLines(path: string, from: number): string {
  try {
    const lines = readFileSync(path).subarray(from).toString("utf8").trimEnd().split("\n").slice(-5);
    if (lines.join("") === "") return "";
    return `:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  } catch {
    return "";
  }
}

function doesNotAnswer(holder: ClaimRecord): SignalboxError {
  return new SignalboxError(
    "lease",
    "coordinator-silent",
    `The coordinator (pid ${holder.pid}, since ${holder.since}) does not answer on ${holder.socket}`,
    [`End it, running agents go on: kill ${holder.pid}`],
  );
}

function heldElsewhere(holder: ClaimRecord, commonDir: string): SignalboxError {
  return new SignalboxError(
    "lease",
    "coordinator-elsewhere",
    `A coordinator on ${holder.host} (pid ${holder.pid}, since ${holder.since}) holds this repository`,
    [
      `Run the command on ${holder.host}`,
      `If that machine is gone for good: rm -r ${claimFolder(commonDir)}`,
    ],
  );
}
