/** The port `Provisioner`: copies, links, then runs what a project needs before an agent can work in a fresh worktree. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunSettings } from "../../core/definition.ts";
import type { Provisioner } from "../../ports/provisioner.ts";
import { commandEnvironment } from "../checks/environment.ts";
import { runShell, type ShellResult, tailOf } from "../checks/shell.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { findAdmin, PROVISIONED } from "../git/admin.ts";
import { bring, planBringing, takeBack } from "./bring.ts";
import { ProvisionRefusal } from "./match.ts";

export interface ProvisionerOptions {
  /** Main worktree, where copies and links come from. */
  readonly root: string;
  readonly commonDir: string;
  /** Where PATH, HOME, LANG, TMPDIR and passed variables come from; default the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Lies in the worktree's admin folder, so that it goes with the worktree and no commit can hold it. */
interface Marker {
  readonly version: 1;
  /** Hash of the settings that were carried out. */
  readonly settings: string;
  readonly done: boolean;
  /** Everything that was brought, in earlier runs too. */
  readonly paths: readonly string[];
  /** Those of this run: taken back when the run did not end well. */
  readonly fresh: readonly string[];
}

type Prepared = Awaited<ReturnType<Provisioner["prepare"]>>;

interface Job {
  readonly options: ProvisionerOptions;
  readonly worktree: string;
  readonly admin: string;
  readonly settings: RunSettings;
}

const TRIES = 2;

/**
 * Steps of one worktree run once, whoever asks at the same time; commands of different worktrees run one after another,
 * because installers share caches and all cores.
 */
export function createProvisioner(options: ProvisionerOptions): Provisioner {
  const underway = new Map<string, Promise<Prepared>>();
  const commands = createQueue();
  return {
    prepare: (worktree, settings) => {
      const key = `${worktree}\0${hashOf(settings)}`;
      const running = underway.get(key) ?? prepare(options, worktree, settings, commands);
      underway.set(key, running);
      return running.finally(() => underway.delete(key));
    },
  };
}

async function prepare(
  options: ProvisionerOptions,
  worktree: string,
  settings: RunSettings,
  commands: Queue,
): Promise<Prepared> {
  const { copy, link, run } = settings.provision;
  if (copy.length + link.length + run.length === 0) return { ok: true };
  const admin = await findAdmin(options.commonDir, worktree);
  if (admin === null)
    return { ok: false, message: `provision: ${worktree} is no worktree of ${options.root}` };
  const job = { options, worktree, admin, settings };
  const marker = await readJsonIfThere<Marker>(join(admin, PROVISIONED));
  if (marker?.done && marker.settings === hashOf(settings)) return { ok: true };
  try {
    const paths = await bringFiles(job, marker);
    const failed = await commands(() => runSteps(job));
    if (failed !== null) return { ok: false, message: failed };
    await writeMarker(job, { done: true, paths, fresh: [] });
    return { ok: true };
  } catch (error) {
    if (error instanceof ProvisionRefusal || isSystemError(error))
      return { ok: false, message: error.message };
    throw error;
  }
}

/** The marker names every path before it is brought: what a kill leaves behind is known to be ours, and is never committed. */
async function bringFiles(job: Job, before: Marker | null): Promise<readonly string[]> {
  const places = { root: job.options.root, worktree: job.worktree };
  if (before?.done === false) await takeBack(places, before.fresh);
  const plan = await planBringing(places, job.settings.provision.copy, job.settings.provision.link);
  const fresh = plan.map((item) => item.path);
  const paths = [...new Set([...(before?.paths ?? []), ...fresh])];
  await writeMarker(job, { done: false, paths, fresh });
  await bring(places, plan);
  return paths;
}

/** Null when all commands ended well, else what failed and the end of its output. */
async function runSteps(job: Job): Promise<string | null> {
  const { run, timeoutMs } = job.settings.provision;
  const env = commandEnvironment(job.options.env ?? process.env, job.settings.env);
  const { commonDir } = job.options;
  const log = join(job.admin, "signalbox-provision.log");
  for (const command of run) {
    let result: ShellResult | null = null;
    for (let attempt = 1; attempt <= TRIES && !isGood(result); attempt += 1) {
      result = await runShell({ command, cwd: job.worktree, env, timeoutMs, commonDir });
      await writeFile(log, `$ ${command}\n${result.output}\n`, { flag: "a" });
    }
    if (result !== null && !isGood(result)) return failure(command, result, timeoutMs);
  }
  return null;
}

function isGood(result: ShellResult | null): boolean {
  return result !== null && result.exitCode === 0 && !result.timedOut;
}

function failure(command: string, result: ShellResult, timeoutMs: number): string {
  const how = result.timedOut
    ? `did not end within ${timeoutMs / 1000} s`
    : `failed with exit code ${result.exitCode}`;
  const tail = tailOf(result.output, 2000);
  return `provision: ${JSON.stringify(command)} ${how}, ${TRIES} times${tail === "" ? "" : `\n${tail}`}`;
}

async function writeMarker(job: Job, facts: Pick<Marker, "done" | "paths" | "fresh">): Promise<void> {
  const marker: Marker = { version: 1, settings: hashOf(job.settings), ...facts };
  await replaceFile(
    join(job.admin, PROVISIONED),
    `${JSON.stringify(marker)}
`,
  );
}

function hashOf({ provision, env }: RunSettings): string {
  return createHash("sha256")
    .update(JSON.stringify([provision, env]))
    .digest("hex");
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}

type Queue = <T>(work: () => Promise<T>) => Promise<T>;

function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work);
    last = run.catch(() => {});
    return run;
  };
}
