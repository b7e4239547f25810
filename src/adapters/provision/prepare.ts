/** What one worktree is given, in order: files, dependencies, then the author's commands. */
import { access, constants } from "node:fs/promises";
import { delimiter, join, posix } from "node:path";
import type { RunSettings } from "../../core/definition.ts";
import { portCount, withPorts } from "../../core/ports.ts";
import type { Preparation, ProvisionUse } from "../../ports/provisioner.ts";
import { commandEnvironment, installEnvironment } from "../checks/environment.ts";
import { ownerMark } from "../checks/shell.ts";
import type { RunPlace } from "../environment/place.ts";
import { readRecord, worktreeGit } from "../git/admin.ts";
import { createGit, type Git, gitEnvironment } from "../git/git.ts";
import type { Turns } from "../git/turns.ts";
import { bring, planBringing, takeBack } from "./bring.ts";
import { allowanceText, type Consent } from "./consent.ts";
import { bringDependencies } from "./dependencies.ts";
import type { DependencyJob } from "./dependency-job.ts";
import { openProvisionLog, type ProvisionLog, provisionLogPath } from "./log.ts";
import { type Marker, readMarker, settingsHash, stampFile, writeMarker } from "./marker.ts";
import { findPlaces } from "./places.ts";
import type { PortRanges } from "./port-ranges.ts";
import { treesFolder } from "./release.ts";
import { redactorOf } from "./secrets.ts";
import { runSteps } from "./steps.ts";
import { openTreePool, stampTree } from "./tree-pool.ts";
import { openWarmStore } from "./warm-store.ts";

/** What all preparations of a repository share. */
export interface Kit {
  readonly root: string;
  readonly commonDir: string;
  readonly owner?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly consent?: Consent;
  readonly ports?: PortRanges;
  readonly alone: Turns;
}

export interface Request {
  readonly worktree: string;
  readonly admin: string;
  readonly settings: RunSettings;
  readonly use: ProvisionUse;
}

interface Job extends Kit, Request {
  readonly git: Git;
  readonly log: ProvisionLog;
  readonly place: RunPlace;
  /** The record, replaced by `note`. */
  marker: Marker;
  /** What stands on disk. A first record that names nothing is as good as none. */
  written: Marker;
}

/** True where a worktree needs anything at all: most need nothing, and are not even looked at. */
export function isWanted(settings: RunSettings, use: ProvisionUse): boolean {
  const { copy, link, run } = settings.provision;
  return copy.length + link.length + run.length > 0 || wantsDependencies(settings, use);
}

function wantsDependencies({ provision }: RunSettings, use: ProvisionUse): boolean {
  return provision.dependencies === "auto" || (provision.dependencies === "checks" && use === "checks");
}

export async function prepareWorktree(kit: Kit, request: Request): Promise<Preparation> {
  const before = await readMarker(request.admin);
  const settings = settingsHash(request.settings, request.use);
  const isCurrent = before?.done === true && before.settings === settings;
  if (isCurrent && before.released !== true) return { ok: true };
  const kept = before?.done === true && before.released !== true ? (before.trees ?? []) : [];
  // Somebody may have worked there since: such a tree is nothing to hand on.
  const trees = kept.map((tree) => ({ ...tree, name: null }));
  const paths = before?.paths ?? [];
  const marker: Marker = { version: 1, settings, done: false, paths, fresh: [], trees };
  const job = await openJob(kit, request, marker, before ?? marker);
  if (before?.done === false) await takeBack(places(job), before.fresh);
  const failed = isCurrent ? await dependencies(job) : await everything(job);
  if (failed !== null) return { ok: false, message: withLog(failed, job.log) };
  await stampTrees(job);
  await note(job, { done: true, fresh: [] });
  return { ok: true };
}

/** The last thing of all: from now on nobody but those who work there changes anything. */
async function stampTrees({ admin, worktree, marker }: Job): Promise<void> {
  for (const [index, { name, folder, homes }] of (marker.trees ?? []).entries()) {
    if (name !== null) await stampTree(stampFile(admin, index), name, join(worktree, folder), homes);
  }
}

async function openJob(kit: Kit, request: Request, marker: Marker, written: Marker): Promise<Job> {
  const { worktree, admin, settings, use } = request;
  const workflow = (await readRecord(admin))?.workflow ?? "other";
  const path = provisionLogPath(kit.commonDir, workflow, worktree);
  const redact = async () => redactorOf(worktree, (await readMarker(admin))?.paths ?? []);
  const ports = (await kit.ports?.rangeOf(worktree, portCount(settings))) ?? null;
  return {
    ...kit,
    ...request,
    git: worktreeGit(createGit(kit.commonDir, gitEnvironment(kit.env)), worktree, admin),
    log: openProvisionLog(path, kit.root, use === "checks" ? "for checks" : "for work", redact),
    place: { worktree, root: kit.root, ports },
    marker,
    written,
  };
}

