/**
 * The watchdog's two ends. The host tells it over a pipe which sessions run; when the pipe closes and the host is really
 * dead, the watchdog ends the trees of the sessions that were left: their hook and their limits died with the host. A host
 * that somebody stopped and forgot is woken, as nothing limits its sessions while it sleeps.
 */
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive, type ProcessIdentity } from "../process/identity.ts";
import { keepAwake } from "../process/keep-awake.ts";
import { spawnProcess } from "../process/spawn.ts";
import { endTree } from "../process/tree.ts";
import { sessionMarker } from "./paths.ts";
import { loadHostRecord, loadResult } from "./session-files.ts";
import { ORPHAN_GRACE_MS } from "./settle.ts";

/** What the host says: a session's folder is added before its first process and removed after its last one. */
export interface Watchdog {
  add(folder: string): void;
  remove(folder: string): void;
  /** Lets it end; only when no session is left. */
  close(): void;
}

/** One that ends sooner cannot run here: it is tried again, but not in a busy loop. */
const STILLBORN_MS = 1000;
const RETRY_MS = 100;

/** Starts the watchdog program, and starts it again when it ends. */
export function startWatchdog(script: string, host: ProcessIdentity): Watchdog {
  const folders = new Set<string>();
  let closing = false;
  let child: ReturnType<typeof spawnProcess> | undefined;
  let say = (_: string): void => {};

  const launch = (): void => {
    // As arguments, so that it knows them from its first moment: this process may die before it can say anything.
    child = spawnProcess(process.execPath, [script, JSON.stringify(host), ...folders], {
      detached: true,
      stdio: ["pipe", "ignore", "inherit"],
      env: { PATH: process.env.PATH },
    });
    const { stdin } = child;
    stdin?.on("error", () => {}); // it died: `exit` starts another one, which hears everything again
    say = (line) => stdin?.write(`${line}\n`);
    child.on("error", () => {});
    const since = performance.now();
    child.on("exit", () => {
      if (!closing) setTimeout(launch, performance.now() - since < STILLBORN_MS ? RETRY_MS : 0);
    });
  };
  launch();
  return {
    add: (folder) => {
      folders.add(folder);
      say(`+${folder}`);
    },
    remove: (folder) => {
      folders.delete(folder);
      say(`-${folder}`);
    },
    close: () => {
      closing = true;
      child?.stdin?.end();
      child?.unref();
    },
  };
}

/**
 * The watchdog program: listens until the pipe closes, waits for the host's death, ends what is left. Writes no file.
 * `known` are the sessions that ran when it was started; a stopped host is woken after `frozenMs`, see {@link keepAwake}.
 */
export async function runWatchdog(
  input: NodeJS.ReadableStream,
  host: ProcessIdentity,
  known: readonly string[],
  frozenMs?: number,
): Promise<void> {
  const folders = new Set(known);
  const letSleep = keepAwake(host, frozenMs);
  for await (const line of createInterface({ input })) {
    if (line.startsWith("+")) folders.add(line.slice(1));
    if (line.startsWith("-")) folders.delete(line.slice(1));
  }
  while (isAlive(host)) await pause(100);
  letSleep();
  await Promise.all([...folders].map(endSession));
}

/** By the mark alone when the files are gone: somebody may have removed the folder together with the host. */
async function endSession(folder: string): Promise<void> {
  if ((await loadResult(folder)) !== null) return;
  const { name, value } = sessionMarker(folder);
  const leaders = (await loadHostRecord(folder))?.processes ?? [];
  await endTree({ leaders, marker: `${name}=${value}`, graceMs: ORPHAN_GRACE_MS });
}
