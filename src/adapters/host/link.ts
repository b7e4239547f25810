/** The way to the host of a repository: finds the living one, or starts one. */
import { existsSync } from "node:fs";
import { mkdir, open, readFile, stat, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SignalboxError } from "../../core/errors.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { isAlive } from "../process/identity.ts";
import { keepAwake } from "../process/keep-awake.ts";
import { spawnProcess } from "../process/spawn.ts";
import { hostFolder } from "./paths.ts";
import type { HostConfig } from "./serve-host.ts";
import { ask, type HostAddress, type HostAnswer, type HostRequest, PROTOCOL } from "./wire.ts";

export interface HostLinkOptions {
  readonly commonDir: string;
  /** Bundled `host/main.js`; default: looked for beside and above the running program. */
  readonly hostScript?: string;
  /** Bundled `host/watchdog.js`; default: beside the host script. */
  readonly watchdogScript?: string;
  /** Module with `loadAdapter(name)` for the host instead of the built-in adapters. */
  readonly adaptersModule?: string;
  /** How long the host stays with nothing to do; default 10000. */
  readonly idleExitMs?: number;
  /** Time that an agent has to end by itself; default 10000. */
  readonly graceMs?: number;
  /** Environment of the host itself (agents get their own); default: a few names of ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long to try to reach or start a host; default 60000. */
  readonly patienceMs?: number;
}

export interface HostLink {
  /** Asks the host, which is started when there is none. Throws `session-host-unreachable` or `session-host-failed`. */
  require(request: HostRequest): Promise<void>;
  /** Asks the living host; null when there is none. */
  askLiving(request: HostRequest): Promise<HostAnswer | null>;
}

const PASSED_ON = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  "TZ",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "SIGNALBOX_BWRAP",
];
/** How long a host may take to start and answer on a busy machine. */
export const DEFAULT_PATIENCE_MS = 60_000;

const LONGEST_LOG = 1024 * 1024;

export function createHostLink(options: HostLinkOptions): HostLink {
  const folder = hostFolder(options.commonDir);
  const patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;

  const askLiving = async (request: HostRequest): Promise<HostAnswer | null> => {
    const address = await readJsonIfThere<HostAddress>(join(folder, "address.json"));
    if (address === null || !isAlive(address.host)) return null;
    if (address.protocol !== PROTOCOL) throw otherVersion(address);
    const letSleep = keepAwake(address.host);
    // A failure: it is leaving or has just died, so the caller looks again.
    const answer = await ask(address.socket, request).catch(() => null);
    letSleep();
    return answer;
  };

  const require = async (request: HostRequest): Promise<void> => {
    const deadline = performance.now() + patienceMs;
    let starting: { readonly ended: () => number | null } | undefined;
    for (;;) {
      const answer = await askLiving(request);
      if (answer?.ok === true) return;
      if (answer?.problem === "failed") throw failed(answer.message);
      if (performance.now() > deadline) throw unreachable(folder, `no answer within ${patienceMs} ms`);
      const code = starting?.ended();
      if (code !== null && code !== undefined && code !== 0) throw unreachable(folder, await logTail(folder));
      // 0 without a host to be found: it lost the race against one that has left since.
      if (starting === undefined || code === 0) starting = await launchHost(folder, options);
      await pause(30);
    }
  };

  return { require, askLiving };
}

/** Starts a detached host, which leaves at once when there is one already. */
async function launchHost(
  folder: string,
  options: HostLinkOptions,
): Promise<{ readonly ended: () => number | null }> {
  const script = options.hostScript ?? findHostScript();
  const config: HostConfig = {
    commonDir: options.commonDir,
    watchdogScript: options.watchdogScript ?? join(dirname(script), "watchdog.js"),
    idleExitMs: options.idleExitMs ?? 10_000,
    graceMs: options.graceMs ?? 10_000,
    ...(options.adaptersModule === undefined ? {} : { adaptersModule: options.adaptersModule }),
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = await openLog(folder);
  let code: number | null = null;
  try {
    const stdio = ["ignore", log.fd, log.fd] as const;
    const env = { ...(options.env ?? ownEnvironment()) };
    const child = spawnProcess(process.execPath, [script, JSON.stringify(config)], {
      detached: true,
      stdio: [...stdio],
      cwd: folder,
      env,
    });
    child.on("exit", (status) => {
      code = status ?? 1;
    });
    child.on("error", () => {
      code = 1;
    });
    child.unref();
  } finally {
    await log.close();
  }
  return { ended: () => code };
}

/** `host/main.js` beside or above this module: `dist/cli/main.js`, `dist/chunk-….js` and the sources all find `dist/host/main.js`. */
export function findHostScript(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from, up = 0; up < 6; folder = dirname(folder), up += 1) {
    for (const name of ["host/main.js", "dist/host/main.js"]) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  throw new SignalboxError(
    "internal",
    "host-script-missing",
    `there is no host/main.js beside or above ${from}`,
    ["Reinstall the package: npm install --global signalbox"],
  );
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

async function openLog(folder: string): Promise<Awaited<ReturnType<typeof open>>> {
  const path = join(folder, "host.log");
  const size = await stat(path).then(
    (it) => it.size,
    () => 0,
  );
  if (size > LONGEST_LOG) await truncate(path, 0);
  return open(path, "a", 0o600);
}

async function logTail(folder: string): Promise<string> {
  const text = await readFile(join(folder, "host.log"), "utf8").catch(() => "");
  return text.trim().slice(-2000) || "it ended at once and said nothing";
}

function unreachable(folder: string, why: string): SignalboxError {
  return new SignalboxError(
    "environment",
    "session-host-unreachable",
    `the session host could not be started: ${why}`,
    [`Its log is ${join(folder, "host.log")}`],
  );
}

function failed(message: string): SignalboxError {
  return new SignalboxError(
    "environment",
    "session-host-failed",
    `the session host could not start the session: ${message}`,
  );
}

function otherVersion(address: HostAddress): SignalboxError {
  return new SignalboxError(
    "environment",
    "session-host-version",
    `the running session host (pid ${address.host.pid}) speaks protocol ${address.protocol}, this version speaks ${PROTOCOL}`,
    ["It leaves by itself when its sessions have ended. To see them, run: signalbox ps"],
  );
}