function places({ root, worktree }: Job): { readonly root: string; readonly worktree: string } {
  return { root, worktree };
}

/** Replaces the record; `paths` only ever grows, so that what was brought once is never taken for work. */
async function note(job: Job, change: Partial<Marker>): Promise<void> {
  const paths = [...new Set([...job.marker.paths, ...(change.paths ?? []), ...(change.fresh ?? [])])];
  job.marker = { ...job.marker, ...change, paths };
  if (JSON.stringify(job.marker) === JSON.stringify(job.written)) return;
  await writeMarker(job.admin, job.marker);
  job.written = job.marker;
}

/** Null, or the first thing that failed. */
async function everything(job: Job): Promise<string | null> {
  await files(job);
  return (await dependencies(job)) ?? (await commands(job));
}

/** Every path is recorded before it is brought: what a kill leaves behind is known to be ours, and is never committed. */
async function files(job: Job): Promise<void> {
  const { copy, link } = job.settings.provision;
  const plan = await planBringing(places(job), copy, link);
  await note(job, { fresh: plan.map((item) => item.path) });
  const refused: string[] = [];
  const secrets = await bring(places(job), plan, async (path) => {
    const answer = (await job.consent?.of(path)) ?? null;
    if (answer !== true) refused.push(path);
    return answer === true;
  });
  await note(job, { paths: secrets });
  if (refused.length > 0) await job.log.add(`${refused.join(", ")}: not copied; ${allowanceText(refused)}`);
}

async function dependencies(job: Job): Promise<string | null> {
  if (!wantsDependencies(job.settings, job.use)) return null;
  const { worktree, env, commonDir, place } = job;
  const found = await findPlaces(job);
  if (found.used.length + found.left.length === 0) return null;
  const untracked = await untrackedFiles(job.git);
  const variables = installEnvironment(env, job.settings.env, place);
  const work: DependencyJob = {
    root: job.root,
    worktree,
    mark: ownerMark(job.owner ?? commonDir),
    store: openWarmStore(join(commonDir, "signalbox", ".warm")),
    pool: openTreePool(treesFolder(commonDir)),
    ownCommands: job.settings.provision.run,
    run: (lines, folder) => runSteps(lines, stepPlace(job, join(worktree, folder), variables)),
    alone: job.alone,
    has: (program) => isOnPath(program, variables.PATH ?? ""),
    userConfig: variables.HOME === undefined ? null : join(variables.HOME, ".npmrc"),
    announce: (paths) => note(job, { fresh: [...job.marker.fresh, ...paths] }),
    log: (line) => job.log.add(line),
  };
  const result = await bringDependencies(work, found);
  if (!result.ok) return result.message;
  // What an install leaves beside its packages is no work of the agent's.
  const left = (await untrackedFiles(job.git)).filter((path) => !untracked.includes(path));
  const trees = [...(job.marker.trees ?? []), ...result.trees];
  const homes = result.trees.flatMap(({ folder, homes: inside }) =>
    inside.map((home) => posix.join(folder, home)),
  );
  await note(job, { trees, released: false, paths: [...homes, ...left] });
  return null;
}

async function untrackedFiles(git: Git): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-files", "-z", "--others", "--exclude-standard", "--directory"]);
  return stdout
    .toString("utf8")
    .split("\0")
    .map((path) => path.replace(/\/$/, ""))
    .filter((path) => path !== "");
}

function commands(job: Job): Promise<string | null> {
  const { ports } = job.place;
  const lines = job.settings.provision.run.map((line) =>
    ports == null ? line : withPorts(line, ports.first),
  );
  const variables = commandEnvironment(job.env, job.settings.env, job.place);
  return job.alone(() => runSteps(lines, stepPlace(job, job.worktree, variables)));
}

function stepPlace(
  job: Job,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Parameters<typeof runSteps>[1] {
  const { commonDir, owner = commonDir, worktree, admin, log } = job;
  const redact = async () => redactorOf(worktree, (await readMarker(admin))?.paths ?? []);
  return { cwd, env, timeoutMs: job.settings.provision.timeoutMs, owner, worktree, log, redact };
}

async function isOnPath(program: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/** The summary stays the first line; what follows is the end of the output. */
function withLog(message: string, log: ProvisionLog): string {
  const [first = "", ...rest] = message.split("\n");
  return [`${first} (all of its output: ${log.shown})`, ...rest].join("\n");
}
