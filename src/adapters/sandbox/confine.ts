/**
 * Starts the program of a session, confined where the session asks for it (P7).
 *
 * Invariant S1: a session that is to be confined starts no program before a real one was seen to be confined on this machine; where
 * that fails, `confine` throws and nothing is started.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { SessionSpec } from "../../ports/session-host.ts";
import { temporaryPrefix } from "../fs/temporary.ts";
import { killGroup, spawnProcess } from "../process/spawn.ts";
import { bubblewrapArguments } from "./bubblewrap.ts";
import { repositoryOf } from "./git-view.ts";
import { type Probed, probeBubblewrap } from "./probe.ts";
import { type SandboxNeeds, sessionView } from "./session-view.ts";

/** Where the program of one session runs. */
export interface Confined {
  /** Like `spawnProcess`; the process is that of the sandbox where there is one. */
  readonly start: typeof spawnProcess;
  /** Signals the program and what it started, and not the sandbox around them, which would end them at once. */
  signal(pid: number | undefined, name: NodeJS.Signals): void;
  /** Removes what stood in for the machine's; call it when the process has ended. */
  close(): Promise<void>;
}

const FREE: Confined = { start: spawnProcess, signal: killGroup, close: () => Promise.resolve() };

/** Throws `sandbox-unavailable` (kind `environment`) where the session asks for a sandbox that does not confine here. */
export async function confine(spec: SessionSpec, needs: SandboxNeeds): Promise<Confined> {
  if (spec.sandbox === undefined) return FREE;
  const probed = await probedOnce(await strangeTo(spec));
  if (!probed.ok) throw unavailable(probed);
  const base = await realpath(await mkdtemp(temporaryPrefix("sandbox")));
  const close = (): Promise<void> => rm(base, { recursive: true, force: true });
  try {
    const view = bubblewrapArguments(await sessionView(spec, needs, base));
    return {
      start: (file, args, options) => spawnProcess(probed.program, [...view, file, ...args], options),
      signal: signalInside,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a person is told: that nothing was started, why, and what to do. */
export function unavailable({ reason, hint }: Extract<Probed, { readonly ok: false }>): SignalboxError {
  return new SignalboxError(
    "environment",
    "sandbox-unavailable",
    `The sandbox that is asked for (sandbox: bubblewrap) cannot be had here, so no agent is started: ${reason}. ${hint}`,
    [hint],
  );
}

let found: Promise<Probed> | null = null;

/** What was seen to confine goes on doing so; what does not may be mended. */
async function probedOnce(strange: readonly string[]): Promise<Probed> {
  found ??= probeBubblewrap(process.env, strange);
  const probed = await found;
  if (!probed.ok) found = null;
  return probed;
}

/** A program of that name in the repository is the agents' own work. */
async function strangeTo(spec: SessionSpec): Promise<readonly string[]> {
  const common = await repositoryOf(spec.cwd);
  return common === null ? [spec.cwd] : [spec.cwd, dirname(common)];
}

/** The program has a process group of its own, led by the first process in the sandbox, the only child of `bwrap`. */
function signalInside(pid: number | undefined, name: NodeJS.Signals): void {
  if (name === "SIGKILL" || pid === undefined) return killGroup(pid, name);
  const inner = childOf(pid);
  return inner === undefined ? killGroup(pid, name) : killGroup(inner, name);
}

function childOf(pid: number): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    return child === undefined || child === "" ? undefined : Number(child);
  } catch {
    return undefined;
  }
}
