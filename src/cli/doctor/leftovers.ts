/** What processes that were killed have left: locks, leases, sessions, half-written files. All of it is named by records of ours. */
import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { landingClearer } from "../../adapters/checks/clear-landing.ts";
import { claimFolder } from "../../adapters/coordinator/claim.ts";
import { leftFiles, removeLeftFile } from "../../adapters/fs/left-files.ts";
import { clearDeadLandings, deadLandings } from "../../adapters/git/landing-queue.ts";
import { breakDeadLock } from "../../adapters/git/lock.ts";
import { recordedPlaces } from "../../adapters/git/recorded-worktrees.ts";
import { deadRepositoryLocks } from "../../adapters/git/repo-lock.ts";
import { orphanSessions, settleOrphan } from "../../adapters/host/orphans.ts";
import { hostFolder } from "../../adapters/host/paths.ts";
import { deadHolder, releaseDead } from "../../adapters/journal/lease.ts";
import { countText } from "../output/units.ts";
import type { Project } from "../project.ts";
import { FIX_HINT, type Finding, type Repair, type RepairKind } from "./finding.ts";

/** In the order in which they are best mended. `now` in milliseconds since the epoch. */
export async function leftoverFindings(project: Project, now: number): Promise<readonly Finding[]> {
  return [
    ...(await lockFindings(project)),
    ...(await sessionFindings(project)),
    ...(await leaseFindings(project)),
    ...(await fileFindings(project, now)),
  ];
}

async function lockFindings({ commonDir, repository }: Project): Promise<readonly Finding[]> {
  const places = await deadLandings(commonDir);
  const locks = [...(await deadRepositoryLocks(commonDir)), ...places];
  if (locks.length === 0) return [];
  const run = async (): Promise<readonly string[]> => {
    for (const path of locks) if (!places.includes(path)) await breakDeadLock(path);
    await clearDeadLandings(commonDir, landingClearer(repository));
    return [];
  };
  return [
    {
      level: "warn",
      subject: "locks",
      text: `${countText(locks.length, "lock")} of a process that has died`,
      why: "the next command breaks it first",
      evidence: locks,
      fix: FIX_HINT,
      repair: repair("locks", `break ${countText(locks.length, "lock")} of processes that have died`, run),
    },
  ];
}

async function sessionFindings({ commonDir }: Project): Promise<readonly Finding[]> {
  const orphans = await orphanSessions(commonDir);
  if (orphans.length === 0) return [];
  const count = countText(orphans.length, "session");
  return [
    {
      level: "warn",
      subject: "sessions",
      text: `${count} whose host died before it recorded an end`,
      why: "their agents may still run, with nobody who watches their limits",
      evidence: orphans.map(
        ({ workflow, folder, record }) =>
          `${workflow} ${basename(folder)}: host ${record.host.pid}, agent ${record.processes.map(({ pid }) => pid).join(", ") || "not started"}`,
      ),
      fix: FIX_HINT,
      repair: repair(
        "sessions",
        `end what is left of ${count} and record them as crashed, as the next coordinator would`,
        forEach(orphans, settleOrphan),
      ),
    },
  ];
}

async function leaseFindings({ commonDir, store }: Project): Promise<readonly Finding[]> {
  const folders = [...(await store.list()).map((id) => store.folder(id)), hostFolder(commonDir)];
  const holders = await Promise.all(folders.map(deadHolder));
  const dead = folders.filter((_, index) => holders[index] !== null);
  if (dead.length === 0) return [];
  const count = countText(dead.length, "lease");
  return [
    {
      level: "warn",
      subject: "leases",
      text: `${count} of processes that have died`,
      why: "harmless: the next coordinator or host takes them over",
      evidence: folders.flatMap((folder, index) => {
        const holder = holders[index];
        return holder === null || holder === undefined
          ? []
          : [`${relative(commonDir, folder)}: generation ${holder.generation}, process ${holder.pid}`];
      }),
      fix: FIX_HINT,
      repair: repair("leases", `give back ${count} of processes that have died`, forEach(dead, releaseDead)),
    },
  ];
}

async function fileFindings(project: Project, now: number): Promise<readonly Finding[]> {
  const files = await leftFiles(await ownFolders(project), now);
  if (files.length === 0) return [];
  const count = countText(files.length, "temporary file");
  return [
    {
      level: "warn",
      subject: "files",
      text: `${count} of writes that were interrupted`,
      why: "they take room and mean nothing",
      evidence: files,
      fix: FIX_HINT,
      repair: repair(
        "files",
        `remove ${count} of ours, older than an hour`,
        forEach(files, (path) => removeLeftFile(path, now)),
      ),
    },
  ];
}

/** Folders in which nobody but us writes: state, and git's administration of worktrees that have our record. */
async function ownFolders({ commonDir, store }: Project): Promise<readonly string[]> {
  const root = join(commonDir, "signalbox");
  const workflows = (await store.list()).map((id) => store.folder(id));
  const sessions = await Promise.all(workflows.map(sessionFolders));
  const places = (await recordedPlaces(commonDir)).map(({ admin }) => admin);
  return [root, claimFolder(commonDir), hostFolder(commonDir), ...workflows, ...sessions.flat(), ...places];
}

async function sessionFolders(workflow: string): Promise<readonly string[]> {
  const folder = join(workflow, "sessions");
  return (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
}

function repair(kind: RepairKind, what: string, run: Repair["run"]): Repair {
  return { kind, what, run };
}

/** One after the other; nothing of it needs to be kept. */
function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Repair["run"] {
  return async () => {
    for (const item of items) await work(item);
    return [];
  };
}
